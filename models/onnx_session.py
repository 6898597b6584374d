"""Opening exported networks."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from stancewire.errors import ModelError

# Newer versions send usage data to their maker unless they are told not to before they are loaded.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime as ort

# Normalising and adding in one takes six times as long as one after the other.
SLOWER = ["SkipLayerNormFusion"]

# Severity from which ONNX Runtime logs: errors, not its notes on the machine.
_ERRORS = 3


def open_session(path: Path) -> ort.InferenceSession:
    """A session on the CPU that runs each call on one thread; callers run several at a time.

    Raises:
        ModelError: the file cannot be loaded.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS
    if not _adds_in_32_bits():
        options.add_session_config_entry("session.x64quantprecision", "1")
    try:
        return ort.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOWER
        )
    except Exception as error:  # ONNX Runtime's errors have no common base class
        raise ModelError(f"cannot load the model: {error}", file=path) from error


def _adds_in_32_bits() -> bool:
    """Whether the processor adds up products of bytes without overflow.

    Intel and AMD ones before VNNI add pairs of them in 16 bits; ONNX Runtime has slower sums that
    do not overflow. Others are not affected.
    """
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return True
    try:
        return "vnni" in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
