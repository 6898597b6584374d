"""The parts of a process: health over real HTTP, the watchdog and signals in real processes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from stancewire.errors import ConfigError
from stancewire.health import Health, HealthServer
from stancewire.metrics import FeedMetrics, LoopMetrics, StanceMetrics


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_ready_means_alive_and_waiting_for_nothing() -> None:
    health = Health(limit_s=60)
    with HealthServer(health, CollectorRegistry(), "127.0.0.1", 0) as server:
        assert get(server.port, "/healthz")[0] == 200
        status, body = get(server.port, "/readyz")
        assert (status, json.loads(body)["waiting_for"]) == (503, "start")
        health.waiting_for = None
        assert get(server.port, "/readyz")[0] == 200
        assert get(server.port, "/nothing")[0] == 404


def test_a_silent_loop_is_neither_alive_nor_ready() -> None:
    health = Health(limit_s=0.0)
    health.waiting_for = None
    with HealthServer(health, CollectorRegistry(), "127.0.0.1", 0) as server:
        assert get(server.port, "/healthz")[0] == 503
        assert get(server.port, "/readyz")[0] == 503


def test_a_taken_port_is_named() -> None:
    health = Health(60)
    with (
        HealthServer(health, CollectorRegistry(), "127.0.0.1", 0) as server,
        pytest.raises(ConfigError, match=f"port {server.port}"),
    ):
        HealthServer(health, CollectorRegistry(), "127.0.0.1", server.port)


def test_metrics_are_prefixed_documented_and_begin_at_zero() -> None:
    registry = CollectorRegistry()
    LoopMetrics(registry)
    StanceMetrics(registry)
    FeedMetrics(registry)
    with HealthServer(Health(60), registry, "127.0.0.1", 0) as server:
        families = list(text_string_to_metric_families(get(server.port, "/metrics")[1]))
    assert families
    for family in families:
        assert family.name.startswith("stancewire_")
        assert family.documentation
        assert family.samples, f"{family.name} shows nothing before its first event"
        for sample in family.samples:
            if family.type == "counter" and sample.name.endswith("_total"):
                assert sample.value == 0


def python(code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code],
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_the_watchdog_ends_a_stuck_process_with_its_stacks() -> None:
    code = (
        "import time\nfrom stancewire.watchdog import ends_process_after\n"
        "def stuck():\n    time.sleep(60)\n"
        "with ends_process_after(0.3):\n    stuck()\n"
    )
    process = python(code)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "in stuck" in errors


def test_the_watchdog_leaves_a_quick_block_alone() -> None:
    code = (
        "import time\nfrom stancewire.watchdog import ends_process_after\n"
        "with ends_process_after(0.3):\n    pass\n"
        "time.sleep(0.6)\nprint('well')\n"
    )
    process = python(code)
    out, _ = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "well\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_asks_to_stop(number: signal.Signals) -> None:
    # It reads its input before it ends: at exit the interpreter no longer hears a second signal.
    code = (
        "import sys\nfrom stancewire import lifecycle\nlifecycle.SAME_S = 30\n"
        "stop = lifecycle.Stop().listen()\nprint('listening', flush=True)\n"
        "while not stop.wait(30): pass\nsys.stdin.read()\nprint('finished')\n"
    )
    process = python(code)
    assert process.stdout is not None
    assert process.stdout.readline() == "listening\n"
    process.send_signal(number)
    process.send_signal(number)  # `timeout` sends it to the process, then to its group
    out, _ = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "finished\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_later_signal_ends_what_does_not_stop(number: signal.Signals) -> None:
    code = (
        "import time\nfrom stancewire import lifecycle\nlifecycle.SAME_S = 0.1\n"
        "stop = lifecycle.Stop().listen()\nprint('listening', flush=True)\n"
        "stop.wait(30)\nprint('stuck', flush=True)\nwhile True: time.sleep(0.05)\n"
    )
    process = python(code)
    assert process.stdout is not None
    assert process.stdout.readline() == "listening\n"
    process.send_signal(number)
    assert process.stdout.readline() == "stuck\n"
    time.sleep(0.3)
    process.send_signal(number)
    process.communicate(timeout=30)
    assert process.returncode == -number
