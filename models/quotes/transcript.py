"""Transcripts: paragraphs that open with their speaker's name and a colon."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from models.quotes.marks import is_mark
from models.quotes.reading import Attribution
from stancewire.records import Span

_PARAGRAPH = re.compile(r"\S[^\n]*")
_LABEL = re.compile(r"([A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){0,3}):\s+(?=\S)")

TURN_RULE = "turn"

# Turns are read by paragraphs.
NO_SENTENCE = -2

# A headline may open with a name and a colon; turns come several at a time.
MIN_TURNS = 3


def find_turns(text: str) -> list[Attribution]:
    """One attribution a turn, in the order of the text; none unless two people take turns.

    Names are set in capitals, or each comes twice at least. Where the transcript stands in
    quotation marks, a paragraph that opens with one goes on with the turn before it.
    """
    labelled = [(match, _label(text, match.span())) for match in _PARAGRAPH.finditer(text)]
    names = Counter(label.group(1) for _, label in labelled if label is not None)
    speakers = {name for name, count in names.items() if name.isupper() or count > 1}
    turns = sum(names[name] for name in speakers)
    if len(speakers) < 2 or turns < MIN_TURNS:
        return []
    return list(_turns(text, labelled, speakers))


def _label(text: str, paragraph: Span) -> re.Match[str] | None:
    return _LABEL.match(text, paragraph[0] + is_mark(text[paragraph[0]]), paragraph[1])


def _turns(
    text: str,
    labelled: list[tuple[re.Match[str], re.Match[str] | None]],
    speakers: set[str],
) -> Iterator[Attribution]:
    turn: Attribution | None = None
    in_marks = False
    for paragraph, label in labelled:
        start, end = paragraph.span()
        end = start + len(paragraph.group().rstrip())
        marked = is_mark(text[start])
        if label is not None and label.group(1) in speakers:
            if turn is not None:
                yield turn
            words = label.end(), end - (marked and is_mark(text[end - 1]))
            source, colon = label.span(1), (label.end(1), label.end(1) + 1)
            in_marks = marked
            turn = Attribution([words], source, colon, TURN_RULE, NO_SENTENCE, (start, words[0]))
        elif turn is not None and marked and in_marks:
            if text[start + 1 : start + 2] not in ("(", "["):
                turn.contents.append((start + 1, end - is_mark(text[end - 1])))
        elif turn is not None:
            yield turn
            turn = None
    if turn is not None:
        yield turn
