"""Which targets each quote is judged against: the listed, the gated, and those that it names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from models.stance.gate import Encoder, Gate
from models.stance.pair import Pair
from stancewire.records import Quote
from stancewire.watchlist import Target, Watchlist, target_id


class Chooser(Protocol):
    """Says which places of a list each quote may speak to."""

    def choose(self, quotes: Sequence[Pair]) -> list[list[int]]: ...


class Watched:
    """A watchlist, and the gate to it where it is long."""

    def __init__(self, watchlist: Watchlist, gate: Chooser | None = None) -> None:
        self._watchlist = watchlist
        self._gate = gate
        self._ids = {target.id for target in watchlist.targets}
        self._places = {
            name.casefold(): place
            for place, target in enumerate(watchlist.targets)
            for name in (target.name, *target.aliases)
        }

    def by(self, quotes: Sequence[Quote]) -> list[tuple[Target, ...]]:
        """For each quote the listed targets, with a gate only those that pass it.

        After them, where the watchlist says so, the entities of the quote that none of them covers.

        Raises:
            ModelError: the gate failed on a quote.
        """
        listed = [self._watchlist.targets] * len(quotes)
        if self._gate is not None:
            passed = self._gate.choose([pair_of(quote, target="") for quote in quotes])
            listed = [
                tuple(self._watchlist.targets[place] for place in sorted({*its, *self._met(quote)}))
                for quote, its in zip(quotes, passed, strict=True)
            ]
        if not self._watchlist.entities:
            return listed
        return [(*its, *self._named(quote)) for quote, its in zip(quotes, listed, strict=True)]

    def pair(self, quote: Quote, target: Target) -> Pair:
        """What the classifier is asked about a quote and one of its targets."""
        # What a quote names is spoken of, however long the list is.
        met = {self._watchlist.targets[place].id for place in self._met(quote)}
        if self._gate is None or target.id in met or target.id not in self._ids:
            return pair_of(quote, target.name)
        return pair_of(quote, target.name, target.phrases, among=len(self._watchlist.targets))

    def _met(self, quote: Quote) -> list[int]:
        """Places of listed targets that the quote names, if only by the last name."""
        names = [entity.name.casefold() for entity in quote.entities]
        return [self._places[name] for name in names if name in self._places]

    def _named(self, quote: Quote) -> list[Target]:
        found: dict[str, Target] = {}
        for entity in quote.entities:
            target = Target(id=f"entity-{target_id(entity.name)}", name=entity.name)
            if target.name.casefold() not in self._places and target.id not in self._ids:
                found.setdefault(target.id, target)
        return list(found.values())


def watch(watchlist: Watchlist, nearest: int, encoder: Encoder) -> Watched:
    """Puts a gate before a watchlist of more targets than a quote is judged against.

    Raises:
        ModelError: the encoder failed on a target.
    """
    if len(watchlist.targets) <= nearest:
        return Watched(watchlist)
    phrases = [[target.name, *target.phrases] for target in watchlist.targets]
    return Watched(watchlist, Gate(encoder, phrases, nearest))


def pair_of(quote: Quote, target: str, aliases: tuple[str, ...] = (), among: int = 1) -> Pair:
    """What the classifier is asked; `stancewire classify` with the same fields asks the same."""
    return Pair(
        quote=quote.text,
        target=target,
        aliases=aliases,
        among=among,
        speaker=quote.speaker.name if quote.speaker else None,
        context=quote.context,
        polarity=quote.polarity,
    )
