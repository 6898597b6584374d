"""Options that several commands take; each also from the environment, for containers."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import click

from stancewire import logs
from stancewire.errors import ConfigError
from stancewire.security import MECHANISMS, PROTOCOLS, Security
from stancewire.settings import (
    HOST_PAUSE_S,
    OFF_TOPIC_BELOW,
    OFF_TOPIC_BELOW_SMALL,
    PRIOR_WEIGHT,
    REMEMBERED_PAIRS,
    KafkaSettings,
)
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


_kafka_options = together(
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
    click.option(
        "--security-protocol",
        envvar="STANCEWIRE_SECURITY_PROTOCOL",
        type=click.Choice(PROTOCOLS),
        default=PROTOCOLS[0],
        show_default=True,
    ),
    click.option(
        "--sasl-mechanism",
        envvar="STANCEWIRE_SASL_MECHANISM",
        type=click.Choice(MECHANISMS),
        default=MECHANISMS[0],
        show_default=True,
    ),
    click.option("--sasl-username", envvar="STANCEWIRE_SASL_USERNAME"),
    click.option(
        "--sasl-password-file",
        envvar="STANCEWIRE_SASL_PASSWORD_FILE",
        type=click.Path(path_type=Path),
        help="A file that holds the password and nothing else.",
    ),
    click.option(
        "--ssl-ca-file",
        envvar="STANCEWIRE_SSL_CA_FILE",
        type=click.Path(path_type=Path),
        help="PEM: who signed the brokers' certificates; by default whom the system trusts.",
    ),
    click.option(
        "--ssl-cert-file",
        envvar="STANCEWIRE_SSL_CERT_FILE",
        type=click.Path(path_type=Path),
        help="PEM: this client's certificate, where brokers ask for one.",
    ),
    click.option(
        "--ssl-key-file",
        envvar="STANCEWIRE_SSL_KEY_FILE",
        type=click.Path(path_type=Path),
        help="PEM: the key of that certificate.",
    ),
)


def kafka_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives the command how to reach Kafka, as `kafka`."""

    @functools.wraps(command)
    def with_settings(
        *arguments: Any,
        bootstrap_servers: str,
        start_timeout: float,
        security_protocol: str,
        sasl_mechanism: str,
        sasl_username: str | None,
        sasl_password_file: Path | None,
        ssl_ca_file: Path | None,
        ssl_cert_file: Path | None,
        ssl_key_file: Path | None,
        **options: Any,
    ) -> Any:
        security = Security(
            protocol=security_protocol,
            mechanism=sasl_mechanism,
            username=sasl_username,
            password_file=sasl_password_file,
            ca_file=ssl_ca_file,
            cert_file=ssl_cert_file,
            key_file=ssl_key_file,
        )
        kafka = KafkaSettings(bootstrap_servers, start_timeout, security)
        return command(*arguments, kafka=kafka, **options)

    return _kafka_options(with_settings)


_fetch_options = together(
    click.option(
        "--contact",
        envvar="STANCEWIRE_CONTACT",
        help="A URL or address for the User-Agent, so that publishers can reach you.",
    ),
    click.option(
        "--allow-host",
        "allowed_hosts",
        envvar="STANCEWIRE_ALLOW_HOSTS",
        multiple=True,
        help="A host, or host:port, that may be fetched although its address is private; "
        "may repeat.",
    ),
    click.option(
        "--host-pause",
        "pause_s",
        envvar="STANCEWIRE_HOST_PAUSE",
        type=click.FloatRange(min=0),
        default=HOST_PAUSE_S,
        show_default=True,
        help="Seconds between two requests to one host.",
    ),
)


