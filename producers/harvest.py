"""From the entries of one document to what is new or edited, with their pages where needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from producers.addresses import without_credentials
from producers.articles import MAX_TEXT_BYTES, Draft, plausible, to_article, with_page
from producers.feedlist import FeedSpec
from producers.fulltext import FullText, PageNotAllowedError
from producers.pages import Page
from producers.schedule import arrivals
from stancewire.errors import StancewireError
from stancewire.feed_records import FeedState, SeenEntry
from stancewire.reasons import SkipReason
from stancewire.records import Article, Feed

# Feeds that drop an entry and bring it back do so within this many entries.
MAX_SEEN_AFTER_LEAVING = 2_000
# A new feed of bare summaries is read over several polls, so that none takes hours.
MAX_PAGES = 100
# A site whose pages fail is not asked for all of them.
MAX_PAGE_FAILURES = 3


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that a feed has and that was not published as it stands, and why."""

    what: str
    reason: str
    kind: SkipReason

    def __str__(self) -> str:
        return f"{self.what}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll found: articles to publish, and the state that goes with them."""

    state: FeedState
    articles: tuple[Article, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    error: StancewireError | None = None


class Harvest:
    """Goes through the entries of one document and gathers what is to be published."""

    def __init__(
        self,
        spec: FeedSpec,
        state: FeedState,
        language: str | None,
        now: datetime,
        full_text: FullText,
    ) -> None:
        self._spec = spec
        self._state = state
        self._feed = Feed(id=spec.id, url=without_credentials(spec.url), title=state.title)
        self._language = language
        self._now = now
        self._full_text = full_text
        self._articles: list[Article] = []
        self._skipped: list[Skipped] = []
        self._recent = state.recent
        self._gone = dict(state.seen)
        self._present: dict[str, SeenEntry] = {}
        self._pages = 0
        self._page_failures = 0
        self._deferred = 0

    async def gather(self, found: Sequence[Draft]) -> None:
        dates = [plausible(draft.entry.published_at, self._now) for draft in found]
        self._recent = arrivals(self._recent, filter(None, dates), self._now)
        for draft in found:
            before = self._gone.pop(draft.article_id, None)
            if before:
                self._present[draft.article_id] = before
            if before is None or before.content_hash != draft.content_hash:
                await self._take(draft, revision=before.revision + 1 if before else 1)

    async def _take(self, draft: Draft, revision: int) -> None:
        wants_page = draft.is_summary if self._spec.full_text is None else self._spec.full_text
        entry, text = draft.entry, draft.text
        if wants_page and entry.url:
            if self._pages >= MAX_PAGES:
                self._deferred += 1
                return
            page = await self._page(entry.url)
            if page:
                entry, text = with_page(draft, page)
        if not text.strip():
            self.skip("no_text", _label(draft), "it has no text")
            return
        if len(text.encode("utf-8")) > MAX_TEXT_BYTES:
            reason = f"its text has more than {MAX_TEXT_BYTES:,} bytes"
            self.skip("too_large", _label(draft), reason)
            return
        self._articles.append(
            to_article(
                draft.article_id,
                entry,
                text,
                feed=self._feed,
                language=self._language,
                revision=revision,
                fetched_at=self._now,
            )
        )
        self._present[draft.article_id] = SeenEntry(
            revision=revision, content_hash=draft.content_hash
        )

    async def _page(self, url: str) -> Page | None:
        """The article's page, or None, noted, if it cannot be had."""
        if self._page_failures >= MAX_PAGE_FAILURES:
            reason = "page not asked for after others failed; the feed's text stands for it"
            self.skip("page", url, reason)
            return None
        self._pages += 1
        try:
            page = await self._full_text.read(url)
        except StancewireError as error:
            forbidden = isinstance(error, PageNotAllowedError)
            self._page_failures += not forbidden
            reason = f"page not read, the feed's text stands for it: {error}"
            self.skip("robots" if forbidden else "page", url, reason)
            return None
        self._page_failures = 0
        return page

    def skip(self, kind: SkipReason, what: str, reason: str) -> None:
        self._skipped.append(Skipped(what, reason, kind))

    def result(self) -> Polled:
        left = dict(list(self._gone.items())[-MAX_SEEN_AFTER_LEAVING:])
        undated = any(not article.published_at for article in self._articles)
        if undated or not self._recent:  # it came some time before this poll
            self._recent = arrivals(self._recent, [self._now], self._now)
        state = self._state.model_copy(
            update={"seen": {**left, **self._present}, "recent": self._recent}
        )
        if self._deferred:
            self.skip("later", self._spec.id, f"{self._deferred} entries wait for the next poll")
            # Without these, the next poll gets and reads the document again.
            again = dict.fromkeys(("etag", "last_modified", "body_hash"))
            state = state.model_copy(update=again)
        return Polled(state, tuple(self._articles), tuple(self._skipped))


def _label(draft: Draft) -> str:
    return draft.entry.url or draft.entry.title or draft.article_id
