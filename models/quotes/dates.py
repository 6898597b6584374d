"""The day on which a statement was made, where the words around its cue give it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from models.quotes import words
from models.quotes.tokens import Token, is_month, tokenise

_WEEKDAYS = {
    "monday": 0,
    "tuesday": 1,
    "wednesday": 2,
    "thursday": 3,
    "friday": 4,
    "saturday": 5,
    "sunday": 6,
}
# "on Dec. 30" in an article of early January is last year's; a few days ahead may be a time zone.
_AHEAD = timedelta(days=2)


def said_on(text: str, clause: tuple[int, int], published_on: date | None) -> date | None:
    """The date that a clause gives; without a year it needs the article's date to count from."""
    tokens = tokenise(text, *clause)
    for index, token in enumerate(tokens):
        if is_month(token):
            found = _calendar_date(tokens, index, published_on)
            if found is not None:
                return found
        if published_on is None:
            continue
        if token.lower in _WEEKDAYS and token.is_capital:
            back = (published_on.weekday() - _WEEKDAYS[token.lower]) % 7
            before = tokens[index - 1].lower if index else ""
            if before == "last" and back == 0:
                back = 7
            return published_on - timedelta(days=back)
        if token.lower == "yesterday":
            return published_on - timedelta(days=1)
        if token.lower == "today":
            return published_on
    return None


def _calendar_date(
    tokens: Sequence[Token], month_at: int, published_on: date | None
) -> date | None:
    month = words.MONTHS[tokens[month_at].lower.rstrip(".")]
    day = _number(tokens, month_at + 1)
    year_at = month_at + 2
    if day is None or day > 31:
        day, year_at = _number(tokens, month_at - 1), month_at + 1
    if day is None or not 1 <= day <= 31:
        return None
    if year_at < len(tokens) and tokens[year_at].text == ",":
        year_at += 1
    year = _number(tokens, year_at)
    if year is not None and 1900 <= year <= 2200:
        return _date(year, month, day)
    if published_on is None:
        return None
    found = _date(published_on.year, month, day)
    if found is not None and found > published_on + _AHEAD:
        return _date(published_on.year - 1, month, day)
    return found


def _number(tokens: Sequence[Token], at: int) -> int | None:
    if not 0 <= at < len(tokens):
        return None
    digits = tokens[at].lower.removesuffix("st").removesuffix("nd").removesuffix("rd")
    digits = digits.removesuffix("th")
    # More digits are no day and no year, and int() of a very long run is slow.
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 4 else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
