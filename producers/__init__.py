"""Feeds and documents in, articles out."""
