"""Attributed statements out of plain text."""
