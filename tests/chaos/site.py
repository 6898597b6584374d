"""A news site on loopback whose feeds grow while they are polled."""

from __future__ import annotations

import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from xml.sax.saxutils import escape

from tests.support.generated import article

ITEM = """\
<item><guid isPermaLink="false">story-{number}</guid><title>{title}</title>
<link>http://site.example/{number}</link><pubDate>{date}</pubDate>
<content:encoded>{text}</content:encoded></item>"""
DATE = "Sun, 01 Mar 2026 12:00:00 GMT"
# Feeds of one host have one poller; every 127.x.y.z is this machine.
HOSTS = 8
FEED = """\
<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Feed {number}</title><link>http://site.example/</link>{items}</channel></rss>"""


class GrowingSite:
    """`articles` stories over `feeds` feeds, all of them published `seconds` after `begin`.

    Addresses are in the records, so two runs that are compared use one port; and one date, unless
    stories are `dated` when they appear.
    """

    def __init__(
        self, port: int, articles: int, feeds: int, seconds: float, *, dated: bool = False
    ) -> None:
        self.articles = articles
        self.feeds = feeds
        self._seconds = seconds
        self._dated = dated
        self._began: float | None = None
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = site.feed(int(self.path.strip("/"))).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/rss+xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("0.0.0.0", port), Handler)
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> GrowingSite:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def begin(self) -> None:
        """From now on stories appear; until then the feeds are empty."""
        self._began = time.monotonic()

    @property
    def hosts(self) -> list[str]:
        port = self._server.server_port
        return [f"127.0.0.{number + 1}:{port}" for number in range(HOSTS)]

    def feed_list(self) -> str:
        """A feeds.yaml."""
        hosts = self.hosts
        return "".join(
            f"- id: feed-{number}\n  url: http://{hosts[number % HOSTS]}/{number}\n"
            "  interval_seconds: 5\n"
            for number in range(self.feeds)
        )

    def options(self, feeds: Path) -> list[str]:
        """What a producer needs that polls this site by that list."""
        allowed = [word for host in self.hosts for word in ("--allow-host", host)]
        return ["--feeds", str(feeds), "--host-pause", "0", *allowed]

    def feed(self, number: int) -> str:
        """What of a feed is published by now, the newest first."""
        passed = 0.0 if self._began is None else time.monotonic() - self._began
        whole = self._began is not None and passed >= self._seconds
        share = 1.0 if whole else passed / max(self._seconds, 1.0)
        own = range(number, self.articles, self.feeds)
        since = time.time() - passed
        items = [
            self._item(story, since + self._seconds * (place + 0.5) / len(own))
            for place, story in enumerate(own[: round(share * len(own))])
        ]
        return FEED.format(number=number, items="".join(reversed(items)))

    def _item(self, number: int, appeared: float) -> str:
        story = article(number)
        date = formatdate(appeared, usegmt=True) if self._dated else DATE
        paragraphs = "".join(f"<p>{escape(part)}</p>" for part in story.text.split("\n\n"))
        return ITEM.format(number=number, date=date, title=story.title, text=escape(paragraphs))
