"""`stancewire demo`."""

from __future__ import annotations

import os
import sys
import webbrowser

import click

from stancewire.cli.options import log_options


@click.command()
@click.option("--once", is_flag=True, help="End when every sample article is through.")
@click.option(
    "--open/--no-open",
    "opened",
    default=None,
    help="Open the board in a browser; the default is to, on a terminal of a desktop.",
)
@log_options("warning")
def demo(once: bool, opened: bool | None) -> None:
    """Run it all on this machine: embedded broker, sample feeds, workers and the live board."""
    from stancewire.demo.run import Demo
    from stancewire.lifecycle import Stop

    def note(text: str) -> None:
        click.echo(click.style(text, fg="bright_black"), err=True)

    def show(url: str) -> None:
        if _on_a_desktop() if opened is None else opened:
            webbrowser.open(url)

    Demo(click.echo, note, show, Stop().listen(), once=once).run()
    if not once:
        note("ended")


def _on_a_desktop() -> bool:
    """Elsewhere a browser would be one of text, in the terminal."""
    screen = sys.platform in ("darwin", "win32") or {"DISPLAY", "WAYLAND_DISPLAY"} & {*os.environ}
    return sys.stdout.isatty() and bool(screen)
