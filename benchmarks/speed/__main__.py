"""How fast the pipeline is, on Apache Kafka and real texts; every part prints one Markdown table.

python -m benchmarks.speed PART --data DIR [options]

DIR has quotes/polnear and stance/newsquotes. Needs Linux, Java and Kafka's jars (`make kafka`).
All processes of a part share this machine, Kafka's too, so do not run anything else beside it.
Extraction against spaCy has a command of its own: python -m benchmarks.quotes.
"""

from __future__ import annotations

import signal
import sys

import click

from benchmarks.speed.agreement import agreement
from benchmarks.speed.backlog import backlog
from benchmarks.speed.end_to_end import end_to_end
from benchmarks.speed.growth import growth
from benchmarks.speed.latency import latency
from benchmarks.speed.pairs import pairs
from benchmarks.speed.scaling import scaling
from benchmarks.speed.simulate import simulate
from benchmarks.speed.stages import stages


@click.group(help=__doc__)
def main() -> None:
    # As Ctrl-C does, so that no broker or worker is left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


for part in (
    end_to_end, stages, pairs, latency, scaling, growth, backlog, agreement, simulate,
):  # fmt: skip
    main.add_command(part)

if __name__ == "__main__":
    main(prog_name="python -m benchmarks.speed")
