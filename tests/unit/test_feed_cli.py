"""`stancewire feeds check` against a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from stancewire.cli import cli
from tests.support.website import served

FEED = """\
<rss version="2.0"><channel><title>The Daily Post</title>
<item><guid isPermaLink="false">1</guid><title>A long one</title>
<pubDate>Tue, 05 Nov 2024 12:00:00 GMT</pubDate>
<description>{long}</description></item>
<item><guid isPermaLink="false">2</guid><title>A short one</title><link>/missing.html</link>
<description>Only a teaser.</description></item>
<item><guid isPermaLink="false">3</guid><title>An empty one</title></item>
</channel></rss>"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "feed.xml").write_text(FEED.format(long="She said no. " * 100))
    (tmp_path / "page.html").write_text("<!DOCTYPE html><html><body>Hello</body></html>")
    with served(tmp_path) as host:
        yield f"http://{host}"


def check(*arguments: str) -> Result:
    options = ["--allow-host", "127.0.0.1", "--host-pause", "0"]
    return CliRunner().invoke(cli, ["feeds", "check", *options, *arguments])


def test_a_hub_is_named(site: str, tmp_path: Path) -> None:
    hub = "<link xmlns='http://www.w3.org/2005/Atom' rel='hub' href='https://hub.example/'/>"
    (tmp_path / "hub.xml").write_text(FEED.format(long="x").replace("<item>", f"{hub}<item>", 1))
    assert "  hub        https://hub.example/\n" in check(f"{site}/hub.xml").output
    assert json.loads(check("--json", f"{site}/hub.xml").output)["hub"] == "https://hub.example/"
    assert "hub" not in check(f"{site}/feed.xml").output


def test_what_would_be_published_and_why_not(site: str) -> None:
    result = check(f"{site}/feed.xml")
    assert result.exit_code == 0, result.output
    shown = result.output
    assert "title      The Daily Post" in shown
    assert "articles   2" in shown
    assert "2024-11-05 12:00    1299 characters  A long one" in shown
    assert f"{site}/missing.html: page not read, the feed's text stands for it" in shown
    assert "answered 404" in shown
    assert "An empty one: it has no text" in shown


def test_one_object_a_feed_and_status_1_if_one_failed(site: str, tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    result = check("--json", f"{site}/page.html", f"{site}/feed.xml", f"file:{path}")
    assert result.exit_code == 1
    page, feed, file = map(json.loads, result.output.splitlines())
    assert "HTML page, not a feed" in page["error"]
    assert page["articles"] == []
    assert feed["error"] is None
    assert [article["title"] for article in feed["articles"]] == ["A long one", "A short one"]
    assert [each["what"] for each in feed["skipped"]][-1] == "An empty one"
    assert len(file["articles"]) == 2


def test_a_useless_address_is_named() -> None:
    result = check("gopher://a.example/")
    assert result.exit_code == 1
    assert "gopher://a.example/" in str(result.exception)
