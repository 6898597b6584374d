"""Consume, transform, produce: the topics, their messages, and the loop that loses nothing."""
