"""Articles to quotes, quotes to stances, and the subscribers of the result."""
