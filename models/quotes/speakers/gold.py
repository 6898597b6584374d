"""Judges speakers by hand-made gold: offsets into PolNeAR's articles, never their text."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from stancewire.errors import InputError
from stancewire.records import Span, Speaker

GOLD = Path(__file__).with_name("data")

# Of the split of that name; held-out is of train articles that no rule was written by.
SETS = ("dev", "train", "held-out")

MENTION_TYPES = ("pronoun", "description", "name")


@dataclass(frozen=True, slots=True)
class GoldSpeaker:
    """Whom a source stands for.

    `names` are forms of the name, the fullest first, or the names of several people (`plural`);
    where the article gives none, `descriptions` say who it is.
    """

    doc: str
    mention: Span
    type: str
    names: tuple[Span, ...]
    descriptions: tuple[Span, ...]
    plural: bool

    def judge(self, speaker: Speaker | None, text: str) -> bool:
        """Whether a speaker is right: no speaker is wrong where the article names one."""
        names = [plain(text[start:end]) for start, end in self.names]
        if names and speaker is not None and self.plural:
            given = plain(speaker.name)
            if all(name in given for name in names):
                return True
        elif names and speaker is not None and plain(speaker.name) in names:
            return True
        if not self.descriptions:
            return not names and speaker is None
        if speaker is None:
            return not names
        given = plain(speaker.name)
        return any(
            given in plain(text[start:end]) or plain(text[start:end]) in given
            for start, end in self.descriptions
        )


def plain(name: str) -> str:
    """A name without case, accents, punctuation and leading article: "the F.B.I." is "fbi"."""
    letters = unicodedata.normalize("NFKD", name).casefold().replace("'s", "").replace("’s", "")
    kept = re.sub(r"[^\w\s]", "", letters)
    return re.sub(r"^(?:the|an?)\s+", "", " ".join(kept.split()))


def read_gold(name: str) -> list[GoldSpeaker]:
    """One of the sets.

    Raises:
        InputError: there is none of the name, or a line is malformed.
    """
    path = GOLD / f"{name}.jsonl"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InputError("no such labelled speakers", file=path) from error
    return [_read(line, path, number) for number, line in enumerate(lines, start=1)]


def _read(line: str, path: Path, number: int) -> GoldSpeaker:
    try:
        row = json.loads(line)
        descriptions = [row[key] for key in ("head", "antecedent") if row.get(key)]
        return GoldSpeaker(
            row["doc"],
            (row["mention"][0], row["mention"][1]),
            row["type"],
            tuple((start, end) for start, end in row["names"]),
            tuple((start, end) for start, end in descriptions),
            bool(row.get("plural", False)),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"not a speaker: {error!r}", file=path, line=number) from error
