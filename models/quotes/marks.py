"""Pairs quotation marks of any style into the outermost quotations of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from stancewire.records import Span

DOUBLE = "double"
SINGLE = "single"
GUILLEMET = "guillemet"
CORNER = "corner"

_MARK = re.compile(r"''|``|[\"“”„‟＂'‘’‚‛`«»‹›「」『』]")
_PARAGRAPH = re.compile(r"[^\n]+")
_FAMILY = {
    **dict.fromkeys(("''", "``", '"', "“", "”", "„", "‟", "＂"), DOUBLE),
    **dict.fromkeys(("'", "‘", "’", "‚", "‛", "`"), SINGLE),
    **dict.fromkeys("«»‹›", GUILLEMET),
    **dict.fromkeys("「」『』", CORNER),
}
_ALWAYS_OPEN = frozenset(("``", "„", "‚", "「", "『"))
_ALWAYS_CLOSE = frozenset("」』")
_OPENING = frozenset("“‟‘‛«‹`")
_CLOSING = frozenset("”’»›")
_BEFORE_OPEN = frozenset("([{—–-/:;,…")
# Words that begin with an apostrophe: it opens nothing.
_ELIDED = re.compile(r"(?:em|til|tis|twas|cause|bout|round|n|cuz|nuff|\d0s|\d\d)\b", re.IGNORECASE)
# Fewer curly marks for each straight one leave open which of them the text is set in.
_CURLY_LEAD = 4
# A mark that never closes is only believed where a paragraph or a clause begins with it.
_INTRODUCED = re.compile(r"(?:^|[:,]\s*)$")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation, marks included: one piece for each paragraph that it runs through."""

    pieces: tuple[Span, ...]

    @property
    def start(self) -> int:
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        return self.pieces[-1][1]


@dataclass(slots=True)
class _Mark:
    text: str
    start: int
    end: int
    family: str
    may_open: bool
    may_close: bool
    doubtful: bool = False
    """Could as well be an apostrophe or an inch sign."""


@dataclass(slots=True)
class _Paragraph:
    start: int
    end: int
    pairs: list[tuple[_Mark, _Mark]] = field(default_factory=list)
    unclosed: _Mark | None = None
    unopened: _Mark | None = None
    first: _Mark | None = None


def is_mark(sign: str) -> bool:
    """Whether a character is a quotation mark of some style."""
    return sign in _FAMILY


def is_single(sign: str) -> bool:
    """Whether a character is a single quotation mark or an apostrophe."""
    return _FAMILY.get(sign) == SINGLE


def find_quotations(text: str) -> list[Quotation]:
    """The outermost quotations in the order of the text, in linear time."""
    paragraphs = [_read_paragraph(text, match) for match in _PARAGRAPH.finditer(text)]
    paragraphs = [paragraph for paragraph in paragraphs if paragraph.start < paragraph.end]
    stray = _straight_are_stray(text)
    found: list[Quotation] = []
    running: list[Span] = []
    for index, paragraph in enumerate(paragraphs):
        following = paragraphs[index + 1] if index + 1 < len(paragraphs) else None
        floor = paragraph.start
        if running and (closer := paragraph.unopened) is not None:
            found.append(Quotation((*running, (paragraph.start, closer.end))))
            running, floor = [], closer.end
        left_open = paragraph.unclosed
        if left_open is not None and left_open.text == '"' and stray:
            left_open = None
        if left_open is not None and not (
            _continues(left_open, following) or running or _believed(text, paragraph, left_open)
        ):
            left_open = None
        for opener, closer in _outermost(paragraph.pairs):
            if opener.start < floor:
                continue
            if left_open is not None and opener.start > left_open.start:
                break
            piece = (opener.start, closer.end)
            if running:
                found.append(Quotation((*running, piece)))
                running = []
            else:
                found.append(Quotation((piece,)))
            floor = closer.end
        if left_open is not None and left_open.start >= floor:
            piece = (left_open.start, paragraph.end)
            if _continues(left_open, following):
                running.append(piece)
            else:
                found.append(Quotation((*running, piece)))
                running = []
        elif running:
            found.append(Quotation(tuple(running)))
            running = []
    return found


def _straight_are_stray(text: str) -> bool:
    """Whether the text is set in curly marks, so that a straight one without a partner is debris.

    Some sites open each section with one.
    """
    return text.count("“") + text.count("”") >= _CURLY_LEAD * max(1, text.count('"'))


def _continues(unclosed: _Mark, following: _Paragraph | None) -> bool:
    """Whether the next paragraph carries an unclosed quotation on."""
    if following is None:
        return False
    if following.unopened is not None and following.unopened.family == unclosed.family:
        return True
    first = following.first
    return (
        first is not None
        and first.start == following.start
        and first.family == unclosed.family
        and first.may_open
    )


