"""Identifiers that are the same on every run and every machine."""

from __future__ import annotations

import hashlib

# 128 bits: a collision among a billion articles has odds of about 1 in 10^21.
ID_HEX_DIGITS = 32


def stable_id(*parts: str | int) -> str:
    """A hash of the parts in their order, in hex; ("a", "bc") and ("ab", "c") differ."""
    digest = hashlib.sha256()
    for part in parts:
        data = str(part).encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()[:ID_HEX_DIGITS]


def content_hash(title: str | None, text: str) -> str:
    """SHA-256 of what a reader would see change, in hex."""
    joined = f"{title or ''}\n{text}"
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()