def fetch_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives the command how to fetch feeds and pages, as `fetch`."""

    @functools.wraps(command)
    def with_settings(
        *arguments: Any,
        contact: str | None,
        allowed_hosts: tuple[str, ...],
        pause_s: float,
        **options: Any,
    ) -> Any:
        from producers.fetch import FetchSettings, user_agent

        fetch = FetchSettings(user_agent(contact), allowed_hosts, pause_seconds=pause_s)
        return command(*arguments, fetch=fetch, **options)

    return _fetch_options(with_settings)


def log_options(default: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """What is logged on stderr, and how; stands above options that may raise."""
    options = together(
        click.option(
            "--log-level",
            envvar="STANCEWIRE_LOG_LEVEL",
            type=click.Choice(["debug", "info", "warning", "error"]),
            default=default,
            show_default=True,
        ),
        click.option(
            "--log-format",
            envvar="STANCEWIRE_LOG_FORMAT",
            type=click.Choice(get_args(logs.Style)),
            default="auto",
            show_default=True,
            help="auto: text on a terminal, else JSON, one object a line.",
        ),
    )

    def apply(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def with_logs(
            *arguments: Any, log_level: str, log_format: logs.Style, **options: Any
        ) -> Any:
            logs.set_up(log_level, log_format)
            return command(*arguments, **options)

        return options(with_logs)

    return apply


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
        "--nearest",
        envvar="STANCEWIRE_NEAREST",
        type=click.IntRange(min=1),
        default=18,
        show_default=True,
        help="Of a longer watchlist, a statement is judged against this many targets: those that "
        "it names, and those nearest to it in meaning.",
    ),
)

threads_option = click.option(
    "--threads",
    envvar="STANCEWIRE_THREADS",
    type=click.IntRange(min=1),
    help="Threads of the model; all cores if not given.",
)

_model_options = together(
    click.option(
        "--model",
        envvar="STANCEWIRE_STANCE_MODEL",
        type=click.Path(path_type=Path),
        help="A shipped size, 'accurate' (the default), 'fast' or 'small', or a model directory: "
        "one of ours, or any Hugging Face sequence classification or NLI model.",
    ),
    click.option(
        "--runtime",
        envvar="STANCEWIRE_RUNTIME",
        type=click.Choice(["auto", "onnx", "torch"]),
        default="auto",
        show_default=True,
    ),
    threads_option,
    click.option(
        "--prior",
        envvar="STANCEWIRE_PRIOR",
        type=click.FloatRange(0, 1),
        default=PRIOR_WEIGHT,
        show_default=True,
        help="How much less a side counts the less likely it is by the vectors of statement and "
        "target, in a long list the more; 0 lets the classifier alone decide.",
    ),
    click.option(
        "--off-topic-below",
        envvar="STANCEWIRE_OFF_TOPIC_BELOW",
        type=click.FloatRange(0, 1),
        default=None,
        show_default=f"{OFF_TOPIC_BELOW_SMALL} with 'small', else {OFF_TOPIC_BELOW}",
        help="A pair that is less likely to take a side, by the vectors of statement and target, "
        "is neutral without the classifier; 0 asks it about every pair.",
    ),
    click.option(
        "--remember",
        envvar="STANCEWIRE_REMEMBER",
        type=click.IntRange(min=0),
        default=REMEMBERED_PAIRS,
        show_default=True,
        help="Pairs whose scores are kept for repeated statements; 0 keeps none.",
    ),
)

abstain_option = click.option(
    "--abstain-below",
    envvar="STANCEWIRE_ABSTAIN_BELOW",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="A stance whose label has a lower score is marked as abstained.",
)


def model_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives the command what classifies, as `stance`."""

    @functools.wraps(command)
    def with_settings(
        *arguments: Any,
        model: Path | None,
        runtime: Runtime,
        threads: int | None,
        prior: float,
        off_topic_below: float | None,
        remember: int,
        **options: Any,
    ) -> Any:
        from consumers.classifying import ClassifierSettings

        stance = ClassifierSettings(model, runtime, threads, prior, off_topic_below, remember)
        return command(*arguments, stance=stance, **options)

    return abstain_option(_model_options(with_settings))


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
