"""Why a feed failed or an entry was not published as it stands: the words that metrics use."""

from __future__ import annotations

from typing import Literal

FeedReason = Literal[
    "address",
    "connection",
    "timeout",
    "status",
    "redirect",
    "too_large",
    "robots",
    "not_a_feed",
    "unparsable",
]

SkipReason = Literal["no_text", "too_large", "page", "robots", "later", "too_many"]
