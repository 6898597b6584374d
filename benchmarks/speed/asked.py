"""Labelled quotes of newsquotes, and what each is asked towards."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from models.stance import Pair
from models.stance.datasets import Example, load_split
from stancewire.watchlist import target_id


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement, and the targets that it is labelled towards."""

    pair: Pair
    targets: tuple[str, ...]

    @property
    def pairs(self) -> list[Pair]:
        return [replace(self.pair, target=target) for target in self.targets]


def labelled(data: Path, split: str, seed: int = 0) -> list[Asked]:
    """All quotes of a split, in random order; DIR is …/data. Raises InputError."""
    found = grouped(load_split(data / "stance", "newsquotes", split))
    return random.Random(seed).sample(found, len(found))


def grouped(examples: Sequence[Example]) -> list[Asked]:
    """One for each quote, with its targets, each once."""
    targets: dict[Pair, dict[str, str]] = {}
    for example in examples:
        its = targets.setdefault(replace(example.pair, target=""), {})
        its.setdefault(target_id(example.pair.target), example.pair.target)
    return [Asked(pair, tuple(its.values())) for pair, its in targets.items()]


def watched(asked: Sequence[Asked], targets: Sequence[str]) -> list[Asked]:
    """Each quote towards all of a watchlist, whatever its labels are."""
    return [replace(each, targets=tuple(targets)) for each in asked]


def first_pairs(asked: Sequence[Asked], count: int) -> list[Asked]:
    """The first quotes, with at least so many pairs together; all of them if there are fewer."""
    taken, pairs = [], 0
    for each in asked:
        if pairs >= count:
            break
        taken.append(each)
        pairs += len(each.targets)
    return taken
