"""Attributed statements out of plain text."""

from __future__ import annotations

from models.quotes.load import load_extractor
from models.quotes.statement import Document, QuoteExtractor, Statement

__all__ = ["Document", "QuoteExtractor", "Statement", "load_extractor"]
