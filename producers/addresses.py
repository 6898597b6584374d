"""Which addresses a feed may lead us to: public ones, and hosts that the operator named."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from yarl import URL

from producers.response import Refusal
from stancewire.errors import FeedError

SCHEMES = frozenset({"http", "https"})
DEFAULT_PORTS = {"http": 80, "https": 443}

# Public by number, yet they answer inside a cloud or a network only: Azure's platform address,
# IETF protocol assignments (Oracle's metadata address is one), 6to4 relays.
NOT_PUBLIC = tuple(
    ip_network(each) for each in ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24")
)

# Where IPv6 alone is spoken, this stands for an IPv4 address: its last 32 bits (RFC 6052).
NAT64 = IPv6Network("64:ff9b::/96")

CREDENTIALS = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@")


def is_public(address: str) -> bool:
    """Whether an IP address (with or without a scope) belongs to the public Internet."""
    ip = ip_address(address.partition("%")[0])
    if ip in NAT64:
        ip = IPv4Address(int(ip) & 0xFFFFFFFF)
    return all(_is_public(each) for each in (ip, *_embedded(ip)))


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    special = ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback
    site_local = isinstance(ip, IPv6Address) and ip.is_site_local
    return (
        ip.is_global
        and not special
        and not site_local
        and not any(ip in network for network in NOT_PUBLIC)
    )


def _embedded(ip: IPv4Address | IPv6Address) -> Iterable[IPv4Address]:
    """The IPv4 addresses that an IPv6 address is a way of writing."""
    if isinstance(ip, IPv4Address):
        return
    if ip.ipv4_mapped:
        yield ip.ipv4_mapped
    if ip.sixtofour:
        yield ip.sixtofour
    if ip.teredo:
        yield from ip.teredo


def normal_host(host: str) -> str:
    """A host as hosts are compared: lower case, no root dot, no brackets."""
    return host.strip().strip("[]").rstrip(".").lower()


class AllowedHosts:
    """Hosts that may be asked although their address is not public.

    An entry is a name or a literal address, alone or with a port: `feeds.local`, `[::1]:8080`.
    """

    def __init__(self, entries: Collection[str] = ()) -> None:
        self._entries = frozenset(_host_and_port(entry) for entry in entries)

    def allow(self, host: str, port: int | None) -> bool:
        host = normal_host(host)
        return (host, None) in self._entries or (host, port) in self._entries


def _host_and_port(entry: str) -> tuple[str, int | None]:
    entry = entry.strip()
    if entry.count(":") > 1 and not entry.startswith("["):
        return normal_host(entry), None
    host, colon, port = entry.rpartition(":")
    if colon and port.isdecimal():
        return normal_host(host), int(port)
    return normal_host(entry), None


def without_credentials(url: str) -> str:
    """The URL as it may be shown and published: no user name, no password."""
    return CREDENTIALS.sub(r"\1", url, count=1)


def parse_url(url: str) -> URL:
    """An address as it is asked; raises FeedError if it is none of the web."""
    try:
        parsed = URL(url)
    except ValueError as error:
        where = without_credentials(url)
        raise FeedError(f"not an address: {error}", reason="address", url=where) from error
    if parsed.scheme not in SCHEMES or not parsed.host:
        message = "only http and https addresses are fetched"
        raise FeedError(message, reason="address", url=without_credentials(url))
    return parsed


def redirect_target(here: URL, location: str | None) -> URL:
    """Where a redirect leads; raises Refusal if nowhere that may be asked."""
    if not location:
        raise Refusal("a redirect without an address to go to", "redirect")
    try:
        target = here.join(URL(location.strip())).with_fragment(None)
    except ValueError as error:
        raise Refusal(
            f"a redirect to {location[:200]!r}, which is no address", "redirect"
        ) from error
    if target.scheme not in SCHEMES or not target.host:
        raise Refusal(
            f"a redirect to {location[:200]!r}; only http and https are followed", "redirect"
        )
    return target
