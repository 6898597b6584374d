"""`stancewire demo`."""

from __future__ import annotations

import click

from stancewire.cli.options import log_options


@click.command()
@click.option("--once", is_flag=True, help="End when every sample article is through.")
@log_options("warning")
def demo(once: bool) -> None:
    """Run it all on this machine: embedded broker, sample feeds, both workers; print stances."""
    from stancewire.demo.run import Demo
    from stancewire.lifecycle import Stop

    def note(text: str) -> None:
        click.echo(click.style(text, fg="bright_black"), err=True)

    Demo(click.echo, note, Stop().listen(), once=once).run()
    if not once:
        note("ended")
