"""The producer against servers that lie, stall, bloat and mislead, all at once."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path

from stancewire.settings import KafkaSettings
from tests.broker.test_workers import samples
from tests.support.brokers import apache_only
from tests.support.events import events
from tests.support.hostile import CASES, HostileSite
from tests.support.pipeline import Program, values

# The slowest are hanging parses and a few of some seconds, one after another, on two cores that the
# broker shares; fetching has 30 s for each, all at the same time.
LIMIT_S = 300.0
MEMORY_MB = 300
HONEST = """\
<rss version="2.0"><channel><title>Honest</title><item><guid isPermaLink="false">1</guid>
<title>The next one</title><description>It is served.</description></item></channel></rss>"""


def peaks_mb(program: Program) -> dict[int, float]:
    """The most memory that the process and each of its children have had resident so far."""
    pid = program.process.pid
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for thread in threads for child in thread.read_text().split()]
    return {each: _peak_mb(each) for each in (pid, *children)}


def _peak_mb(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:  # it was ended meanwhile
        return 0
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0


@apache_only
def test_every_case_ends_with_its_reason_and_the_honest_feed_is_served(
    kafka: KafkaSettings, tmp_path: Path
) -> None:
    assert len(CASES) >= 40
    (tmp_path / "honest.xml").write_text(HONEST)
    with HostileSite() as site:
        feeds = tmp_path / "feeds.yaml"
        lines = [f"- id: {name}\n  url: {site.url(name)}\n" for name in CASES]
        feeds.write_text("".join(lines) + "- id: honest\n  url: file:honest.xml\n")
        allowed = [f"{site.address(number)}:{site.port}" for number in range(len(CASES))]
        program = Program(
            "produce", "--feeds", str(feeds), "--host-pause", "0",
            *(word for host in allowed for word in ("--allow-host", host)),
            "--bootstrap-servers", kafka.bootstrap_servers, log=tmp_path / "producer.log",
        )  # fmt: skip
        try:
            deadline = time.monotonic() + LIMIT_S
            wanted = {*CASES, "honest"}
            peaks: dict[int, float] = {}
            while missing := wanted - {value["id"] for value in values(kafka, "feeds.v1")}:
                assert program.process.poll() is None, program.log.read_text()[-3000:]
                assert time.monotonic() < deadline, f"not over: {sorted(missing)}"
                peaks |= peaks_mb(program)
                time.sleep(1)
            measured = samples(program)
        finally:
            program.end()
    told = events(program.log)
    assert {each["feed"] for each in told if each["logger"] == "producers.report"} == wanted
    for name, (_, reason) in CASES.items():
        of_feed = [each for each in told if each.get("feed") == name]
        failures = [each["reason"] for each in of_feed if each["level"] == "warning"]
        assert failures == ([reason] if reason else []), name
        assert reason or re.search(rf"feed {name}: \d+ articles", of_feed[0]["message"]), name
    reasons = Counter(reason for _, reason in CASES.values() if reason)
    for reason, count in reasons.items():
        assert measured["stancewire_feed_failures_total", (reason,)] == count, reason
    assert len(peaks) > 1
    assert max(peaks.values()) < MEMORY_MB, peaks
    articles = values(kafka, "articles.v1")
    assert "The next one" in {article["title"] for article in articles}
    assert "root:" not in str(articles)
