"""The producer as a real process: real feeds over HTTP, a real broker."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from producers.states import read_states
from stancewire.cli import cli
from stancewire.feed_records import FeedState
from stancewire.records import Article
from stancewire.settings import KafkaSettings
from tests.broker.test_workers import until
from tests.support.brokers import apache_only
from tests.support.pipeline import Program, read_all, values
from tests.support.website import served

ITEM = """\
<item><title>{title}</title><guid isPermaLink="false">{guid}</guid>
<description>short</description>
<content:encoded>
&lt;p&gt;{text}&lt;/p&gt;&lt;p&gt;"It holds," said Ada Byrne.&lt;/p&gt;
</content:encoded>
</item>"""
FEED = """\
<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Test</title><link>http://feed.example/</link>{items}</channel></rss>"""


def feed(*entries: tuple[str, str, str]) -> str:
    items = (ITEM.format(guid=guid, title=title, text=text) for guid, title, text in entries)
    return FEED.format(items="".join(items))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    folder = tmp_path / "site"
    folder.mkdir()
    with served(folder) as host:
        yield folder, host


def produce(kafka: KafkaSettings, feeds: Path, host: str, *more: str) -> Program:
    return Program(
        "produce", "--feeds", str(feeds), "--group", feeds.parent.name,
        "--allow-host", host, "--host-pause", "0",
        "--bootstrap-servers", kafka.bootstrap_servers, *more,
        log=feeds.with_suffix(".log"),
    )  # fmt: skip


def produce_once(kafka: KafkaSettings, feeds: Path, host: str) -> str:
    program = produce(kafka, feeds, host, "--once")
    assert program.process.wait(120) == 0, program.log.read_text()
    return program.log.read_text()


def articles(kafka: KafkaSettings, feed_id: str) -> list[Article]:
    found = [Article.model_validate(value) for value in values(kafka, "articles.v1")]
    return sorted((a for a in found if a.feed.id == feed_id), key=lambda a: (a.title, a.revision))


def state(kafka: KafkaSettings, feed_id: str) -> FeedState:
    found = [FeedState.model_validate(value) for value in values(kafka, "feeds.v1")]
    return [s for s in found if s.id == feed_id][-1]


def test_each_entry_is_published_once_over_restarts_and_edits_as_revisions(
    kafka: KafkaSettings, tmp_path: Path, site: tuple[Path, str]
) -> None:
    folder, host = site
    feeds = tmp_path / "feeds.yaml"
    feeds.write_text(f"- id: once\n  url: http://{host}/feed.xml\n")
    (folder / "feed.xml").write_text(
        feed(("1", "One", "First text."), ("2", "Two", "Second text."))
    )
    produce_once(kafka, feeds, host)
    first = articles(kafka, "once")
    assert [(a.title, a.revision) for a in first] == [("One", 1), ("Two", 1)]
    assert first[0].text == 'First text.\n\n"It holds," said Ada Byrne.'

    produce_once(kafka, feeds, host)
    assert articles(kafka, "once") == first

    (folder / "feed.xml").write_text(
        feed(
            ("3", "Three", "New."),
            ("1", "One", "First text, corrected."),
            ("2", "Two", "Second text."),
        )
    )
    produce_once(kafka, feeds, host)
    third = articles(kafka, "once")
    assert [(a.title, a.revision) for a in third] == [
        ("One", 1),
        ("One", 2),
        ("Three", 1),
        ("Two", 1),
    ]
    assert third[0].id == third[1].id
    assert {raw.key.decode() for raw in read_all(kafka, "articles.v1")} >= {a.id for a in third}


def test_a_syndicated_copy_names_the_first_over_restarts(
    kafka: KafkaSettings, tmp_path: Path, site: tuple[Path, str]
) -> None:
    folder, host = site
    story = " ".join(
        f"The council of Port {number} met to hear Ann {number}." for number in range(40)
    )
    (folder / "first.xml").write_text(feed(("1", "Council meets", story)))
    (folder / "copy.xml").write_text(feed(("9", "Talks in town", f"Updated 9:30. {story}")))
    feeds = tmp_path / "feeds.yaml"
    for name in ("first", "copy"):
        feeds.write_text(f"- id: wire-{name}\n  url: http://{host}/{name}.xml\n")
        produce_once(kafka, feeds, host)
    [first], [copy] = articles(kafka, "wire-first"), articles(kafka, "wire-copy")
    assert (first.duplicate_of, copy.duplicate_of) == (None, first.id)


