"""How a pair becomes the two sequences that a cross-encoder reads: the same everywhere."""

from __future__ import annotations

import re

from models.stance.pair import Pair

# Feeds mix typographic and plain marks; the stance does not depend on the typesetter.
_PLAIN_MARKS = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "\u00a0": " "}
)
_DOUBLED = re.compile(r"``|''")
_SPACE = re.compile(r"\s+")


def plain(text: str) -> str:
    """The text on one line, with straight quotation marks."""
    # JSON can escape half of a surrogate pair, which is no character and breaks tokenizers.
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return _SPACE.sub(" ", _DOUBLED.sub('"', whole.translate(_PLAIN_MARKS))).strip()


def encode_text(pair: Pair) -> tuple[str, str]:
    """The first sequence (`speaker: quote`) and the second (the target)."""
    quote = plain(pair.quote)
    speaker = plain(pair.speaker or "")
    return (f"{speaker}: {quote}" if speaker else quote), plain(pair.target)
