"""Options that several commands take; each also from the environment, for containers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

from stancewire.errors import ConfigError
from stancewire.settings import KafkaSettings
from stancewire.watchlist import Watchlist, load_targets, parse_target

F = TypeVar("F", bound=Callable[..., Any])
Decorator = Callable[[F], F]

Runtime = Literal["auto", "onnx", "torch"]


def together(*decorators: Callable[[Any], Any]) -> Callable[[F], F]:
    """Several decorators as one, the first named the outermost."""

    def apply(function: F) -> F:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return apply


kafka_options = together(
    click.option(
        "--bootstrap-servers",
        envvar="STANCEWIRE_BOOTSTRAP_SERVERS",
        default=KafkaSettings.__dataclass_fields__["bootstrap_servers"].default,
        show_default=True,
        help="Kafka brokers, host:port, joined by commas.",
    ),
    click.option(
        "--start-timeout",
        envvar="STANCEWIRE_START_TIMEOUT",
        type=click.FloatRange(min=0),
        default=KafkaSettings.__dataclass_fields__["start_timeout_s"].default,
        show_default=True,
        help="Seconds to wait for the broker and the topics.",
    ),
)


def log_option(default: str) -> Callable[[F], F]:
    """What is logged on stderr."""
    return click.option(
        "--log-level",
        envvar="STANCEWIRE_LOG_LEVEL",
        type=click.Choice(["debug", "info", "warning", "error"]),
        default=default,
        show_default=True,
    )


def metrics_options(port: int) -> Callable[[F], F]:
    """Where /metrics, /healthz and /readyz are served."""
    return together(
        click.option(
            "--metrics-host",
            envvar="STANCEWIRE_METRICS_HOST",
            default="0.0.0.0",
            show_default=True,
            help="Address for /metrics, /healthz and /readyz.",
        ),
        click.option(
            "--metrics-port",
            envvar="STANCEWIRE_METRICS_PORT",
            type=click.IntRange(0, 65535),
            default=port,
            show_default=True,
            help="0 takes a free one.",
        ),
    )


target_options = together(
    click.option(
        "--targets",
        "targets_file",
        envvar="STANCEWIRE_TARGETS",
        type=click.Path(path_type=Path),
        help="The watchlist: a targets.yaml.",
    ),
    click.option("--target", "target_names", multiple=True, help="A target by name; may repeat."),
    click.option(
        "--gate-above",
        envvar="STANCEWIRE_GATE_ABOVE",
        type=click.IntRange(min=0),
        default=20,
        show_default=True,
        help="With more listed targets than this, a statement is judged only against those that "
        "it can speak to.",
    ),
)

model_options = together(
    click.option(
        "--model",
        envvar="STANCEWIRE_STANCE_MODEL",
        type=click.Path(path_type=Path),
        help="The shipped weights 'fast' or 'accurate', or a model directory: one of ours, or any "
        "Hugging Face sequence classification or NLI model.",
    ),
    click.option(
        "--runtime",
        envvar="STANCEWIRE_RUNTIME",
        type=click.Choice(["auto", "onnx", "torch"]),
        default="auto",
        show_default=True,
    ),
    click.option(
        "--threads",
        envvar="STANCEWIRE_THREADS",
        type=click.IntRange(min=1),
        help="Threads of the model; all cores if not given.",
    ),
    click.option(
        "--abstain-below",
        envvar="STANCEWIRE_ABSTAIN_BELOW",
        type=click.FloatRange(0, 1),
        default=0.0,
        show_default=True,
        help="A stance whose label has a lower score is marked as abstained.",
    ),
)


def targets_of(file: Path | None, names: Sequence[str]) -> Watchlist:
    """A file's watchlist with the targets given by name. Raises ConfigError when there is none."""
    watched = load_targets(file) if file else Watchlist(())
    targets = (*watched.targets, *map(parse_target, names))
    if not targets and not watched.entities:
        raise ConfigError("no target to take a stance on: give --targets FILE or --target NAME")
    seen: set[str] = set()
    for target in targets:
        if target.id in seen:
            raise ConfigError("a target is given twice", target=target.id)
        seen.add(target.id)
    return Watchlist(targets, watched.entities)
