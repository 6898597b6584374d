"""`stancewire produce` and `stancewire consume`: the processes of the pipeline."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stancewire.cli.hubs import hub_options
from stancewire.cli.options import (
    fetch_options,
    kafka_options,
    log_options,
    metrics_options,
    model_options,
    target_options,
    targets_of,
    threads_option,
    together,
)
from stancewire.settings import COPIES_WINDOW_H, KafkaSettings, WorkerSettings

if TYPE_CHECKING:
    from consumers.classifying import ClassifierSettings
    from producers.callback import HubSettings
    from producers.fetch import FetchSettings
    from stancewire.kafka.worker import Step

log = logging.getLogger(__name__)

_worker_defaults = WorkerSettings("default")

group_options = together(
    click.option(
        "--group", envvar="STANCEWIRE_GROUP", help="Consumer group; by default the worker's kind."
    ),
    click.option(
        "--replica",
        envvar="STANCEWIRE_REPLICA",
        default=_worker_defaults.replica,
        help="A name that this process keeps over restarts and shares with no other live one; "
        "by default the host's.",
    ),
    click.option(
        "--session-timeout",
        envvar="STANCEWIRE_SESSION_TIMEOUT",
        type=click.FloatRange(min=1),
        default=_worker_defaults.session_timeout_s,
        show_default=True,
        help="Seconds after which a dead replica's partitions go to others.",
    ),
)

worker_options = together(
    group_options,
    click.option(
        "--batch-records",
        envvar="STANCEWIRE_BATCH_RECORDS",
        type=click.IntRange(min=1),
        default=_worker_defaults.batch_records,
        show_default=True,
        help="Records in a transaction, at the most.",
    ),
    click.option(
        "--batch-wait",
        envvar="STANCEWIRE_BATCH_WAIT",
        type=click.FloatRange(min=0),
        default=_worker_defaults.batch_wait_s,
        show_default=True,
        help="Seconds that a record waits for others.",
    ),
)


@click.command()
@click.option(
    "--feeds",
    "feeds_file",
    envvar="STANCEWIRE_FEEDS",
    required=True,
    type=click.Path(path_type=Path),
    help="A feeds.yaml or an OPML file.",
)
@log_options("info")
@kafka_options
@group_options
@fetch_options
@click.option(
    "--copies-window",
    "copies_hours",
    envvar="STANCEWIRE_COPIES_WINDOW",
    type=click.FloatRange(min=0),
    default=COPIES_WINDOW_H,
    show_default=True,
    help="Hours back in which an article may have a copy; 0 looks for none.",
)
@hub_options
@click.option("--once", is_flag=True, help="Poll every feed one time, publish, and end.")
@metrics_options(9101)
def produce(
    feeds_file: Path,
    kafka: KafkaSettings,
    group: str | None,
    replica: str,
    session_timeout: float,
    fetch: FetchSettings,
    copies_hours: float,
    hubs: HubSettings | None,
    once: bool,
    metrics_host: str,
    metrics_port: int,
) -> None:
    """Poll feeds and publish their articles on articles.v1.

    Pollers of one group share the feeds; the list is read again when it changes.
    """
    from producers.fetch import Fetcher
    from producers.produce import FeedProducer
    from producers.watchedlist import WatchedList
    from producers.xmlfeed import check_entity_guard
    from stancewire.kafka import topics
    from stancewire.metrics import FeedMetrics, LoopMetrics
    from stancewire.process import running, utc_now
    from stancewire.tracing import new_tracer

    check_entity_guard()
    feeds = WatchedList(feeds_file)
    tracer = new_tracer("stancewire-produce", replica)
    with running(metrics_host, metrics_port, silence_limit_s=SILENCE_LIMIT_S) as process:
        names = [topics.ARTICLES.name, topics.FEEDS.name]
        if hubs is not None:
            names.append(topics.PUSHES.name)
        if not topics.wait_for(kafka, names, process.stop.wait):
            return
        topics.check(kafka, names)
        FeedProducer(
            feeds=feeds,
            kafka=kafka,
            member=WorkerSettings(
                group or "stancewire-produce", replica, session_timeout_s=session_timeout
            ),
            fetcher=lambda: Fetcher(fetch),
            loop_metrics=LoopMetrics(process.registry),
            feed_metrics=FeedMetrics(process.registry),
            health=process.health,
            stop=process.stop,
            clock=utc_now,
            tracer=tracer,
            copies_window=timedelta(hours=copies_hours),
            hubs=None if once else hubs,
        ).run(once=once)


# A loop beats at least twice a second but for one batch, one commit or one start of a client. A
# batch may take as long as the group allows between two polls.
SILENCE_LIMIT_S = _worker_defaults.max_poll_interval_s


@click.group()
def consume() -> None:
    """Run a worker of the pipeline."""


@consume.command("quotes")
@log_options("info")
@kafka_options
@worker_options
@metrics_options(9102)
@threads_option
def consume_quotes(threads: int | None, **options: Any) -> None:
    """Lift the quotes out of articles: articles.v1 to quotes.v1."""
    from consumers.quotes import QuotesStep
    from models.quotes import load_extractor
    from stancewire.process import utc_now

    _work(
        lambda _: QuotesStep(load_extractor(threads=threads), utc_now),
        "stancewire-quotes",
        **options,
    )


@consume.command("stances")
@target_options
@model_options
@log_options("info")
@kafka_options
@worker_options
@metrics_options(9103)
def consume_stances(
    targets_file: Path | None,
    target_names: tuple[str, ...],
    nearest: int,
    stance: ClassifierSettings,
    abstain_below: float,
    **options: Any,
) -> None:
    """Classify quotes towards the targets: quotes.v1 to stances.v1."""
    from consumers.classifying import build
    from consumers.stances import StancesStep
    from consumers.targets import watch
    from models.stance.gate import Encoder
    from stancewire.metrics import StanceMetrics
    from stancewire.process import utc_now

    watchlist = targets_of(targets_file, target_names)

    def step(registry: Any) -> Step[Any]:
        metrics = StanceMetrics(registry, [target.id for target in watchlist.targets])
        encoder = Encoder(threads=stance.threads)
        classifier = build(stance, encoder, metrics)
        watched = watch(watchlist, nearest, encoder)
        return StancesStep(classifier, watched, utc_now, metrics, abstain_below)

    _work(step, "stancewire-stances", **options)


def _work(
    make_step: Callable[[Any], Step[Any]],
    default_group: str,
    *,
    kafka: KafkaSettings,
    group: str | None,
    replica: str,
    batch_records: int,
    batch_wait: float,
    session_timeout: float,
    metrics_host: str,
    metrics_port: int,
) -> None:
    from stancewire.kafka import topics
    from stancewire.kafka.deadletters import SUFFIX
    from stancewire.kafka.worker import Worker
    from stancewire.metrics import LoopMetrics, ModelMetrics
    from stancewire.process import running, utc_now
    from stancewire.tracing import new_tracer

    settings = WorkerSettings(
        group_id=group or default_group,
        replica=replica,
        batch_records=batch_records,
        batch_wait_s=batch_wait,
        session_timeout_s=session_timeout,
    )
    tracer = new_tracer(default_group, replica)
    with running(metrics_host, metrics_port, silence_limit_s=SILENCE_LIMIT_S) as process:
        process.health.waiting_for = "model"
        step = make_step(process.registry)
        # What is loaded by now stays, so the collector need not look through it again.
        gc.freeze()
        ModelMetrics(process.registry, step.info.name, step.info.revision)
        log.info("%s by %s@%s", step.name, step.info.name, step.info.revision)
        process.health.waiting_for = "broker and topics"
        source = step.source.name
        names = (source, source + SUFFIX, step.sink.name)
        if not topics.wait_for(kafka, names, process.stop.wait):
            return
        topics.check(kafka, names)
        Worker(
            step,
            kafka,
            settings,
            metrics=LoopMetrics(process.registry),
            health=process.health,
            stop=process.stop,
            clock=utc_now,
            tracer=tracer,
        ).run()
