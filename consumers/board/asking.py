"""What a request asks for; what it cannot mean is answered with 400 and the reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from aiohttp import web

from consumers.board.queries import Filter

LABELS = ("favor", "against", "neutral")
# A longer search finds nothing more, and costs.
MAX_WORDS = 200


def problem(kind: type[web.HTTPException], reason: str) -> web.HTTPException:
    return kind(text=json.dumps({"error": reason}), content_type="application/json")


def read_filter(query: Mapping[str, str]) -> Filter:
    """The filters of a request; answers 400 for what is no time or label."""
    label = query.get("label")
    if label is not None and label not in LABELS:
        raise problem(web.HTTPBadRequest, f"label is one of {', '.join(LABELS)}")
    return Filter(
        text=read_text(query, "q"),
        speaker=query.get("speaker") or None,
        target=query.get("target") or None,
        label=label,
        feed=query.get("feed") or None,
        since=_read_moment(query, "since"),
        until=_read_moment(query, "until"),
    )


def read_text(query: Mapping[str, str], name: str) -> str | None:
    text = query.get(name, "").strip()
    if len(text) > MAX_WORDS:
        raise problem(web.HTTPBadRequest, f"{name} has more than {MAX_WORDS} characters")
    return text or None


def _read_moment(query: Mapping[str, str], name: str) -> float | None:
    text = query.get(name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.upper())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError) as error:
        raise problem(web.HTTPBadRequest, f"{name} is no ISO 8601 time") from error


def read_number(
    query: Mapping[str, str], name: str, default: int | None, most: int = 2**62
) -> int | None:
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text[:20]) <= most:
        raise problem(web.HTTPBadRequest, f"{name} is a number from 1 to {most}")
    return int(text)
