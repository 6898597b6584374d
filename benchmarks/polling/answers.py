"""What the made-up web answers at a moment; no sockets, no clock."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from http import HTTPStatus
from math import ceil, inf
from random import Random

from benchmarks.polling.site import OUTAGE_S, SimulatedFeed
from producers.response import NOT_MODIFIED

# A Monday, as the weekends of `site` have it.
START = datetime(2024, 11, 4, tzinfo=UTC)
SYLLABLES = "ka lo mi ter van su re no pla gen tri os mar del fi bu ron sta lin che por"
POOL_CHARACTERS = 500_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, as far as answers depend on it."""

    path: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is None where the connection ends without an answer, after `seconds`.

    `shown` are the places of the entries in the body, the newest first; `saved` the bytes that a
    304 left out; `closed_seconds` is what Retry-After asks for.
    """

    status: int | None
    seconds: float
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    shown: range = range(0)
    saved: int = 0
    closed_seconds: float = 0.0

    def head(self) -> bytes:
        status = HTTPStatus(self.status or 500)
        lines = [f"HTTP/1.1 {status} {status.phrase}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Answers:
    """Answers for all feeds; keeps each feed's last body, since most are asked for again."""

    def __init__(self, feeds: Sequence[SimulatedFeed]) -> None:
        self.feeds = feeds
        self._bodies: dict[int, tuple[tuple[range, str], bytes]] = {}
        self._pool = _prose(POOL_CHARACTERS)

    def answer(self, number: int, asked: Asked, at: float) -> Answer:
        """What a feed's host says; `at` is in seconds since the start."""
        feed = self.feeds[number]
        if feed.host.hangs or feed.host.drops:
            return Answer(None, inf if feed.host.hangs else feed.host.seconds)
        for began in feed.host.outages:
            if began <= at < began + OUTAGE_S:
                return self._outage(feed, began + OUTAGE_S - at, at)
        if asked.path != f"/{number}":
            return self._plain(feed, 301, at, Location=f"/{number}")
        if at >= feed.gone_at:
            return self._plain(feed, 410, at)
        return self._plain(feed, 404, at) if feed.is_missing else self._document(feed, asked, at)

    def _plain(self, feed: SimulatedFeed, status: int, at: float, **headers: str) -> Answer:
        given = {"Date": _date(at), "Content-Length": "0", **headers}
        return Answer(status, feed.host.seconds, given)

    def _outage(self, feed: SimulatedFeed, left: float, at: float) -> Answer:
        """Half of the hosts write a date, half a number."""
        seconds = ceil(left)
        by_date = int(feed.host.address.rpartition(".")[2]) % 2
        headers = {
            "Date": _date(at),
            "Content-Length": "0",
            "Retry-After": _date(int(at) + seconds) if by_date else str(seconds),
        }
        return Answer(503, feed.host.seconds, headers, closed_seconds=seconds)

    def _document(self, feed: SimulatedFeed, asked: Asked, at: float) -> Answer:
        version = bisect_right(feed.entries, at, key=lambda entry: entry.at)
        newest = _date(feed.entries[version - 1].at)
        etag = f'"{feed.number}-{version}"'
        headers = {"Date": _date(at), "Content-Type": "application/rss+xml; charset=utf-8"}
        if feed.has_etag:
            headers["ETag"] = etag
        if feed.has_last_modified:
            headers["Last-Modified"] = newest
        if feed.max_age:
            headers["Cache-Control"] = f"max-age={feed.max_age}"
        built = _date(at // 60 * 60) if feed.is_restless else newest
        shown = range(version - 1, max(version - feed.window, 0) - 1, -1)
        body = self._body(feed, shown, built)
        if feed.has_etag and asked.etag:
            same = asked.etag == etag
        else:
            same = feed.has_last_modified and asked.last_modified == newest
        if same:
            return Answer(NOT_MODIFIED, feed.host.seconds, headers, saved=len(body))
        headers["Content-Length"] = str(len(body))
        return Answer(200, feed.host.seconds, headers, body, shown)

    def _body(self, feed: SimulatedFeed, shown: range, built: str) -> bytes:
        known = self._bodies.get(feed.number)
        if known and known[0] == (shown, built):
            return known[1]
        ttl = f"<ttl>{feed.ttl_minutes}</ttl>" if feed.ttl_minutes else ""
        period = "<sy:updatePeriod>hourly</sy:updatePeriod>" if feed.is_hourly else ""
        body = (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
            'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
            f"<title>Feed {feed.number}</title><link>http://{feed.host.address}/</link>"
            f"<lastBuildDate>{built}</lastBuildDate>{ttl}{period}"
            f"{''.join(self._item(feed, place) for place in shown)}</channel></rss>"
        ).encode()
        self._bodies[feed.number] = ((shown, built), body)
        return body

    def _item(self, feed: SimulatedFeed, place: int) -> str:
        entry = feed.entries[place]
        begin = (feed.number * 7_919 + place * 104_729) % (POOL_CHARACTERS - entry.characters)
        text = self._pool[begin : begin + entry.characters]
        half = len(text) // 2
        link = f"http://{feed.host.address}/{feed.number}/{place}"
        return (
            f"<item><title>{text[:60]}</title><link>{link}</link><guid>{link}</guid>"
            f"<pubDate>{_date(entry.at)}</pubDate>"
            f"<description><![CDATA[<p>{text[:half]}</p><p>{text[half:]}</p>]]></description></item>"
        )


def _date(at: float) -> str:
    return formatdate(START.timestamp() + int(at), usegmt=True)


def _prose(characters: int) -> str:
    rng = Random("prose")
    words: list[str] = []
    length = 0
    while length < characters:
        words.append("".join(rng.choices(SYLLABLES.split(), k=rng.randint(1, 4))))
        length += len(words[-1]) + 1
    return " ".join(words)[:characters]
