"""Stances for a terminal. What comes from a feed is untrusted: no control character passes."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import click

from stancewire.records import Label, Quote, Speaker, Stance

MARKS: dict[Label, str] = {"favor": "▲", "against": "▼", "neutral": "·"}
COLOURS: dict[Label, str] = {"favor": "green", "against": "red", "neutral": "bright_black"}

INDENT = "    "
# Most statements have nothing to say on most targets.
MAX_NEUTRAL = 3


def plain(text: str) -> str:
    """On one line, without control or direction-changing characters."""
    visible = (c if c.isprintable() else " " for c in text)
    return " ".join("".join(visible).split())


def speaker_label(speaker: Speaker | None) -> str:
    if speaker is None:
        return "(no speaker)"
    name, role = plain(speaker.name), plain(speaker.role or "")
    return f"{name}, {role}" if role else name


def heading(quote: Quote) -> str:
    """The speaker, and what he does with the words if he does not say them."""
    label = speaker_label(quote.speaker)
    return label if quote.polarity == "asserted" else f"{label} ({quote.polarity})"


def line(stance: Stance, width: int) -> str:
    """One stance on one line of `width` characters: label, score, target, speaker, statement."""
    score = stance.scores.best
    head = (
        f"{MARKS[stance.label]} {stance.label:<7} {score:.2f}  "
        f"{plain(stance.target.name)} | {heading(stance.quote)}: "
    )
    text = plain(stance.quote.text)
    room = max(width - len(head), 20)
    return click.style(head, fg=COLOURS[stance.label]) + textwrap.shorten(
        text, room, placeholder="…"
    )


def card(stances: Sequence[Stance], width: int) -> str:
    """All stances of one statement: who, what, then a line a target; neutral ones share one."""
    quote = stances[0].quote
    lines = [click.style(heading(quote), bold=True)]
    wrapped = textwrap.wrap(plain(quote.text), max(width - len(INDENT), 20))
    lines += [INDENT + part for part in wrapped]
    for stance in stances:
        if stance.label != "neutral":
            score = stance.scores.best
            row = f"{MARKS[stance.label]} {stance.label:<7} {score:.2f}  "
            colour = COLOURS[stance.label]
            lines.append(INDENT + click.style(row, fg=colour) + plain(stance.target.name))
    neutral = [plain(s.target.name) for s in stances if s.label == "neutral"]
    if neutral:
        shown = ", ".join(neutral) if len(neutral) <= MAX_NEUTRAL else f"{len(neutral)} targets"
        row = f"{MARKS['neutral']} neutral       {shown}"
        lines.append(click.style(INDENT + row, fg=COLOURS["neutral"]))
    return "\n".join(lines)
