"""The models: articles to statements, statements and targets to stances. No I/O but weights."""
