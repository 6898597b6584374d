"""`stancewire demo`."""

from __future__ import annotations

import click

from stancewire.cli.options import log_option


@click.command()
@click.option("--once", is_flag=True, help="End when every sample article is through.")
@log_option("warning")
def demo(once: bool, log_level: str) -> None:
    """Run it all on this machine: embedded broker, sample feeds, both workers; print stances."""
    from stancewire import logs
    from stancewire.demo.run import Demo
    from stancewire.lifecycle import Stop

    logs.set_up(log_level)

    def note(text: str) -> None:
        click.echo(click.style(text, fg="bright_black"), err=True)

    Demo(click.echo, note, Stop().listen(), once=once).run()
    if not once:
        note("ended")
