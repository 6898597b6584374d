from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from producers.articles import Draft, drafts, entry_text, plausible, to_article, with_page
from producers.entries import Entry, Markup
from producers.pages import Page
from stancewire.records import Feed

NOW = datetime(2024, 11, 5, 12, tzinfo=UTC)
LINK = "https://news.example/1"


def html(value: str) -> Markup:
    return Markup(value, is_html=True)


def ids(*entries: Entry) -> list[str]:
    return [draft.article_id for draft in drafts("feed", entries)]


def test_a_guid_of_its_own_outlives_link_and_title() -> None:
    before = Entry(guid="1", url=LINK, title="a")
    after = Entry(guid="1", url=LINK + "?moved", title="b")
    other = Entry(guid="2", url=LINK)
    assert ids(before) == ids(after, other)[:1]
    assert ids(before) != [draft.article_id for draft in drafts("another", [before])]


def test_shared_guids_are_told_apart_by_link_then_title() -> None:
    entries = [
        Entry(guid="site", url="https://news.example/a"),
        Entry(guid="site", url="https://news.example/b", title="one"),
        Entry(guid="site", url="https://news.example/b", title="two"),
        Entry(guid="site", title="three"),
    ]
    assert len(set(ids(*entries))) == 4
    assert ids(*entries) == ids(*entries)
    assert sorted(ids(*entries)) == sorted(ids(*reversed(entries)))


def test_entries_without_a_guid() -> None:
    entries = [
        Entry(url=LINK, title="a"),
        Entry(title="a", published_at=NOW),
        Entry(title="a", published_at=NOW + timedelta(days=1)),
        Entry(title="b"),
        Entry(url="https://news.example/same", title="a"),
        Entry(url="https://news.example/same", title="b"),
    ]
    assert len(set(ids(*entries))) == len(entries)
    assert ids(Entry(url=LINK, title="a")) == ids(Entry(url=LINK, title="edited"))


def test_the_same_entry_twice_is_one() -> None:
    entry = Entry(guid="1", url=LINK, title="a")
    assert len(ids(entry, entry)) == 1


LONG = "A sentence of the article. " * 60
SHORT = "Two words, or three."


@pytest.mark.parametrize(
    ("entry", "is_summary"),
    [
        (Entry(url=LINK, summary=html(SHORT)), True),
        (Entry(url=LINK), True),
        (Entry(summary=html(SHORT)), False),
        (Entry(url=LINK, summary=html(LONG)), False),
        (Entry(url=LINK, content=html(SHORT)), False),
        (Entry(url=LINK, content=html(SHORT), summary=html("Other.")), False),
        (Entry(url=LINK, content=html(SHORT), summary=html(SHORT)), True),
        (Entry(url=LINK, content=html(LONG), summary=html(LONG)), False),
        (Entry(url=LINK, content=html(LONG + "…")), True),
        (Entry(url=LINK, content=html(LONG + "<p><a href='x'>Read more »</a></p>")), True),
        (Entry(url=LINK, content=html(LONG + "[&#8230;]")), True),
        (Entry(url=LINK, content=html(LONG * 3 + "…")), False),
    ],
)
def test_summaries(entry: Entry, is_summary: bool) -> None:
    assert entry_text(entry)[1] is is_summary


def test_the_longer_of_content_and_summary_is_the_text() -> None:
    entry = Entry(content=html("<p>A <b>longer</b></p><p>text</p>"), summary=html("Short"))
    assert entry_text(entry)[0] == "A longer\n\ntext"
    picture = Entry(content=html("<img src='x'>"), summary=html("A text"))
    assert entry_text(picture)[0] == "A text"


def test_plain_text_keeps_its_signs_and_paragraphs() -> None:
    entry = Entry(summary=Markup(" a < b \r\n\r\n\r\n\r\n c &amp; d ", is_html=False))
    assert entry_text(entry)[0] == "a < b\n\nc &amp; d"


def test_head_line_dates_the_article_and_notices_go() -> None:
    body = "<p>date 2024-11-04 This audio is created with AI assistance</p><p>She said no.</p>"
    (draft,) = drafts("feed", [Entry(title="t", content=html(body + "<p>Advertisement</p>"))])
    assert draft.text == "She said no."
    assert draft.entry.published_at == datetime(2024, 11, 4, tzinfo=UTC)


def test_page_counts_if_it_is_longer() -> None:
    draft = Draft("id", Entry(url=LINK, title="t", authors=("A",)), SHORT, is_summary=True)
    page = Page(LONG, title="other", language="de", authors=("B",), published_at=NOW)
    entry, text = with_page(draft, page)
    assert text == LONG
    assert (entry.title, entry.language, entry.authors) == ("t", "de", ("A",))
    assert entry.published_at == NOW
    assert with_page(draft, Page("Log in", title="other")) == (draft.entry, SHORT)


@pytest.mark.parametrize(
    ("date", "kept"),
    [
        (NOW, True),
        (NOW + timedelta(days=2), True),
        (NOW + timedelta(days=3), False),
        (datetime(1995, 1, 1, tzinfo=UTC), True),
        (datetime(1970, 1, 1, tzinfo=UTC), False),
        (datetime(1, 1, 1, tzinfo=UTC), False),
        (None, False),
    ],
)
def test_absurd_dates_are_dropped(date: datetime | None, kept: bool) -> None:
    assert plausible(date, NOW) == (date if kept else None)


def test_article() -> None:
    article = to_article(
        "id",
        Entry(title="t", url=LINK, published_at=NOW + timedelta(days=9)),
        "Text.",
        feed=Feed(id="feed", url="https://news.example/feed"),
        language="fr",
        revision=2,
        fetched_at=NOW,
    )
    assert (article.language, article.revision, article.published_at) == ("fr", 2, None)
