"""From what pollers did to a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from statistics import mean, median, quantiles

from benchmarks.polling.ledger import Ledger
from benchmarks.polling.site import DAY, SimulatedFeed

# Feeds by entries a day, each class from the one before up to its own figure.
CLASSES = {"fewer than 1": 1.0, "1 to 24": 24.0, "24 and more": inf}


@dataclass(slots=True)
class Delays:
    """Minutes from an entry's appearance to its article, by class of feed; `missed` have none."""

    minutes: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in CLASSES})
    missed: int = 0

    @property
    def all(self) -> list[float]:
        return [each for its in self.minutes.values() for each in its]


def delays(feeds: Sequence[SimulatedFeed], days: int, ledger: Ledger) -> Delays:
    """Of what appeared up to a day before the end, the longest that a poll is put off."""
    found = Delays()
    for feed in feeds:
        had = ledger.found.get(feed.number, {})
        its = found.minutes[class_of(feed, days)]
        for place, entry in enumerate(feed.entries):
            if not feed.works or not 0 <= entry.at < (days - 1) * DAY:
                continue
            if place in had:
                its.append((had[place] - entry.at) / 60)
            else:
                found.missed += 1
    return found


def class_of(feed: SimulatedFeed, days: int) -> str:
    rate = sum(entry.at >= 0 for entry in feed.entries) / days
    return next(name for name, most in CLASSES.items() if rate < most)


def table(feeds: Sequence[SimulatedFeed], days: int, ledgers: Mapping[str, Ledger]) -> str:
    """A Markdown table with a column a poller."""
    columns = [_column(feeds, days, ledger) for ledger in ledgers.values()]
    rows = [["", *ledgers], ["---", *("---:" for _ in ledgers)]]
    rows += [[label, *(column[label] for column in columns)] for label in columns[0]]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _column(feeds: Sequence[SimulatedFeed], days: int, ledger: Ledger) -> dict[str, str]:
    requests = [ledger.requests[feed.number] / days for feed in feeds]
    found = delays(feeds, days, ledger)
    whole, feed_days = found.all, len(feeds) * days
    saved = ledger.saved / max(ledger.saved + ledger.received, 1)
    by_class = {
        f"median delay, feeds of {name} entries a day": _minutes(its)
        for name, its in found.minutes.items()
    }
    return {
        "requests a feed and day, mean": f"{mean(requests):.1f}",
        "requests a feed and day, median": f"{median(requests):.1f}",
        "delay to Kafka, median": _minutes(whole),
        "delay to Kafka, mean": f"{mean(whole):.1f} min",
        "delay to Kafka, 9 of 10 within": f"{quantiles(whole, n=10)[-1]:.1f} min",
        **by_class,
        "entries counted": f"{len(whole) + found.missed:,}",
        "of these never seen": f"{found.missed:,}",
        "in an answer, but not published": f"{ledger.lost:,}",
        "published twice": f"{ledger.twice:,}",
        "received a feed and day": f"{ledger.received / feed_days / 1e6:.2f} MB",
        "saved by conditional GET": f"{ledger.saved / feed_days / 1e6:.2f} MB ({saved:.0%})",
        "requests within a host's pause": f"{ledger.hurried:,}",
        "requests within a Retry-After": f"{ledger.intruding:,}",
        "requests after a 410": f"{ledger.needless:,}",
    }


def _minutes(delays: Sequence[float]) -> str:
    return f"{median(delays):.1f} min" if delays else "no entries"
