"""The poller's schedule against polls at a fixed interval, on a simulated week of a made-up web.

python -m benchmarks.polling [--feeds N] [--days N] [--seed N] [--processes N]

What runs is the real poller (share, schedule, fetcher, parser) over HTTP on loopback, on a clock
that jumps from one thing to do to the next; all feeds are due at the start, as at a first one. See
`site` for what the web is assumed to be like. The fixed polls are exact, but computed: every 15
minutes, and at the interval that takes as many requests as ours. A delay ends when a poll hands
over the article to the transaction, whose own milliseconds are not simulated. Bytes are those of
heads and bodies without compression. Needs Linux, where all of 127.0.0.0/8 is loopback.
"""

from __future__ import annotations

import click

from benchmarks.polling.fixed import fixed
from benchmarks.polling.poller import polled
from benchmarks.polling.site import DAY, create_site
from benchmarks.polling.table import table

QUARTER_HOUR_S = 15 * 60.0


@click.command(help=__doc__)
@click.option("--feeds", type=click.IntRange(min=1), default=2_000, show_default=True)
@click.option("--days", type=click.IntRange(min=2), default=7, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--processes", type=click.IntRange(min=1), default=2, show_default=True)
def main(feeds: int, days: int, seed: int, processes: int) -> None:
    site = create_site(feeds, days, seed)
    ours = polled(site, days, processes)
    same_cost_s = feeds * days * DAY / ours.requests.total()
    ledgers = {
        "Stancewire": ours,
        "every 15 min": fixed(site, days, QUARTER_HOUR_S, seed),
        f"every {same_cost_s / 60:.1f} min": fixed(site, days, same_cost_s, seed),
    }
    hosts = len({feed.host.address for feed in site})
    click.echo(f"{feeds:,} feeds on {hosts:,} hosts, {days} days, seed {seed}\n")
    click.echo(table(site, days, ledgers))


if __name__ == "__main__":
    main()
