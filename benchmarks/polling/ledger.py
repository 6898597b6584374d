"""What hosts have seen of a poller, and what the poller has found."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.polling.answers import Answer
from producers.fetch import DEADLINE_SECONDS
from stancewire.settings import HOST_PAUSE_S

# Sums of seconds are off by less.
TOLERANCE_S = 1e-6
GONE = 410


@dataclass(slots=True)
class Ledger:
    """All counts of one poller.

    `shown` are the entries in the answers, by feed and place; `found` those that became articles,
    and when they first did; `twice` counts those that did again. `hurried` are requests within the
    pause after the host's last answer, `intruding` those within the time that the host asked for,
    `needless` those of a feed that said that it is gone.
    """

    requests: Counter[int] = field(default_factory=Counter)
    received: int = 0
    saved: int = 0
    hurried: int = 0
    intruding: int = 0
    needless: int = 0
    shown: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    found: dict[int, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    twice: int = 0
    _free_at: dict[str, float] = field(default_factory=dict, compare=False)
    _closed_until: dict[str, float] = field(default_factory=dict, compare=False)
    _gone: set[int] = field(default_factory=set, compare=False)

    def note(self, host: str, number: int, at: float, answer: Answer) -> None:
        """One request, in order of time by host; nobody waits longer than the deadline."""
        self.requests[number] += 1
        self.hurried += at < self._free_at.get(host, at) - TOLERANCE_S
        self.intruding += at < self._closed_until.get(host, at) - TOLERANCE_S
        self.needless += number in self._gone
        if answer.status is not None:
            self.received += len(answer.head()) + len(answer.body)
        self.saved += answer.saved
        self.shown[number].update(answer.shown)
        if answer.status == GONE:
            self._gone.add(number)
        ended = at + min(answer.seconds, DEADLINE_SECONDS)
        self._free_at[host] = max(self._free_at.get(host, 0.0), ended + HOST_PAUSE_S)
        if answer.closed_seconds:
            self._closed_until[host] = ended + answer.closed_seconds

    @property
    def lost(self) -> int:
        """Entries that an answer held and that became no article."""
        return sum(len(its - self.found[number].keys()) for number, its in self.shown.items())

    def find(self, number: int, place: int, at: float) -> None:
        its = self.found[number]
        self.twice += place in its
        its.setdefault(place, at)


def merged(ledgers: Iterable[Ledger]) -> Ledger:
    """The counts of pollers that share the feeds by host."""
    whole = Ledger()
    for each in ledgers:
        whole.requests += each.requests
        whole.received += each.received
        whole.saved += each.saved
        whole.hurried += each.hurried
        whole.intruding += each.intruding
        whole.needless += each.needless
        whole.shown |= each.shown
        whole.found |= each.found
        whole.twice += each.twice
    return whole
