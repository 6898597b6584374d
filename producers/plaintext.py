"""From markup to plain text: paragraphs parted by one blank line, nothing that is not text."""

from __future__ import annotations

import re

from lxml import etree  # type: ignore[import-untyped]

# Everything of Unicode's "Cc" but newline and tab, and halves of surrogate pairs.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# Marks that only steer line breaking: soft hyphen, zero-width space, joiner and no-break space.
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
# What a browser would show as a space; HTML's own white space and Unicode's kinds of space.
SPACES = re.compile(r"[ \t\n\r\f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")

BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details"),
    *("dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "legend", "li", "main", "menu"),
    *("nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr"),
    "ul",
}
CELLS = {"td", "th"}
DROPPED = {
    *("applet", "audio", "button", "canvas", "embed", "head", "iframe", "map", "math", "noembed"),
    *("noframes", "noscript", "object", "script", "select", "style", "svg", "template"),
    *("textarea", "title", "video"),
}
# Feeds write these as in XML; an HTML parser would read on to an end tag that never comes.
CLOSED_AT_ONCE = re.compile(rf"<(?:{'|'.join(sorted(DROPPED))})\b[^<>]*/>", re.IGNORECASE)


def clean(text: str) -> str:
    """The text without control characters but newline and tab; every line end is a newline."""
    return CONTROL.sub("", LINE_ENDS.sub("\n", text))


def clean_in_place(text: str) -> str:
    """The same, each dropped character becoming a space, so that every offset stays as it is."""
    return CONTROL.sub(" ", text)


def one_line(text: str) -> str:
    """The words of a text, one space between them."""
    return " ".join(INVISIBLE.sub("", clean(text)).split())


def html_to_text(html: str) -> str:
    """The text of a document or fragment as a reader would see it.

    Block elements part paragraphs, `<br>` parts lines, inline elements part nothing.
    """
    html = CLOSED_AT_ONCE.sub("", clean(html))
    if not html.strip():
        return ""
    parser = etree.HTMLParser(target=_Text(), encoding="utf-8", huge_tree=True)
    try:
        return str(etree.fromstring(html.encode("utf-8"), parser))
    except etree.XMLSyntaxError:  # no element and no text: a comment, a lone "<"
        return ""


class _Text:
    """Gathers paragraphs from the parser's events; without a tree, depth costs nothing."""

    def __init__(self) -> None:
        self._paragraphs: list[str] = []
        self._pieces: list[str] = []
        self._dropping = 0
        self._keeping_lines = 0

    def start(self, tag: str, attributes: object) -> None:
        if tag in DROPPED:
            self._dropping += 1
        elif tag == "br":
            self._pieces.append("\n")
        elif tag in CELLS:
            self._pieces.append(" ")
        elif tag in BLOCKS:
            self._end_paragraph()
            self._keeping_lines += tag == "pre"

    def end(self, tag: str) -> None:
        if tag in DROPPED:
            self._dropping = max(0, self._dropping - 1)
        elif tag in BLOCKS:
            self._end_paragraph()
            self._keeping_lines -= tag == "pre" and self._keeping_lines > 0

    def data(self, text: str) -> None:
        if self._dropping:
            return
        if self._keeping_lines:
            self._pieces.append(text)
        else:
            self._pieces.append(SPACES.sub(" ", text))

    def comment(self, text: str) -> None:
        pass

    def pi(self, target: str, text: str | None = None) -> None:
        pass

    def close(self) -> str:
        self._end_paragraph()
        return "\n\n".join(self._paragraphs)

    def _end_paragraph(self) -> None:
        lines = [SPACES.sub(" ", line).strip() for line in "".join(self._pieces).split("\n")]
        self._pieces.clear()
        for paragraph in re.split(r"\n{2,}", "\n".join(lines).strip("\n")):
            if text := INVISIBLE.sub("", paragraph).strip():
                self._paragraphs.append(text)
