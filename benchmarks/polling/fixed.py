"""The poll at a fixed interval, exactly and without HTTP: what it is compared with.

Each feed is asked at its own phase, all its life and whatever it answers. Like ours it asks
conditionally and remembers where a feed has moved; unlike ours it knows nothing of hosts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random

from benchmarks.polling.answers import Answers, Asked
from benchmarks.polling.ledger import Ledger
from benchmarks.polling.site import DAY, SimulatedFeed


def fixed(feeds: Sequence[SimulatedFeed], days: int, interval: float, seed: int | None) -> Ledger:
    """What the hosts see, and what is found, with `interval` seconds between polls.

    Without a seed, all feeds begin at once.
    """
    ledger, answers, rng = Ledger(), Answers(feeds), Random(f"phases {seed}")
    by_host: dict[str, list[_FixedPoll]] = defaultdict(list)
    for feed in feeds:
        phase = 0.0 if seed is None else rng.uniform(0, interval)
        poll = _FixedPoll(feed, answers, ledger, phase)
        by_host[feed.host.address].append(poll)
    for polls in by_host.values():
        moments = sorted(
            (moment, place)
            for place, poll in enumerate(polls)
            for moment in poll.moments(interval, days * DAY)
        )
        for moment, place in moments:
            polls[place].ask(moment)
    return ledger


class _FixedPoll:
    def __init__(self, feed: SimulatedFeed, answers: Answers, ledger: Ledger, phase: float) -> None:
        self._feed = feed
        self._answers = answers
        self._ledger = ledger
        self._phase = phase
        self._known = Asked(feed.path)
        self._newest = -1

    def moments(self, interval: float, end: float) -> Iterator[float]:
        count = 0
        while (moment := self._phase + count * interval) < end:
            yield moment
            count += 1

    def ask(self, at: float) -> None:
        feed = self._feed
        answer = self._answers.answer(feed.number, self._known, at)
        self._ledger.note(feed.host.address, feed.number, at, answer)
        if answer.status == 301:
            self._known = Asked(answer.headers["Location"])
            self.ask(at + answer.seconds)
        elif answer.status == 200:
            headers = answer.headers
            self._known = Asked(self._known.path, headers.get("ETag"), headers.get("Last-Modified"))
            for place in answer.shown:
                if place > self._newest:
                    self._ledger.find(feed.number, place, at + answer.seconds)
            self._newest = answer.shown[0]
