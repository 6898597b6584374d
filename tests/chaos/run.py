"""The long form of the chaos test, as a command.

python -m tests.chaos.run [--articles N] [--faults N] [--seed N] [--kind NAME] [--module NAME]

Runs the whole pipeline twice on three brokers, once undisturbed and once under faults, and compares
every committed record.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click

from tests.chaos.comparison import Contents, Difference, compare, contents
from tests.chaos.faults import KINDS, inflict
from tests.chaos.processes import Processes
from tests.chaos.site import GrowingSite
from tests.support.apache_kafka import free_port

# A fault and the pause before it take so long on average; stories come all the while.
SECONDS_A_FAULT = 8.0

FEEDS = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """A run on one port; `limit_s` bounds what is left to do after the last fault."""

    port: int
    articles: int
    faults: int
    seed: int
    limit_s: float
    kinds: tuple[str, ...] = tuple(KINDS)
    module: str = "stancewire"


def pipeline(folder: Path, plan: Plan) -> tuple[Contents, Counter[str]]:
    """What the pipeline left on its topics, and the faults that it met."""
    with (
        GrowingSite(plan.port, plan.articles, FEEDS, plan.faults * SECONDS_A_FAULT) as site,
        closing(Processes(folder, site, plan.module)) as processes,
    ):
        processes.wait_ready()
        site.begin()
        met = inflict(processes, plan.faults, plan.seed, plan.kinds)
        processes.wait_done(plan.articles, plan.limit_s)
        return contents(processes.kafka), met


def compare_runs(folder: Path, plan: Plan) -> tuple[Difference, Counter[str]]:
    """What the faults changed, and how many of each kind there were."""
    undisturbed, _ = pipeline(folder / "undisturbed", replace(plan, faults=0))
    disturbed, met = pipeline(folder / "disturbed", plan)
    return compare(undisturbed, disturbed), met


@click.command(help=__doc__)
@click.option("--articles", default=5000, show_default=True)
@click.option("--faults", default=100, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--kind", "kinds", type=click.Choice(list(KINDS)), multiple=True)
@click.option(
    "--module", default="stancewire", show_default=True, help="The program that is put to the test."
)
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/chaos-long.json"))
def main(
    articles: int, faults: int, seed: int, kinds: tuple[str, ...], module: str, out: Path
) -> None:
    plan = Plan(free_port(), articles, faults, seed, 3600, kinds or tuple(KINDS), module)
    with tempfile.TemporaryDirectory() as folder:
        difference = report(Path(folder), plan, out)
    sys.exit(0 if difference.none else 1)


def report(folder: Path, plan: Plan, out: Path) -> Difference:
    """Runs both, and writes what came of it as JSON to `out` and the terminal."""
    began = time.monotonic()
    difference, met = compare_runs(folder, plan)
    result = {
        "module": plan.module,
        "articles": plan.articles,
        "faults": dict(met),
        "seconds": round(time.monotonic() - began),
        **asdict(difference),
    }
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    click.echo(json.dumps(result, indent=2))
    return difference


if __name__ == "__main__":
    main()
