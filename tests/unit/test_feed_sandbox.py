from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from producers.feedlist import FeedSpec
from producers.lanes import SMALL_BYTES, Lanes
from producers.poll import Web, poll
from producers.sandbox import Sandbox
from stancewire.errors import FeedError, InputError
from stancewire.feed_records import FeedState
from tests.unit.feed_server import fetcher


def double(number: int) -> int:
    return 2 * number


def hang() -> None:
    time.sleep(60)


def bloat() -> int:
    return len(bytearray(8 * 2**30))


def crash() -> None:
    os._exit(11)


def refuse() -> None:
    raise InputError("no good", line=7)


def break_down() -> None:
    raise RecursionError("too deep")


@pytest.mark.parametrize(
    ("function", "error", "reason"),
    [
        (hang, FeedError, r"not parsed within 5 s"),
        (bloat, FeedError, "more memory"),
        (crash, FeedError, "ended by what it read"),
        (refuse, InputError, r"no good \(line 7\)"),
        (break_down, FeedError, "RecursionError: too deep"),
    ],
)
def test_what_goes_wrong_in_there_is_an_error_and_the_next_call_works(
    function: Callable[..., Any], error: type[Exception], reason: str
) -> None:
    async def run() -> None:
        async with Sandbox(seconds=5) as reader:
            with pytest.raises(error, match=reason):
                await reader(function)
            assert await reader(double, 21) == 42

    asyncio.run(run())


def slow(document: bytes) -> int:
    time.sleep(60)
    return len(document)


def test_a_large_document_that_hangs_holds_no_small_one_up() -> None:
    async def run() -> None:
        async with Lanes(small_seconds=8, large_seconds=10) as reader:
            large = asyncio.create_task(reader(slow, b"x" * (SMALL_BYTES + 1)))
            for number in range(5):
                assert await reader(double, number) == 2 * number
            assert not large.done()
            with pytest.raises(FeedError, match="not parsed within 10 s"):
                await large

    asyncio.run(run())


def test_a_small_document_that_hangs_is_ended_sooner() -> None:
    async def run() -> None:
        async with Lanes(small_seconds=5) as reader:
            with pytest.raises(FeedError, match="not parsed within 5 s"):
                await reader(slow, b"x")
            assert await reader(double, 21) == 42

    asyncio.run(run())


def test_leaving_ends_what_still_runs() -> None:
    async def run() -> None:
        async with Sandbox() as reader:
            task = asyncio.create_task(reader(hang))
            await asyncio.sleep(0.5)
            task.cancel()

    began = time.monotonic()
    asyncio.run(run())
    assert time.monotonic() - began < 20


def speak_up() -> None:
    logging.getLogger("parser").error("no\n2026-01-01 00:00:00,000 CRITICAL stancewire: over")


def test_what_libraries_say_in_there_is_no_line_of_ours(capfd: pytest.CaptureFixture[str]) -> None:
    async def run() -> None:
        async with Sandbox() as reader:
            await reader(speak_up)

    asyncio.run(run())
    assert capfd.readouterr().err == ""


def test_it_ends_without_a_word_when_its_parent_is_killed() -> None:
    code = (
        "import asyncio, os, signal, time\n"
        "from producers.sandbox import Sandbox\n"
        "async def run():\n"
        "    async with Sandbox() as reader:\n"
        "        await reader(time.sleep, 0)\n"
        "        task = asyncio.create_task(reader(time.sleep, 1))\n"
        "        await asyncio.sleep(0.5)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(run())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, "")


def test_poll_reads_a_feed_in_there(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(
        "<rss version='2.0'><channel><title>t</title>"
        "<item><guid>1</guid><description>She said no.</description></item></channel></rss>"
    )
    spec = FeedSpec(id="f", url="file:feed.xml", path=path)
    state = FeedState(id="f", url=spec.url)

    async def run() -> list[str]:
        async with fetcher() as client, Sandbox() as reader:
            now = datetime(2024, 11, 5, tzinfo=UTC)
            polled = await poll(spec, state, Web(client, reader), now)
            return [article.text for article in polled.articles]

    assert asyncio.run(run()) == ["She said no."]
