"""The client that all requests go through: to public addresses only, and each asked once."""

from __future__ import annotations

import socket
from contextvars import ContextVar

import aiohttp

from producers.addresses import is_public

# One process should not hold more sockets than a default limit of 1,024 open files allows.
MAX_CONNECTIONS = 200
# Servers close idle connections after five seconds or more; one that closes as we ask has failed.
KEEP_ALIVE_SECONDS = 3.0

# Whether the host that this task is asking was allowed by name; read where sockets are made.
allowed_by_name: ContextVar[bool] = ContextVar("allowed_by_name", default=False)


class AddressRefusedError(OSError):
    """Raised instead of making a socket to an address that is not public."""


def open_session(user_agent: str) -> aiohttp.ClientSession:
    """A session without cookies and without a time limit of its own; to be closed."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=MAX_CONNECTIONS,
            keepalive_timeout=KEEP_ALIVE_SECONDS,
            socket_factory=_public_socket,
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": user_agent},
        timeout=aiohttp.ClientTimeout(total=None),
        middlewares=(_once,),
    )


def _public_socket(address: aiohttp.AddrInfoType) -> socket.socket:
    """Makes the socket for an address that is about to be connected to, if it may be."""
    family, kind, protocol, _, endpoint = address
    if not allowed_by_name.get() and not is_public(str(endpoint[0])):
        raise AddressRefusedError("refused: its address is not public")  # several become one
    return socket.socket(family=family, type=kind, proto=protocol)


async def _once(
    request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Sends a request; where the connection ends unanswered, the client would ask again at once."""
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise aiohttp.ClientConnectionError(str(error)) from error
