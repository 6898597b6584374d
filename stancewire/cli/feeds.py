"""`stancewire feeds`: what a feed would yield, and how the known ones fare."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stancewire.cli.options import fetch_options, kafka_options, log_options
from stancewire.settings import KafkaSettings

if TYPE_CHECKING:
    from producers.feedlist import FeedSpec
    from producers.fetch import FetchSettings
    from producers.harvest import Polled
    from stancewire.feed_records import FeedState

# What tells an article from others on one line of a terminal.
_TITLE_CHARS = 70
_OPENING_CHARS = 100
_ERROR_CHARS = 120


@click.group()
def feeds() -> None:
    """Try feeds out, and see how those that are polled fare."""


@feeds.command()
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@log_options("error")
@fetch_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object a feed, with the articles.")
def check(urls: tuple[str, ...], fetch: FetchSettings, as_json: bool) -> None:
    """Poll each feed once, without Kafka, and show what would be published.

    Of what would not be published as it stands, it says why. Ends with status 1 if a feed failed.
    """
    from producers.feedlist import FeedSpec, feed_id, usable_url, with_path
    from producers.xmlfeed import check_entity_guard
    from stancewire.errors import ConfigError

    check_entity_guard()
    specs = []
    for url in urls:
        try:
            usable = usable_url(url)
        except ValueError as error:
            raise ConfigError(str(error)) from error
        specs.append(with_path(FeedSpec(id=feed_id(usable), url=usable), Path()))
    failed = False
    for spec, polled in zip(specs, asyncio.run(_poll(specs, fetch)), strict=True):
        failed = failed or polled.error is not None
        if as_json:
            click.echo(json.dumps(_report(spec, polled), ensure_ascii=False))
        else:
            _show(spec, polled)
    sys.exit(1 if failed else 0)


async def _poll(specs: list[FeedSpec], settings: FetchSettings) -> list[Polled]:
    from producers.fetch import Fetcher
    from producers.lanes import Lanes
    from producers.poll import Web, poll
    from stancewire.feed_records import FeedState
    from stancewire.process import utc_now

    async with Fetcher(settings) as fetcher, Lanes() as reader:
        web = Web(fetcher, reader)
        return await asyncio.gather(
            *(poll(spec, FeedState(id=spec.id, url=spec.url), web, utc_now()) for spec in specs)
        )


def _report(spec: FeedSpec, polled: Polled) -> dict[str, Any]:
    state = polled.state
    return {
        "url": spec.url,
        "moved_to": state.url if state.url != spec.url else None,
        "title": state.title,
        "error": str(polled.error) if polled.error else None,
        "interval_seconds": _interval(state),
        "hub": state.subscription.hub if state.subscription else None,
        "articles": [article.model_dump(mode="json") for article in polled.articles],
        "skipped": [{"what": each.what, "reason": each.reason} for each in polled.skipped],
    }


def _interval(state: FeedState) -> int | None:
    if state.next_check_at is None or state.checked_at is None:
        return None
    return round((state.next_check_at - state.checked_at).total_seconds())


def _show(spec: FeedSpec, polled: Polled) -> None:
    report = _report(spec, polled)
    click.echo(f"{spec.url}")
    if report["moved_to"]:
        click.echo(f"  moved to   {report['moved_to']}")
    if report["title"]:
        click.echo(f"  title      {report['title']}")
    if report["error"]:
        click.echo(f"  failed     {report['error']}")
    if report["interval_seconds"]:
        click.echo(f"  next poll  in {report['interval_seconds'] / 60:.0f} min")
    if report["hub"]:
        click.echo(f"  hub        {report['hub']}")
    click.echo(f"  articles   {len(polled.articles)}")
    for article in polled.articles:
        date = f"{article.published_at:%Y-%m-%d %H:%M}" if article.published_at else "no date"
        title = _cut(article.title or "(no title)", _TITLE_CHARS)
        click.echo(f"    {date:<16}  {len(article.text):>6} characters  {title}")
        click.echo(f"      {_cut(article.text, _OPENING_CHARS)}")
    if polled.skipped:
        click.echo(f"  notes      {len(polled.skipped)}")
        for each in polled.skipped:
            click.echo(f"    {each}")


def _cut(text: str, characters: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= characters else line[: characters - 1] + "…"


@feeds.command("list")
@log_options("warning")
@kafka_options
@click.option("--failing", is_flag=True, help="Only feeds that failed last time or are gone.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a feed.")
def list_feeds(kafka: KafkaSettings, failing: bool, as_json: bool) -> None:
    """List the feeds that were ever polled: state, last and next poll, address, last error.

    What a poll without news changes is written once an hour, so its times may be that old.
    """
    from producers.states import read_states
    from stancewire.kafka import topics

    topics.wait_for(kafka, (topics.FEEDS.name,))
    found = read_states(kafka).feeds
    shown = 0
    for _, places in sorted(found.items()):
        state = places.newest
        if failing and not state.failures:
            continue
        shown += 1
        click.echo(json.dumps(_row(state), ensure_ascii=False) if as_json else _line(state))
    click.echo(f"{shown} feeds", err=True)


def _row(state: FeedState) -> dict[str, Any]:
    row = state.model_dump(mode="json", exclude={"seen", "recent", "body_hash"})
    return {"status": _status(state), **row, "entries": len(state.seen)}


def _status(state: FeedState) -> str:
    if state.retired_at:
        return "gone"
    return f"failed {state.failures}x" if state.failures else "ok"


def _line(state: FeedState) -> str:
    times = [
        f"{at:%Y-%m-%d %H:%M:%S}" if at else "never"
        for at in (state.checked_at, state.next_check_at)
    ]
    parts = [state.id, _status(state), f"last {times[0]}", f"next {times[1]}", state.url]
    known = state.subscription
    if known and known.lease_until:
        parts.append(f"hub until {known.lease_until:%Y-%m-%d %H:%M}")
    elif known and known.error:
        parts.append(f"hub: {_cut(known.error, _ERROR_CHARS)}")
    return "  ".join(
        [*parts, *([_cut(state.last_error, _ERROR_CHARS)] if state.last_error else [])]
    )
