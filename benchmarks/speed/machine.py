"""What a figure was measured on, and what a process took of it; Linux only."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

from tests.support.apache_kafka import jars

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def describe() -> str:
    """One line: processor, cores, versions, and how busy the machine was before."""
    load = os.getloadavg()[0]
    return ", ".join(
        (
            processor(Path("/proc/cpuinfo").read_text(encoding="utf-8")),
            f"{len(os.sched_getaffinity(0))} cores",
            f"Python {platform.python_version()}",
            f"onnxruntime {version('onnxruntime')}",
            f"kafka-python {version('kafka-python')}",
            f"Apache Kafka {broker_version([jar.name for jar in jars().glob('kafka_*.jar')])}",
            f"load {load:.1f} before the run",
        )
    )


def processor(cpuinfo: str) -> str:
    """The model's name in the text of /proc/cpuinfo, with family and model, as names are vague."""
    found = {}
    for key in ("model name", "cpu family", "model"):
        match = re.search(rf"^{key}\s*:\s*(.+)$", cpuinfo, re.MULTILINE)
        if match:
            found[key] = match[1].strip()
    name = found.get("model name", platform.machine())
    detail = [f"{key} {found[key]}" for key in ("cpu family", "model") if key in found]
    return f"{name} ({', '.join(detail)})" if detail else name


def broker_version(names: list[str]) -> str:
    """The version in the name of Kafka's own jar: kafka_SCALA-VERSION.jar."""
    for name in names:
        match = re.fullmatch(r"kafka_[\d.]+-([\d.]+)\.jar", name)
        if match:
            return match[1]
    return "of unknown version"


def peak_mb(pid: int) -> float:
    """The most memory that the process has had resident, in MB of 2**20 bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    [kilobytes] = re.findall(r"^VmHWM:\s+(\d+)", status, re.MULTILINE)
    return int(kilobytes) / 1024


def cpu_seconds(pid: int) -> float:
    """Processor time that all threads of the process have taken, in seconds."""
    return _cpu_ticks(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")) / TICKS_A_SECOND


def _cpu_ticks(stat: str) -> int:
    # The name, in brackets, may hold blanks; user and system time are the 14th and 15th field.
    fields = stat.rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
