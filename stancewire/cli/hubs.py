"""Options for feeds whose hubs tell what is new (WebSub)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from stancewire.cli.options import together
from stancewire.errors import ConfigError
from stancewire.security import read_secret

if TYPE_CHECKING:
    from producers.callback import HubSettings

# Sixteen random bytes in hex, or a longer phrase: what is shorter can be guessed.
MIN_SECRET = 32

_options = together(
    click.option(
        "--websub-callback",
        "callback",
        envvar="STANCEWIRE_WEBSUB_CALLBACK",
        help="The public address under which hubs reach --websub-port; without it, all feeds are "
        "polled.",
    ),
    click.option(
        "--websub-secret-file",
        "secret_file",
        envvar="STANCEWIRE_WEBSUB_SECRET_FILE",
        type=click.Path(path_type=Path),
        help=f"A file with {MIN_SECRET} characters or more that only the group's pollers know.",
    ),
    click.option(
        "--websub-host",
        "hubs_host",
        envvar="STANCEWIRE_WEBSUB_HOST",
        default="0.0.0.0",
        show_default=True,
        help="Address to listen on for hubs.",
    ),
    click.option(
        "--websub-port",
        "hubs_port",
        envvar="STANCEWIRE_WEBSUB_PORT",
        type=click.IntRange(0, 65535),
        default=9111,
        show_default=True,
        help="0 takes a free one.",
    ),
)


def hub_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives the command how hubs reach it, as `hubs`; None if they do not."""

    @functools.wraps(command)
    def with_settings(
        *arguments: Any,
        callback: str | None,
        secret_file: Path | None,
        hubs_host: str,
        hubs_port: int,
        **options: Any,
    ) -> Any:
        hubs = _settings(callback, secret_file, hubs_host, hubs_port)
        return command(*arguments, hubs=hubs, **options)

    return _options(with_settings)


def _settings(
    callback: str | None, secret_file: Path | None, host: str, port: int
) -> HubSettings | None:
    if callback is None and secret_file is None:
        return None
    if callback is None or secret_file is None:
        raise ConfigError("--websub-callback and --websub-secret-file belong together")
    from producers.callback import HubSettings
    from producers.websub import Keys

    parts = urlsplit(callback)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ConfigError(f"{callback!r} is no address of the web that a path can be added to")
    secret = read_secret(secret_file)
    if len(secret) < MIN_SECRET:
        reason = f"the secret has {len(secret)} characters; {MIN_SECRET} are needed"
        raise ConfigError(reason, file=secret_file)
    return HubSettings(Keys(secret.encode(), callback), host, port)
