"""Lines that stand in an article and are no part of it.

Only whole lines go, and only those that an anchored pattern knows; what is left in by mistake
costs less than a sentence of the article lost.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

# A notice is short; a longer line that begins like one is a sentence of the article.
MAX_NOTICE_CHARACTERS = 300
# A line that is only a date is the article's date at its top, and may be its matter further down.
HEAD_LINES = 3

_MACHINE = r"(?:an? )?(?:AI|A\.I\.|artificial intelligence|machine|automated|computer|synthetic)"
_MACHINERY = (
    r"(?:assist(?:ed|ance)|based|generated|help|narration|powered|reader|software|system|technology"
    r"|tools?|translation|voices?)"
)
_MADE = r"(?:auto(?:matically)?[- ])?(?:created|generated|produced|narrated|read|voiced|translated)"
_THING = r"(?:audio|article|story|text|summary|translation|recording|podcast|version|voice|content)"
NOTICE_START = re.compile(
    rf"This {_THING}(?: version)? (?:is|was|has been) {_MADE}"
    rf"(?: (?:with|by|using|through|via))?(?: the)?(?: (?:help|assistance|aid|use) of)?"
    rf" {_MACHINE}(?:[ -]{_MACHINERY})*(?:[.!](?=\s|$)|$|(?=\s+(?-i:[A-Z\"“])))",
    re.IGNORECASE,
)

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DAY_FORMS = (
    r"\d{4}-\d{2}-\d{2}",
    rf"{_MONTH} \d{{1,2}},? \d{{4}}",
    rf"\d{{1,2}} {_MONTH},? \d{{4}}",
)
_TIME = (
    r"(?:[T,]?\s*(?:at )?\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?"
    r"\s*(?:Z|(?-i:[A-Z]{2,5})|[+-]\d{2}:?\d{2})?)?"
)
_LABEL = r"(?:(?:date|published|updated|posted|last (?:updated|modified))(?: on)?:?\s+)"
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
DATE_START = re.compile(
    rf"\s*(?P<label>{_LABEL})?{_WEEKDAY}(?P<day>{'|'.join(_DAY_FORMS)}){_TIME}(?![\w-])\s*",
    re.IGNORECASE,
)

NOTICES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        NOTICE_START.pattern,
        r"(?:listen to|hear) (?:this|the) (?:article|story|report)\b.{0,40}",
        r"(?:audio|video) (?:version|player)\b.{0,30}",
        r"(?:\d+|one|two|three|four|five)[- ]min(?:ute)?s? (?:read|listen)\.?",
        r"(?:[-–—*\s]*)(?:advertisement|advertising|sponsored(?: content)?|paid content|anzeige"
        r"|werbung|publicité|publicidad|реклама)(?:[-–—*\s:.]*)",
        r"(?:story|article|content) continues (?:below|after)\b.{0,40}",
        r"(?:scroll|skip)(?: down)? to (?:continue|keep reading|content)\b.{0,40}",
        r"(?:read|see|watch|hear) (?:more|also|next|related|too)\s*[:|>»→-].{0,200}",
        r"also (?:read|see|watch)\s*[:|>»→-].{0,200}",
        r"(?:related(?: (?:articles?|stories|coverage|news))?|more on this(?: story)?"
        r"|recommended(?: for you| stories)?|read next|more stories)\s*(?:[:|>»→-].{0,200})?",
        r"[\[(]?\s*(?:(?:continue|keep) reading|read (?:more|on|the (?:full|whole|entire|original) "
        r"(?:article|story|post|text|report)))(?: (?:here|at|on|in) .{0,80})?\s*[.…»>→]*\s*[\])]?",
        r"the post .{1,200} (?:first appeared|appeared first) on .{1,100}",
        r"(?:sign up|subscribe|register)\b.{0,80}\b(?:newsletters?|mailing list|briefing|alerts?)\b"
        r"[^\"“”]{0,120}",
        r"get (?:the|our)\b.{0,80}\b(?:in|to|straight to) your inbox\b.{0,60}",
        r"(?:follow|like|find) us on (?-i:[A-Z@])[^\"“”]{0,100}",
        r"(?:share|tweet|print|email|save) (?:this|the) (?:article|story|post|page)\.?",
        r"our standards: .{0,80}trust principles\b.{0,20}",
        r"[(\[]?(?:(?:additional |further )?(?:reporting|writing|research) by|(?:edited|editing)"
        r" by|compiled by|translated by) (?-i:[A-Z])[^\"“”]{1,250}[)\]]?\.?",
        r"(?:©|\(c\)\s|copyright\b\s*(?:©|\(c\)|\d{4}|by\b|(?-i:[A-Z]))).{0,250}",
        r"(?:.{0,100}\.\s+)?all rights reserved\s*(?:[.,;].{0,150})?",
        r"this (?:material|article|content|story) may not be (?:published|reproduced|copied)\b.*",
    )
)


def article_text(text: str) -> tuple[datetime | None, str]:
    """The date that the text's head gives, if any, and the text without head and notices."""
    date, body = split_head(text)
    return date, without_boilerplate(body)


def split_head(text: str) -> tuple[datetime | None, str]:
    """The date that the text's first line gives as the article's, and the text without it.

    The line counts if it is nothing but a date, or a date and a notice, or begins with a label
    ("date 2025-02-28") before more text, which stays. The date is its first moment in UTC.
    """
    text = text.lstrip("\n\r\t \ufeff")
    line, _, rest = text.partition("\n")
    found = DATE_START.match(line)
    if not found:
        return None, text
    after = _after_notice(line[found.end() :])
    noticed = after != line[found.end() :]
    if after and not found["label"] and not noticed:
        return None, text
    date = _day(found["day"])
    if date is None:
        return None, text
    return date, f"{after}\n{rest}".lstrip("\n") if after else rest.lstrip("\n\r\t ")


def without_boilerplate(text: str) -> str:
    """The text without the lines that are no part of it; otherwise as it was."""
    lines = text.split("\n")
    kept: list[str] = []
    seen = 0
    for line in lines:
        stripped = line.strip()
        seen += bool(stripped)
        if stripped and (is_notice(stripped) or (seen <= HEAD_LINES and _is_date(stripped))):
            continue
        kept.append(line)
    if len(kept) == len(lines):
        return text.strip("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")


def is_notice(line: str) -> bool:
    """Whether a line, without space around it, is no part of an article."""
    if len(line) > MAX_NOTICE_CHARACTERS:
        return False
    return any(pattern.fullmatch(line) for pattern in NOTICES)


def _is_date(line: str) -> bool:
    return DATE_START.fullmatch(line) is not None


def _after_notice(text: str) -> str:
    found = NOTICE_START.match(text)
    return text[found.end() :].strip() if found else text


def _day(text: str) -> datetime | None:
    plain = re.sub(r"[.,]", " ", text).lower().split()
    if len(plain) == 3:
        month, day, year = plain if plain[0].isalpha() else (plain[1], plain[0], plain[2])
        text, form = f"{day} {month[:3]} {year}", "%d %b %Y"
    else:
        form = "%Y-%m-%d"
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        return None
