from __future__ import annotations

import pytest

from producers.addresses import AllowedHosts, is_public, without_credentials


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255"),
        *("192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192"),
        *("224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1"),
        *("168.63.129.16", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254"),
        *(
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "192.88.99.1",
        ),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "::7f00:1"),
        *("2002:c0a8:101::1", "100::1"),
    ],
)
def test_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700::1111", "64:ff9b::808:808"]
)
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("entry", "host", "port", "allowed"),
    [
        ("feeds.local", "FEEDS.local.", 80, True),
        ("feeds.local", "x.feeds.local", 80, False),
        ("feeds.local:8080", "feeds.local", 8080, True),
        ("feeds.local:8080", "feeds.local", 80, False),
        ("::1", "::1", 80, True),
        ("[::1]", "::1", 80, True),
        ("[::1]:8080", "::1", 8080, True),
        ("[::1]:8080", "::1", 80, False),
        ("10.0.0.1:8080", "10.0.0.1", 8080, True),
    ],
)
def test_allowed_hosts(entry: str, host: str, port: int, allowed: bool) -> None:
    assert AllowedHosts([entry]).allow(host, port) is allowed


def test_without_credentials() -> None:
    assert without_credentials("https://u:p@a.org:1/x?q=@") == "https://a.org:1/x?q=@"
    assert without_credentials("https://a.org/@x") == "https://a.org/@x"