def _believed(text: str, paragraph: _Paragraph, unclosed: _Mark) -> bool:
    if unclosed.family == SINGLE:
        return False
    if any(opener.start > unclosed.start for opener, _ in paragraph.pairs):
        return False
    if unclosed.start == paragraph.start:
        return True
    # A few characters tell whether the mark comes after ": " or ", ".
    before = text[max(paragraph.start, unclosed.start - 3) : unclosed.start]
    if _INTRODUCED.search(before) is not None:
        return True
    # `"…," she said. "…`: the second half of what an earlier pair began.
    split = any(closer.family == unclosed.family for _, closer in paragraph.pairs)
    return (
        split
        and before[-2:-1] in (".", "?", "!")
        and text[unclosed.end : unclosed.end + 1].isupper()
    )


def _outermost(pairs: list[tuple[_Mark, _Mark]]) -> Iterator[tuple[_Mark, _Mark]]:
    end = -1
    for opener, closer in sorted(pairs, key=lambda pair: pair[0].start):
        if opener.start >= end:
            yield opener, closer
            end = closer.end


def _read_paragraph(text: str, match: re.Match[str]) -> _Paragraph:
    line = match.group()
    start = match.start() + len(line) - len(line.lstrip())
    end = match.start() + len(line.rstrip())
    paragraph = _Paragraph(start, end)
    marks = _read_marks(text, start, end)
    if not marks:
        return paragraph
    paragraph.first = marks[0]
    _pair(paragraph, marks)
    return paragraph


def _read_marks(text: str, start: int, end: int) -> list[_Mark]:
    marks: list[_Mark] = []
    for match in _MARK.finditer(text, start, end):
        mark = _shape(text, match, start, end)
        # After an equals sign it sets off a value in markup.
        if (mark.may_open or mark.may_close) and text[mark.start - 1 : mark.start] != "=":
            marks.append(mark)
    return marks


def _shape(text: str, match: re.Match[str], start: int, end: int) -> _Mark:
    """What the characters around a mark allow it to be."""
    raw, at, after = match.group(), match.start(), match.end()
    family = _FAMILY[raw]
    before = text[at - 1] if at > start else " "
    behind = text[after] if after < end else " "
    open_shape = (before.isspace() or before in _BEFORE_OPEN or before in _FAMILY) and (
        not behind.isspace()
    )
    close_shape = not before.isspace() and not behind.isalnum()
    if raw in _ALWAYS_OPEN:
        return _Mark(raw, at, after, family, True, False)
    if raw in _ALWAYS_CLOSE:
        return _Mark(raw, at, after, family, False, True)
    if family == GUILLEMET:
        return _Mark(raw, at, after, family, True, True)
    if family == SINGLE:
        opens = open_shape and raw != "’" and _ELIDED.match(text, after) is None
        closes = close_shape and raw not in ("‘", "`")
        doubtful = closes and before in "sSzZxX" and behind == " "
        return _Mark(raw, at, after, family, opens, closes, doubtful)
    if raw in _OPENING:
        return _Mark(raw, at, after, family, not before.isalnum() or not close_shape, close_shape)
    if raw in _CLOSING:
        return _Mark(raw, at, after, family, open_shape and not close_shape, True)
    loose_open = open_shape or (not before.isalnum() and not behind.isspace())
    inches = before.isdigit() and behind == " "
    return _Mark(raw, at, after, family, loose_open, not open_shape or close_shape, inches)


def _closed_later(marks: list[_Mark]) -> list[bool]:
    """For each mark, whether the next of its family closes rather than opens."""
    later: list[bool] = [False] * len(marks)
    following: dict[str, bool] = {}
    for index in range(len(marks) - 1, -1, -1):
        mark = marks[index]
        later[index] = following.get(mark.family, False)
        following[mark.family] = mark.may_close and not (mark.may_open and not mark.doubtful)
    return later


def _closes(mark: _Mark, opener: _Mark | None, closed_later: bool) -> bool:
    if opener is None or not mark.may_close:
        return False
    if mark.doubtful and closed_later:
        return False
    if mark.family == GUILLEMET:
        return mark.text != opener.text
    if mark.text in ("“", "‘"):
        # Closes low-9 marks; elsewhere it is a second opening mark.
        return opener.text in ("„", "‚")
    return True


def _pair(paragraph: _Paragraph, marks: list[_Mark]) -> None:
    later = _closed_later(marks)
    stack: list[_Mark] = []
    open_of: dict[str, list[_Mark]] = {}
    for mark, closed_later in zip(marks, later, strict=True):
        openers = open_of.setdefault(mark.family, [])
        opener = openers[-1] if openers else None
        reopens = mark.may_open and mark.text == '"' and not mark.may_close
        if not reopens and _closes(mark, opener, closed_later):
            assert opener is not None
            while stack:
                top = stack.pop()
                open_of[top.family].pop()
                if top is opener:
                    break
            paragraph.pairs.append((opener, mark))
        elif mark.may_open:
            stack.append(mark)
            openers.append(mark)
        elif (
            mark.family != SINGLE
            and not mark.doubtful
            and not stack
            and not paragraph.pairs
            and paragraph.unopened is None
        ):
            paragraph.unopened = mark
    paragraph.unclosed = next((mark for mark in stack if mark.family != SINGLE), None)
    if paragraph.unclosed is None and stack:
        paragraph.unclosed = stack[0]
