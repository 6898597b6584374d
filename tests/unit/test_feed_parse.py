from __future__ import annotations

import re
from datetime import UTC, datetime

import feedparser.sanitizer
import pytest

from producers.entries import MAX_ENTRIES, Markup, ParsedFeed
from producers.parse import parse_feed
from producers.sniff import first_element, is_document, is_page, looks_like_feed
from producers.xmlfeed import check_entity_guard, install_entity_guard
from stancewire.errors import FeedError, StancewireError

URL = "https://news.example/feeds/all.xml"


def rss(items: str, channel: str = "") -> ParsedFeed:
    return parse_feed(
        f"<rss version='2.0'><channel><title>News</title>{channel}{items}</channel></rss>".encode(),
        URL,
    )


def test_rss_entry() -> None:
    feed = parse_feed(
        b"""<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>The &lt;b&gt;Daily&lt;/b&gt; Post</title><language>en_GB</language>
<item><guid isPermaLink="false">n1</guid><link>../2024/one</link>
<title>Ministers &amp;amp; &lt;i&gt;mayors&lt;/i&gt; meet</title>
<dc:creator>By Ann Lee</dc:creator><pubDate>Tue, 05 Nov 2024 10:00:00 +0200</pubDate>
<description>Short.</description>
<content:encoded><![CDATA[<p>Long <b>text</b>.</p>]]></content:encoded></item>
</channel></rss>""",
        URL,
    )
    assert (feed.title, feed.language) == ("The Daily Post", "en-GB")
    (entry,) = feed.entries
    assert entry.guid == "n1"
    assert entry.url == "https://news.example/2024/one"
    assert entry.title == "Ministers & mayors meet"
    assert entry.authors == ("Ann Lee",)
    assert entry.published_at == datetime(2024, 11, 5, 8, tzinfo=UTC)
    assert entry.summary is not None
    assert entry.summary.value == "Short."
    assert entry.content == Markup("<p>Long <b>text</b>.</p>", is_html=True)


def test_atom_entry() -> None:
    feed = parse_feed(
        b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">
<title type="text">a &lt; b</title>
<entry><id>tag:x,1</id><title type="text">1 &lt; 2 &amp;amp; so on</title>
<link rel="alternate" href="/un"/><updated>2024-11-05T10:00:00Z</updated>
<author><name>A</name></author><author><name>B</name></author><author><name>A</name></author>
<content type="text">x &lt;y&gt; z</content></entry></feed>""",
        URL,
    )
    (entry,) = feed.entries
    assert (feed.title, feed.language) == ("a < b", "fr")
    assert entry.title == "1 < 2 &amp; so on"
    assert entry.url == "https://news.example/un"
    assert entry.published_at == datetime(2024, 11, 5, 10, tzinfo=UTC)
    assert entry.authors == ("A", "B")
    assert entry.content == Markup("x <y> z", is_html=False)
    assert entry.summary is None


@pytest.mark.parametrize(
    "date", ["", "soon", "99/99/9999", "Tue, 99 Nov 2024 10:00:00 GMT", "0000-00-00T00:00:00Z"]
)
def test_no_date(date: str) -> None:
    (entry,) = rss(f"<item><title>t</title><pubDate>{date}</pubDate></item>").entries
    assert entry.published_at is None


@pytest.mark.parametrize("link", ["javascript:alert(1)", "mailto:a@b.example", "http://[x", ""])
def test_links_that_are_no_page(link: str) -> None:
    (entry,) = rss(f"<item><title>t</title><link>{link}</link></item>").entries
    assert entry.url is None or entry.url.startswith("https://news.example/")


@pytest.mark.parametrize("url", ["http://a.example/feed", "https://b.example/feed"])
def test_an_id_does_not_change_with_the_address(url: str) -> None:
    body = b"<rss version='2.0'><channel><item><guid>12</guid></item></channel></rss>"
    (entry,) = parse_feed(body, url).entries
    assert entry.guid == "12"
    assert entry.url == url.replace("feed", "12")


def test_pictures_are_not_content() -> None:
    feed = parse_feed(
        b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>e</title>
<content type="image/png">iVBORw0KGgo=</content></entry></feed>""",
        URL,
    )
    assert feed.entries[0].content is None


@pytest.mark.parametrize(
    ("declared", "sent"),
    [
        ("utf-8", "utf-8"),
        ("utf-16", "utf-16"),
        ("windows-1251", "windows-1251"),
        ("koi8-r", "koi8-r"),
        ("utf-8", "utf-8-sig"),
    ],
)
def test_charsets(declared: str, sent: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel>'
        "<title>Новости</title><item><title>Мир</title></item></channel></rss>"
    )
    feed = parse_feed(text.encode(sent), URL)
    assert (feed.title, feed.entries[0].title) == ("Новости", "Мир")


