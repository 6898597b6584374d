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
_WORD = re.compile(r"[^\W_]+")

_FUNCTION_WORDS = frozenset(
    _WORD.findall(
        "a about after against all an and any are as at be been before but by can could did do "
        "does for from had has have he her his how i if in into is it its more no not of on or "
        "other our out over she should so such than that the their them there they this those "
        "to under up was we were what when which who will with would you your"
    )
)


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


def content_words(text: str) -> set[str]:
    """Its words in lower case, without function words and single letters."""
    return {
        word
        for word in _WORD.findall(text.lower())
        if len(word) > 1 and word not in _FUNCTION_WORDS
    }
