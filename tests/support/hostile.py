"""A web server that does what no good server does, a case a path, and the feeds that lead to it."""

from __future__ import annotations

import asyncio
import gzip
import threading
import zlib
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

Writer = asyncio.StreamWriter
Case = Callable[[Writer, str], Awaitable[None]]

# Over the producer's limit of 16 MiB, and well under it.
TOO_MUCH = 50 * 2**20
MUCH = 10 * 2**20
# Slow cases give up after this, which is longer than the producer waits.
PATIENCE_S = 120.0


def rss(inside: str, head: str = '<?xml version="1.0"?>') -> str:
    return f'{head}<rss version="2.0"><channel><title>t</title>{inside}</channel></rss>'


def item(text: str = "She said no.", title: str = "t", more: str = "") -> str:
    return (
        f"<item><guid isPermaLink='false'>1</guid><title>{title}</title>{more}"
        f"<description>{text}</description></item>"
    )


def answer(body: bytes | str, *headers: str, status: str = "200 OK") -> Case:
    """The body whole, with its right length unless `headers` state one."""

    async def case(writer: Writer, host: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        lines = [f"HTTP/1.1 {status}", *headers]
        if not any(line.lower().startswith(("content-length", "transfer")) for line in headers):
            lines.append(f"Content-Length: {len(data)}")
        head = "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")
        # At once: whether a client sees what is beyond the stated length must not be a race.
        writer.write(head + data)

    return case


def redirect(location: str, status: str = "302 Found") -> Case:
    async def case(writer: Writer, host: str) -> None:
        await answer("", "Location: " + location.replace("HOST", host), status=status)(writer, host)

    return case


def raw(data: bytes) -> Case:
    async def case(writer: Writer, host: str) -> None:
        writer.write(data)

    return case


def laughs(encoding: str, prolog: str = "", end: str = "") -> bytes:
    """Ten entities, each ten of the one before."""
    entities = '<!ENTITY l0 "lol">' + "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
    )
    head = f'<?xml version="1.0" encoding="{encoding}"?>{prolog}<!DOCTYPE rss [{entities}]>'
    return (rss(item("&l9;"), head) + end).encode(encoding)


def blow_up(encoding: str, prolog: str = "", end: str = "") -> bytes:
    """One long entity, a thousand times."""
    head = (
        f'<?xml version="1.0" encoding="{encoding}"?>{prolog}'
        f'<!DOCTYPE rss [<!ENTITY a "{"A" * 50_000}">]>'
    )
    return (rss(item("&a;" * 1000), head) + end).encode(encoding)


def zeros(wrap: str) -> bytes:
    """A gigabyte's worth of nothing, compressed to a megabyte."""
    data = b"\0" * (64 * 2**20)
    if wrap == "deflate":
        return zlib.compress(data, 9)
    once = gzip.compress(data, 9)
    return gzip.compress(once, 9) if wrap == "gzip, gzip" else once


async def drip(writer: Writer, host: str) -> None:
    """A byte a second, and a length that promises much."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for byte in rss(item()).encode():
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(1)


async def drip_headers(writer: Writer, host: str) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(1000):
        writer.write(f"X-{number}: y\r\n".encode())
        await writer.drain()
        await asyncio.sleep(1)


async def silent(writer: Writer, host: str) -> None:
    await asyncio.sleep(PATIENCE_S)


async def silent_after_headers(writer: Writer, host: str) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    await writer.drain()
    await asyncio.sleep(PATIENCE_S)


async def endless(writer: Writer, host: str) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        await writer.drain()


async def reset(writer: Writer, host: str) -> None:
    writer.transport.abort()


def page_feed(page: str) -> Case:
    """An honest feed whose entry's page is the case."""

    async def case(writer: Writer, host: str) -> None:
        link = f"<link>http://{host}/{page}</link>"
        await answer(rss(item("A teaser.", more=link)))(writer, host)

    return case


def feed(text: str = "She said no.", title: str = "t", more: str = "") -> Case:
    return answer(rss(item(text, title, more)))


def encoded(encoding: str, actual: str = "utf-8") -> Case:
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    return answer(rss(item("caf\u00e9"), head).encode(actual))


DEEP = 100_000
GZIPPED = "Content-Encoding: gzip"
HTML = "Content-Type: text/html"
JSON = "Content-Type: application/feed+json"

