"""Statements whose stance lies in the words around them: "decried ruling out the tram"."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from models.stance.pair import Pair
from stancewire.records import Label

CUED = Path(__file__).with_name("data") / "cued.json"

# Shares of the kinds of sentence; the rest are evaluative cues.
NEUTRAL_CUES, VERDICTS = 0.15, 0.3

# Share of sentences with another sentence before them.
PRECEDED = 0.6

# Share of pairs whose target is another subject than the sentence's.
ELSEWHERE = 0.1

_OPPOSITE: dict[Label, Label] = {"favor": "against", "against": "favor", "neutral": "neutral"}


def cued_pairs(targets: Sequence[str], count: int, seed: int = 0) -> list[tuple[Pair, Label]]:
    """So many invented statements towards some of the targets, with their labels; always the same.

    A cue and what it applies to each have a direction, and the stance is their product. The quote
    is what stands after the cue, as an extractor lifts it; the cue is in the context alone.
    """
    rng = random.Random(seed)
    made = [_verdict if rng.random() < VERDICTS else _cue for _ in range(count)]
    return [make(rng, targets) for make in made]


@cache
def _words() -> Any:
    return json.loads(CUED.read_text(encoding="utf-8"))


def _cue(rng: random.Random, targets: Sequence[str]) -> tuple[Pair, Label]:
    words, target = _words(), rng.choice(targets)
    about: Label = rng.choice(["favor", "against"])
    content = rng.choice(words["contents"][about]).format(t=target)
    cue: Label = "neutral" if rng.random() < NEUTRAL_CUES else rng.choice(["favor", "against"])
    label = cue if about == "favor" else _OPPOSITE[cue]
    told = f"{rng.choice(words['cues'][cue])} {content} {rng.choice(words['after'])}"
    return _finished(rng, content, told, target, label, targets)


def _verdict(rng: random.Random, targets: Sequence[str]) -> tuple[Pair, Label]:
    words, target = _words(), rng.choice(targets)
    label: Label = rng.choice(["favor", "against", "against", "favor", "neutral"])
    named = rng.random() < 0.5
    thing = target if named else rng.choice(words["things"])
    content = f"{thing} “{rng.choice(words['verdicts'][label])}.”"
    return _finished(rng, content, f"called {content}", target, label, targets, named)


def _finished(
    rng: random.Random,
    content: str,
    told: str,
    target: str,
    label: Label,
    targets: Sequence[str],
    named: bool = True,
) -> tuple[Pair, Label]:
    """With a speaker and, always where the target is not named, a sentence before."""
    words = _words()
    speaker, other = rng.sample(words["speakers"], 2)
    context = f"{speaker[0].upper()}{speaker[1:]} {told}"
    if not named or rng.random() < PRECEDED:
        # What is quoted is not read, so it cannot be what tells the target.
        before = [one for one in words["before"] if named or "{o}" not in one]
        context = f"{rng.choice(before).format(t=target, o=other)} {context}"
    if rng.random() < ELSEWHERE:
        elsewhere = [one for one in targets if one not in context]
        if elsewhere:
            target, label = rng.choice(elsewhere), "neutral"
    return Pair(content, target, speaker, context), label
