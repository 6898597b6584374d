"""What a site's robots.txt allows (RFC 9309)."""

from __future__ import annotations

from protego import Protego

# The name that robots.txt files know this program by.
PRODUCT = "Stancewire"
# What RFC 9309 has a crawler read at the least.
MAX_ROBOTS_BYTES = 500 * 1024
# Some sites ask for minutes between requests, meant for crawlers of all their pages.
MAX_DELAY_SECONDS = 10.0


def verdict(robots: bytes, url: str) -> tuple[bool, float]:
    """Whether the rules allow a page of their site, and the pause that they want, in seconds."""
    rules = Protego.parse(robots[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace"))
    delay = rules.crawl_delay(PRODUCT) or 0.0
    return rules.can_fetch(url, PRODUCT), min(max(float(delay), 0.0), MAX_DELAY_SECONDS)
