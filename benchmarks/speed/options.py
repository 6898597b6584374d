"""Options that several parts take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from stancewire.cli.options import together

data_option = click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True,
    help="…/data: with quotes/polnear and stance/newsquotes.",
)  # fmt: skip

model_option = click.option(
    "--model",
    default="fast",
    show_default=True,
    help="accurate, fast, small, or a model directory.",
)

threads_option = click.option(
    "--threads", type=click.IntRange(min=1), help="Threads of every contestant; all cores if none."
)

seed_option = click.option("--seed", default=0, show_default=True)

core_option = click.option(
    "--core", type=int, default=0, show_default=True, help="The core to run on."
)


def threads_in_words(threads: int | None) -> str:
    return f"threads: {threads or 'as many as cores'}"


def rounds_option(default: int = 3) -> Callable[[Any], Any]:
    return click.option("--rounds", type=click.IntRange(min=1), default=default, show_default=True)


def count_option(name: str, default: int, help: str, least: int = 1) -> Callable[[Any], Any]:
    return click.option(
        name, type=click.IntRange(min=least), default=default, show_default=True, help=help
    )


workers_options = together(
    count_option("--quote-workers", 1, "Processes of `consume quotes`."),
    count_option("--stance-workers", 1, "Processes of `consume stances`."),
    click.option("--pin", is_flag=True, help="One thread and one core for each worker, in turn."),
    click.option("--every-pair", is_flag=True, help="Without memory and gate."),
)
