"""Every feed of a collection that is not part of this project, against a golden listing.

The collection is under STANCEWIRE_SHARED, or lies in shared/ beside the checkout.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.contract.feed_listing import listed, render

FEEDS = Path(os.environ.get("STANCEWIRE_SHARED", "../shared")) / "data" / "feeds"
GOLDEN = Path(__file__).with_name("feed_listing.tsv")


@pytest.mark.skipif(not FEEDS.is_dir(), reason="the collection of feeds is not here")
def test_no_entry_is_lost_and_the_counts_are_known() -> None:
    rows = asyncio.run(listed(FEEDS))
    assert not [str(row) for row in rows if row.entries < row.alone]
    assert render(rows) == GOLDEN.read_text(encoding="utf-8")
