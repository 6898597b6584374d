from __future__ import annotations

from pathlib import Path

import pytest

from producers.feedlist import FeedSpec, feed_id, load_feeds
from stancewire.errors import ConfigError


def load(folder: Path, text: str | bytes, name: str = "feeds.yaml") -> tuple[FeedSpec, ...]:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_feeds(path)


def test_yaml(tmp_path: Path) -> None:
    text = """\
feeds:
  - https://www.example.org/news/rss.xml
  - id: wire
    url: feed://example.net/atom
    title: The Wire
    full_text: false
    interval_seconds: 60
  - file:texts/a%20speech.txt
"""
    text = text.replace("- file:", "- url: file:")
    first, second, third = load(tmp_path, text)
    assert first.id.startswith("www-example-org-news-rss-xml-")
    assert first.path is None
    assert second == FeedSpec(
        id="wire",
        url="http://example.net/atom",
        title="The Wire",
        full_text=False,
        interval_seconds=60,
    )
    assert third.path == tmp_path / "texts/a speech.txt"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_opml(tmp_path: Path, encoding: str) -> None:
    text = f"""<?xml version="1.0" encoding="{encoding}"?>
<!-- exported -->
<opml version="2.0"><head><title>Mine</title></head><body>
  <outline text="Folder">
    <outline text="A" type="rss" xmlUrl="https://a.example/feed"/>
    <outline text="Inner"><outline title="B é" text="b" xmlurl="https://b.example/feed"/></outline>
  </outline>
  <outline text="A again" xmlUrl="https://a.example/feed"/>
  <outline text="No feed" htmlUrl="https://c.example/"/>
  <outline text="Local" xmlUrl="file:local.rss"/>
</body></opml>"""
    feeds = load(tmp_path, text.encode(encoding), "subscriptions.txt")
    assert [(feed.title, feed.url) for feed in feeds] == [
        ("A", "https://a.example/feed"),
        ("B é", "https://b.example/feed"),
        ("Local", "file:local.rss"),
    ]
    assert feeds[2].path == tmp_path / "local.rss"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("feeds:\n", 1, "expected a list of feeds"),
        ("[]\n", 1, "names no feed"),
        ("- https://a.example/\n- ftp://b.example/\n", 2, "begins with http:"),
        ("- https://a.example/\n- http://\n", 2, "names no host"),
        ("- https://a.example/\n- https://b.example:99999/\n", 2, "[Pp]ort"),
        ("- https://a.example/\n- url: https://b.example/\n  titel: b\n", 3, "unknown key 'titel'"),
        ("- https://a.example/\n- id: b\n", 2, "'url' is missing"),
        ("- https://a.example/\n- http://A.example\n", 2, "stands twice, first in line 1"),
        ("- {url: 'https://a.example/', interval_seconds: 0}\n", 1, "greater than or equal to 1"),
        ("- {url: 'https://a.example/', path: /etc/passwd}\n", 1, "unknown key 'path'"),
        ("<opml>\n<outline xmlUrl='mailto:x'/></opml>", 2, "begins with http:"),
        ("<opml>\n<body>\n</opml>", 3, "not OPML: mismatched tag"),
        ("<opml/>", 1, "no outline has an xmlUrl"),
        ("<rss/>", 1, "begins with <rss>"),
        ("<?xml version='1.0' encoding='nope'?><opml/>", 1, "not OPML: unknown encoding"),
    ],
)
def test_bad_lists_name_the_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason) as caught:
        load(tmp_path, text)
    assert caught.value.context == {"file": tmp_path / "feeds.yaml", "line": line}


def test_opml_entities_are_refused(tmp_path: Path) -> None:
    text = '<!DOCTYPE opml [<!ENTITY a "b">]><opml><outline xmlUrl="https://&a;.example/"/></opml>'
    with pytest.raises(ConfigError, match="declares the entity 'a'"):
        load(tmp_path, text)


@pytest.mark.parametrize(
    "other",
    [
        "http://news.example/a?b=1",
        "https://NEWS.example.:443/a?b=1#top",
        "https://user:secret@news.example/a?b=1",
    ],
)
def test_ids_of_one_address(other: str) -> None:
    assert feed_id(other) == feed_id("https://news.example/a?b=1")
    assert "secret" not in feed_id(other)


def test_ids_of_different_addresses() -> None:
    urls = ["https://a.example/x", "https://a.example/X", "https://a.example/x?y", "file:x"]
    urls += ["https://a.example:8443/x", "file:./y", "file:a/x"]
    assert len({feed_id(url) for url in urls}) == len(urls)
    assert feed_id("file:./x") == feed_id("file:x")