def test_bad_feeds_are_named_and_the_others_go_on(
    kafka: KafkaSettings, tmp_path: Path, site: tuple[Path, str]
) -> None:
    folder, host = site
    (folder / "good.xml").write_text(feed(("1", "Good", "Text of the good one.")))
    (folder / "page.html").write_text(
        "<!DOCTYPE html><html><body><p>No feed here</p></body></html>"
    )
    (folder / "empty.xml").write_text("")
    feeds = tmp_path / "feeds.yaml"
    names = ("missing.xml", "page.html", "empty.xml", "good.xml")
    feeds.write_text("".join(f"- id: bad-{n[:4]}\n  url: http://{host}/{n}\n" for n in names))
    log = produce_once(kafka, feeds, host)
    assert [a.title for a in articles(kafka, "bad-good")] == ["Good"]
    for name, words in (("miss", "404"), ("page", "HTML"), ("empt", "empty")):
        error = state(kafka, f"bad-{name}").last_error
        assert error is not None
        assert words in error
        assert f"feed bad-{name}: " in log
    assert state(kafka, "bad-good").failures == 0

    where = ["--bootstrap-servers", kafka.bootstrap_servers]
    failing = CliRunner().invoke(cli, ["feeds", "list", "--failing", *where])
    assert failing.exit_code == 0, failing.output
    lines = [line for line in failing.stdout.splitlines() if line.startswith("bad-")]
    assert [line.split()[:2] for line in lines] == [
        [f"bad-{name}", "failed"] for name in ("empt", "miss", "page")
    ]
    assert "404" in lines[1]
    every = CliRunner().invoke(cli, ["feeds", "list", "--json", *where]).stdout.splitlines()
    good = [row for row in map(json.loads, every) if row["id"] == "bad-good"]
    assert [(row["status"], row["entries"]) for row in good] == [("ok", 1)]


def test_a_private_address_is_refused_unless_allowed_by_name(
    kafka: KafkaSettings, tmp_path: Path, site: tuple[Path, str]
) -> None:
    folder, host = site
    (folder / "feed.xml").write_text(feed(("1", "Inside", "Text.")))
    feeds = tmp_path / "feeds.yaml"
    feeds.write_text(f"- id: private\n  url: http://{host}/feed.xml\n")
    log = produce_once(kafka, feeds, "elsewhere.example")
    assert not articles(kafka, "private")
    assert "allow" in log


def test_files_are_articles_and_a_bad_list_names_its_line(
    kafka: KafkaSettings, tmp_path: Path
) -> None:
    (tmp_path / "note.txt").write_text('date 2026-02-03\n\nAda Byrne said: "We will stay."\n')
    feeds = tmp_path / "feeds.yaml"
    feeds.write_text("- id: note\n  url: file:note.txt\n")
    produce_once(kafka, feeds, "none.example")
    (article,) = articles(kafka, "note")
    assert article.text.strip() == 'Ada Byrne said: "We will stay."'
    assert article.published_at is not None
    assert article.published_at.date().isoformat() == "2026-02-03"

    feeds.write_text("- id: note\n  url: file:note.txt\n- id: other\n  uri: http://x.example/\n")
    program = produce(kafka, feeds, "none.example", "--once")
    assert program.process.wait(60) == 1
    assert "feeds.yaml" in program.log.read_text()
    assert "line 3" in program.log.read_text() or "line 4" in program.log.read_text()


@apache_only
def test_killed_while_it_runs_it_goes_on_from_what_committed(
    kafka: KafkaSettings, tmp_path: Path, site: tuple[Path, str]
) -> None:
    folder, host = site
    for number in range(30):
        entries = [(f"{number}-{n}", f"{number:02}-{n:02}", f"Text {n}.") for n in range(10)]
        (folder / f"{number}.xml").write_text(feed(*entries))
    feeds = tmp_path / "feeds.yaml"
    feeds.write_text("".join(f"- id: kill-{n}\n  url: http://{host}/{n}.xml\n" for n in range(30)))

    def published() -> list[tuple[str, int]]:
        found = [Article.model_validate(v) for v in values(kafka, "articles.v1")]
        return [(a.id, a.revision) for a in found if a.feed.id.startswith("kill-")]

    program = produce(kafka, feeds, host)
    until(lambda: len(published()) > 0)
    program.end(signal.SIGKILL)
    produce_once(kafka, feeds, host)
    assert len(published()) == len(set(published())) == 300


def test_sigterm_ends_it_well(kafka: KafkaSettings, tmp_path: Path, site: tuple[Path, str]) -> None:
    folder, host = site
    (folder / "feed.xml").write_text(feed(("1", "One", "Text.")))
    feeds = tmp_path / "feeds.yaml"
    feeds.write_text(f"- id: term\n  url: http://{host}/feed.xml\n")
    program = produce(kafka, feeds, host).wait_ready()
    until(lambda: len(articles(kafka, "term")) == 1)
    assert 'stancewire_articles_total{kind="new"} 1.0' in program.get("/metrics")[1]
    assert "stancewire_feeds 1.0" in program.get("/metrics")[1]
    assert program.end(signal.SIGTERM) == 0


def test_a_forgotten_feed_leaves_nothing_and_begins_anew_under_the_same_ids(
    kafka: KafkaSettings, tmp_path: Path
) -> None:
    feeds = tmp_path / "feeds.yaml"
    feeds.write_text("- id: left\n  url: file:feed.xml\n- id: stays\n  url: file:other.xml\n")
    (tmp_path / "feed.xml").write_text(feed(("1", "One", "Text.")))
    (tmp_path / "other.xml").write_text(feed(("1", "Other", "Text.")))
    produce_once(kafka, feeds, "127.0.0.1")
    where = ["--bootstrap-servers", kafka.bootstrap_servers]
    result = CliRunner().invoke(cli, ["feeds", "forget", "left", "unheard-of", *where])
    assert result.exit_code == 1
    assert result.output == "left  forgotten\nunheard-of  nothing is known of it\n"
    known = read_states(kafka).feeds
    assert "left" not in known
    assert "stays" in known
    produce_once(kafka, feeds, "127.0.0.1")
    first, again = articles(kafka, "left")
    assert (first.id, first.revision) == (again.id, again.revision)
    assert len(articles(kafka, "stays")) == 1
