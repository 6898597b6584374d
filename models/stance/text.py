"""How a pair becomes the two sequences that a cross-encoder reads: the same everywhere."""

from __future__ import annotations

import re
from functools import lru_cache

from models.stance.pair import Pair

# Feeds mix typographic and plain marks; the stance does not depend on the typesetter.
_PLAIN_MARKS = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "\u00a0": " "}
)
_DOUBLED = re.compile(r"``|''")
# Enough words of a quote to find it by, few enough to stand unbroken in its context.
EDGE_WORDS = 3

# A cue, its subject and what a pronoun stands for come before most quotes; after them a cue.
WORDS_BEFORE = 24
WORDS_AFTER = 8

_EDGES = " \"',.;:"

_SPOKEN = re.compile(r'(?<!\S)"(?=\S)[^"]*"')
_SPOKEN_BEFORE = re.compile(r'[^"]*[^"\s]"(?!\w)')

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


def encode_text(pair: Pair, with_context: bool = False) -> tuple[str, str]:
    """The first sequence (`speaker: quote [before … after]`) and the second (the target).

    Only weights that were trained with the context read it.
    """
    # Where the cue denies or withholds the words, the words alone are what is classified.
    told = pair.context if with_context and pair.polarity == "asserted" else None
    return _first(pair.quote, pair.speaker or "", told or ""), plain(pair.target)


# A quote's pairs come one after another, and each is read by the cache, the gate and the network.
@lru_cache(maxsize=128)
def _first(quote: str, speaker: str, context: str) -> str:
    said, who = plain(quote), plain(speaker)
    first = f"{who}: {said}" if who else said
    around = surroundings(said, plain(context))
    return f"{first} [{around}]" if around else first


def surroundings(quote: str, context: str) -> str:
    """The words of a context next to a quote, which has an ellipsis in its place.

    They hold the cue ("criticised", "endorsed") and what pronouns stand for; what others are
    quoted with is left out, for it would be read as the speaker's. Empty where the context does
    not hold the quote's first and last words. Both texts are plain.
    """
    place = _find(quote.strip(_EDGES), context)
    if place is None:
        return ""
    start, end = place
    before = narration(context[:start].rstrip(_EDGES)).split(" ")[-WORDS_BEFORE:]
    after = narration(context[end:].strip(_EDGES)).split(" ")[:WORDS_AFTER]
    return " ".join((*before, "…", *after)).strip() if any(before) or any(after) else ""


def _find(quote: str, context: str) -> tuple[int, int] | None:
    """Where the quote stands, whole or, if it is put together from pieces, from first to last."""
    words = quote.split()
    if not words:
        return None
    # What a short quote repeats stands before it more often than after it.
    whole = context.rfind(quote)
    if whole >= 0:
        return whole, whole + len(quote)
    start = context.find(" ".join(words[:EDGE_WORDS]))
    last = " ".join(words[-EDGE_WORDS:])
    end = context.find(last, start + max(0, len(quote) - len(last)) // 2) if start >= 0 else -1
    return (start, end + len(last)) if end >= 0 else None


def narration(text: str) -> str:
    """A plain text without what is quoted in it; the first quotation may lack its beginning."""
    begun = _SPOKEN_BEFORE.match(text)
    rest = text[begun.end() :] if begun else text
    return _SPACE.sub(" ", _SPOKEN.sub(" ", rest)).strip()


def content_words(text: str) -> set[str]:
    """Its words in lower case, without function words and single letters."""
    return {
        word
        for word in _WORD.findall(text.lower())
        if len(word) > 1 and word not in _FUNCTION_WORDS
    }