# By name: what makes the case (some are large), and how it ends: a reason, or None if there is an
# honest feed in it after all.
CASES: dict[str, tuple[Callable[[], Case], str | None]] = {
    "laughs-utf8": (lambda: answer(laughs("utf-8")), None),
    "laughs-utf16": (lambda: answer(laughs("utf-16")), None),
    "laughs-bad-prolog": (lambda: answer(laughs("utf-8", "\n<?bad\n")), None),
    "laughs-broken": (lambda: answer(laughs("utf-8", end="<broken>")), None),
    "blow-up-utf8": (lambda: answer(blow_up("utf-8")), None),
    "blow-up-utf16": (lambda: answer(blow_up("utf-16")), None),
    "blow-up-bad-prolog": (lambda: answer(blow_up("utf-8", "\n<?bad\n")), None),
    "blow-up-broken": (lambda: answer(blow_up("utf-8", end="<broken>")), None),
    "external-entity": (
        lambda: answer(
            rss(item("&x;"), '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>')
        ),
        None,
    ),
    "parameter-entity": (
        lambda: answer(rss(item("&x;"), "<!DOCTYPE rss [<!ENTITY % p \"<!ENTITY x 'y'>\"> %p;]>")),
        None,
    ),
    "deep-elements": (lambda: answer(rss("<a>" * DEEP + "</a>" * DEEP + item())), None),
    "deep-html": (lambda: feed("&lt;div&gt;" * DEEP + "deep"), None),
    "deep-quotes": (lambda: feed("&lt;blockquote&gt;&lt;q&gt;" * DEEP + "deep"), None),
    "attributes": (
        lambda: answer(rss(item(more="<a " + " ".join(f'b{n}="c"' for n in range(DEEP)) + "/>"))),
        "timeout",
    ),
    "namespaces": (
        lambda: answer(rss("".join(f'<a xmlns:n{n}="u{n}"/>' for n in range(DEEP)) + item())),
        None,
    ),
    "nul-bytes": (lambda: answer(rss(item("She\0 said\0 no.")).replace("rss", "r\0ss")), None),
    "unclosed-cdata": (lambda: feed("<![CDATA[" + "x" * MUCH), None),
    "unknown-encoding": (lambda: encoded("x-bogus"), None),
    "utf7": (lambda: encoded("utf-7"), None),
    "wrong-encoding": (
        lambda: answer(
            rss(item("caf\u00e9"), '<?xml version="1.0" encoding="utf-8"?>').encode("cp1252")
        ),
        None,
    ),
    "million-entries": (lambda: answer(rss("<item/>" * 1_000_000)), None),
    "title-50-mb": (lambda: feed(title="x" * TOO_MUCH), "too_large"),
    "title-10-mb": (lambda: feed(title="x" * MUCH), None),
    "text-10-mb": (lambda: feed("y " * (MUCH // 2)), None),
    "link-10-mb": (
        lambda: feed(more=f"<link>http://a.example/{'x' * MUCH}</link>"),
        None,
    ),
    "guid-10-mb": (
        lambda: answer(rss(f"<item><guid>{'x' * MUCH}</guid><title>t</title></item>")),
        None,
    ),
    "categories": (lambda: feed(more="<category>c</category>" * DEEP), None),
    "authors": (
        lambda: feed(more="<author>a@b.example (Ann)</author>" * 20_000),
        None,
    ),
    "absurd-dates": (
        lambda: feed(more=f"<pubDate>{'9' * 100_000}</pubDate>"),
        None,
    ),
    "angle-brackets": (lambda: answer("<" * MUCH), "not_a_feed"),
    "ampersands": (lambda: feed("&" * (MUCH // 4)), None),
    "comments": (lambda: answer("<!-- c -->" * DEEP + rss(item())), None),
    "steering-marks": (lambda: feed("\u202e\u2066She said no.\u2069" * 1000), None),
    "gzip-bomb": (lambda: answer(zeros("gzip"), GZIPPED), "too_large"),
    "deflate-bomb": (lambda: answer(zeros("deflate"), "Content-Encoding: deflate"), "too_large"),
    "gzip-in-gzip": (
        lambda: answer(zeros("gzip, gzip"), "Content-Encoding: gzip, gzip"),
        "not_a_feed",
    ),
    "no-gzip": (lambda: answer(rss(item()), GZIPPED), "connection"),
    "drip": (lambda: drip, "timeout"),
    "drip-headers": (lambda: drip_headers, "timeout"),
    "silent": (lambda: silent, "timeout"),
    "silent-after-headers": (lambda: silent_after_headers, "timeout"),
    "endless": (lambda: endless, "too_large"),
    "length-too-long": (lambda: answer(rss(item()), "Content-Length: 100000"), "connection"),
    "length-too-short": (lambda: answer(rss(item()), "Content-Length: 100"), "connection"),
    "length-negative": (lambda: answer(rss(item()), "Content-Length: -1"), "connection"),
    "no-http": (lambda: raw(b"220 mail.example ESMTP\r\n"), "connection"),
    "many-headers": (
        lambda: answer(rss(item()), *(f"X-{n}: y" for n in range(DEEP))),
        "connection",
    ),
    "long-header": (lambda: answer(rss(item()), "X: " + "y" * MUCH), "connection"),
    "reset": (lambda: reset, "connection"),
    "status-999": (lambda: answer("", status="999 No"), "status"),
    "endless-redirects": (lambda: redirect("/endless-redirects"), "redirect"),
    "redirect-to-metadata": (
        lambda: redirect("http://169.254.169.254/latest/meta-data/"),
        "address",
    ),
    "redirect-to-loopback": (lambda: redirect("http://[::1]:80/"), "address"),
    "redirect-to-private": (lambda: redirect("http://10.0.0.1/"), "address"),
    "redirect-to-number": (lambda: redirect("http://0x7f000001/"), "address"),
    "redirect-to-file": (lambda: redirect("file:///etc/passwd"), "redirect"),
    "redirect-to-script": (lambda: redirect("javascript:alert(1)"), "redirect"),
    "redirect-nowhere": (lambda: answer("", status="301 Moved Permanently"), "redirect"),
    "json-deep": (lambda: answer("[" * 5_000_000, JSON), "unparsable"),
    "json-number": (
        lambda: answer('{"items": [{"id": 1' + "0" * 100_000 + "}]}", JSON),
        "unparsable",
    ),
    "json-entries": (lambda: answer('{"items": [' + "{}," * 1_000_000 + "{}]}", JSON), None),
    "json-types": (
        lambda: answer('{"items": [{"id": {}, "title": [], "content_text": 7}]}', JSON),
        None,
    ),
    "png": (lambda: answer(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 1000), "not_a_feed"),
    "links": (
        lambda: answer("<html>" + "<link rel=alternate href=/a>" * 100_000, HTML),
        "not_a_feed",
    ),
    "page-bomb": (lambda: page_feed("bomb"), None),
    "page-drip": (lambda: page_feed("slow"), None),
    "page-deep": (lambda: page_feed("deep"), None),
    "page-large": (lambda: page_feed("large"), None),
}

PAGES: dict[str, Callable[[], Case]] = {
    "bomb": lambda: answer(zeros("gzip"), GZIPPED, HTML),
    "slow": lambda: drip,
    "deep": lambda: answer("<html><body>" + "<div>" * DEEP + "deep", HTML),
    "large": lambda: answer("<html><body>" + "<p>word</p>" * (MUCH // 11), HTML),
}


class HostileSite:
    """Serves every case on an address of its own, so that none waits for another."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        start = asyncio.start_server(self._serve, "0.0.0.0", 0)
        server = asyncio.run_coroutine_threadsafe(start, self._loop).result()
        self.port = server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @staticmethod
    async def _end() -> None:
        """Ends what still drips or keeps silent."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @staticmethod
    def address(number: int) -> str:
        return f"127.0.{1 + number // 200}.{1 + number % 200}"

    def url(self, name: str) -> str:
        return f"http://{self.address(list(CASES).index(name))}:{self.port}/{name}"

    async def _serve(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        try:
            path = (await reader.readline()).split()[1].decode().strip("/")
            host = ""
            while (line := await reader.readline()).strip():
                if line.lower().startswith(b"host:"):
                    host = line.split(b":", 1)[1].strip().decode()
            if path == "robots.txt":
                await answer("", status="404 Not Found")(writer, host)
            else:
                make = CASES[path][0] if path in CASES else PAGES[path]
                await make()(writer, host)
            await writer.drain()
        except (ConnectionError, IndexError):
            pass
        finally:
            writer.close()
