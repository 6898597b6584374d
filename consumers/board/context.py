"""A statement where it stands: its paragraphs, with quote, cue and speaker marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
# Enough to see what was asked and what was answered.
AROUND = 1


def paragraphs(text: str, quote: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The paragraphs that hold the quote, and those around; marks are in code points of each."""
    marks = list(_marks(quote))
    spans = [(found.start(), found.end()) for found in PARAGRAPH.finditer(text)]
    held = [
        place
        for place, (start, end) in enumerate(spans)
        if any(kind == "quote" and first < end and last > start for first, last, kind in marks)
    ]
    if not held:
        return []
    shown = spans[max(held[0] - AROUND, 0) : held[-1] + 1 + AROUND]
    return [
        {
            "text": text[start:end],
            "marks": [
                {"start": max(first, start) - start, "end": min(last, end) - start, "kind": kind}
                for first, last, kind in marks
                if first < end and last > start
            ],
        }
        for start, end in shown
    ]


def _marks(quote: Mapping[str, Any]) -> Iterator[tuple[int, int, str]]:
    for start, end in quote["spans"]:
        yield start, end, "quote"
    if quote["cue"]:
        start, end = quote["cue"]["span"]
        yield start, end, "cue"
    if quote["speaker"]:
        start, end = quote["speaker"]["mention_span"]
        yield start, end, "speaker"