def test_broken_xml_is_read_all_the_same() -> None:
    body = b"<rss version='2.0'><channel><title>t</title><item><title>A & B<b></title></item>"
    assert parse_feed(body, URL).entries[0].title == "A & B"


def test_entries_are_capped() -> None:
    feed = rss("<item><title>t</title></item>" * (MAX_ENTRIES + 3))
    assert len(feed.entries) == MAX_ENTRIES
    assert feed.omitted == 3


PAGE = """<!DOCTYPE html><html><head><title>News</title>
<link rel="alternate" type="application/rss+xml" href="/rss.xml">
<link rel="alternate home" type="application/atom+xml" href="https://b.example/atom">
<link rel="alternate" hreflang="de" href="/de"></head><body>Hello</body></html>"""


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the feed is empty"),
        (b" \n\xef\xbb\xbf", "the feed is empty"),
        (b"\0\0", "the feed is empty"),
        (b"hello", "not a feed: it is not XML"),
        (b"<svg/>", "not a feed: the document begins with <svg>"),
        (b"\x89PNG\r\n\x1a\n", "not a feed"),
        (b"<html><body>Not found</body></html>", "an HTML page, not a feed"),
        (
            PAGE.encode(),
            "an HTML page, not a feed; feeds it links to: "
            "https://news.example/rss.xml, https://b.example/atom (",
        ),
        (PAGE.encode("utf-16"), "an HTML page, not a feed"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, reason: str) -> None:
    with pytest.raises(FeedError, match=re.escape(reason)) as caught:
        parse_feed(body, URL, {"Content-Type": "application/rss+xml"})
    assert caught.value.context["url"] == URL


def test_feed_with_the_document_type_of_html() -> None:
    body = b"<!DOCTYPE html><rss version='2.0'><channel><item><title>t</title></item></channel>"
    assert len(parse_feed(body, URL, {"Content-Type": "text/html"}).entries) == 1


# 5,000 characters, named 200 times: a million if it were expanded.
BOMB = """<?xml version="1.0" encoding="{encoding}"?>{prolog}<!DOCTYPE rss [
<!ENTITY a "{a}">{nested}
]>
<rss version="2.0"><channel><title>t</title><item><title>x &amp; y</title>
<description>{refs}</description></item></channel></rss>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("prolog", ["", "\n", "\n<?bad\n"])
@pytest.mark.parametrize("nested", ["", '\n<!ENTITY b "&a;&a;&a;">'])
def test_entity_bombs_stay_small(encoding: str, prolog: str, nested: str) -> None:
    refs = ("&b;" if nested else "&a;") * 200
    text = BOMB.format(encoding=encoding, prolog=prolog, a="A" * 5_000, nested=nested, refs=refs)
    feed = parse_feed(text.encode(encoding), URL)
    summary = feed.entries[0].summary
    assert summary is None or len(summary.value) < 2_000
    assert "AAAA" not in repr(feed)


def test_external_entities_are_not_read() -> None:
    body = b"""<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<rss version="2.0"><channel><item><title>a</title><description>&x;</description></item>
</channel></rss>"""
    assert "root:" not in repr(parse_feed(body, URL))


def test_guard_check_notices_a_lost_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    check_entity_guard()
    permissive = re.compile(rb'\s+(\w+)\s+"(&#\w+;|[^&"]*)"')
    monkeypatch.setattr(feedparser.sanitizer, "RE_SAFE_ENTITY_PATTERN", permissive)
    with pytest.raises(StancewireError, match="expands entities"):
        check_entity_guard()
    monkeypatch.undo()
    monkeypatch.setattr(feedparser.api, "PREFERRED_XML_PARSERS", [])
    with pytest.raises(StancewireError, match="expands entities"):
        check_entity_guard()
    monkeypatch.undo()
    install_entity_guard()
    check_entity_guard()


@pytest.mark.parametrize(
    ("body", "root", "feed", "page", "document"),
    [
        (b"\xef\xbb\xbf <?xml version='1.0'?><!-- <html> --><RSS>", "rss", True, False, False),
        ("<feed xmlns='x'>".encode("utf-16"), "feed", True, False, False),
        (b"<rdf:RDF>", "rdf:rdf", True, False, False),
        (b"<!doctype HTML>\n<p>x", "p", False, True, True),
        (b"<?xml version='1.0'?><html>", "html", False, True, True),
        (b"The <html> element, she said.", "html", False, False, True),
        (b"Plain text.", None, False, False, True),
        (b'{"version": 1}', None, False, False, False),
        (b"[1] a footnote", None, False, False, True),
        (b"<?xml version='1.0'?><svg>", "svg", False, False, False),
    ],
)
def test_telling_documents_apart(
    body: bytes, root: str | None, feed: bool, page: bool, document: bool
) -> None:
    assert first_element(body) == root
    assert looks_like_feed(body) is feed
    assert is_page(body) is page
    assert is_document(body) is document
