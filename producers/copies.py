"""Which articles are copies of one that came before: a wire story in ten papers."""

from __future__ import annotations

import re
from array import array
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from rensa import RMinHash, RMinHashLSH

from stancewire.records import Article

WORD = re.compile(r"\w+")
# Five words in a row are rarely the same by chance.
SHINGLE_WORDS = 5
# Notices, live tickers' entries and the like are too short to tell a copy from a form letter.
MIN_WORDS = 60
# Papers cut and head a story; what shares less than this may be another story on the same event.
MIN_SIMILARITY = 0.75
# Reports that a program fills in share all but their names and figures; of the names and figures of
# one, so many must be in the other. A paper may add the time of its update.
MIN_NAMES = 0.8
MIN_FIGURES = 0.5
# Kept of each article, four bytes of hash a word: enough to tell reports apart.
MAX_NAMES = 100
MAX_FIGURES = 50
# The estimate's standard error is 4 points at the threshold; 16 bands of 8 find what shares 0.75 in
# 81 % of cases, 0.85 in 99 %, and 0.5 in 6 %, which the estimate then refuses (Leskovec et al.,
# "Mining of Massive Datasets", section 3.4).
PERMUTATIONS = 128
BANDS = 16
# Two days of a thousand feeds; some 3 KB each.
MAX_ARTICLES = 20_000


@dataclass(frozen=True, slots=True)
class Print:
    """What an article is recognised by: a sketch of its wording, its names and its figures."""

    sketch: RMinHash
    names: bytes
    figures: bytes

    def resembles(self, other: Print) -> bool:
        """Whether one's names and figures are mostly the other's."""
        return (
            _overlap(self.names, other.names) >= MIN_NAMES
            and _overlap(self.figures, other.figures) >= MIN_FIGURES
        )


def fingerprint(text: str) -> Print | None:
    """What the text is recognised by; None if it is too short."""
    words = WORD.findall(text)
    if len(words) < MIN_WORDS:
        return None
    folded = [word.casefold() for word in words]
    runs = {" ".join(folded[at : at + SHINGLE_WORDS]) for at in range(len(words))}
    sketch = RMinHash(PERMUTATIONS, 1)
    sketch.update(list(runs))
    names = {word for word in words if word[0].isupper()}
    figures = {word for word in words if any(map(str.isdecimal, word))}
    return Print(sketch, _packed(names, MAX_NAMES), _packed(figures, MAX_FIGURES))


def _packed(words: set[str], limit: int) -> bytes:
    """The smallest hashes of the words, which are the same for the same words."""
    return array("I", sorted(crc32(word.encode()) for word in words)[:limit]).tobytes()


def _overlap(left: bytes, right: bytes) -> float:
    """The share of the smaller set that is in the other; 1 if it is empty."""
    ours, theirs = set(memoryview(left).cast("I")), set(memoryview(right).cast("I"))
    smaller = min(len(ours), len(theirs))
    return len(ours & theirs) / smaller if smaller else 1.0


@dataclass(frozen=True, slots=True)
class _Known:
    """An article in the window: its number in the index, what it says, and which came first."""

    number: int
    revision: int
    at: datetime
    print: Print | None
    first: str


class Copies:
    """Articles of the last `window`, at the most `limit` of them: the oldest are forgotten.

    Wording is compared by MinHash, found by locality-sensitive hashing (Broder 1997, "On the
    resemblance and containment of documents").
    """

    def __init__(self, window: timedelta, limit: int = MAX_ARTICLES) -> None:
        self._window = window
        self._limit = limit
        self._index = RMinHashLSH(0.0, PERMUTATIONS, BANDS)
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._ids: dict[int, str] = {}
        self._next = 0

    def __len__(self) -> int:
        return len(self._known)

    def add(self, article: Article) -> str | None:
        """Remembers an article; gives the id of the first that it is a copy of, if it is one.

        A revision takes the place of what it revises, and is no copy of it. Of an article that is
        known the same is said again.
        """
        known = self._known.get(article.id)
        if known is None or known.revision < article.revision:
            self._forget(article.id)
            print_ = fingerprint(article.text)
            first = article.duplicate_of or (self._first(print_) if print_ else None)
            known = _Known(
                self._next, article.revision, article.fetched_at, print_, first or article.id
            )
            self._next += 1
            self._known[article.id] = known
            self._ids[known.number] = article.id
            if print_:
                self._index.insert(known.number, print_.sketch)
            while len(self._known) > self._limit or self._is_over(article.fetched_at):
                self._forget(next(iter(self._known)))
        return known.first if known.first != article.id else None

    def _first(self, print_: Print) -> str | None:
        found = []
        for number in self._index.query(print_.sketch):
            known = self._known[self._ids[number]]
            if known.print and print_.resembles(known.print):
                similarity = print_.sketch.jaccard(known.print.sketch)
                if similarity >= MIN_SIMILARITY:
                    found.append((similarity, -number, known.first))
        return max(found)[2] if found else None

    def _is_over(self, now: datetime) -> bool:
        return next(iter(self._known.values())).at < now - self._window

    def _forget(self, article_id: str) -> None:
        known = self._known.pop(article_id, None)
        if known:
            del self._ids[known.number]
            if known.print:
                self._index.remove(known.number)
