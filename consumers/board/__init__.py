"""The board: what was said, kept so that it can be looked at while it comes in."""
