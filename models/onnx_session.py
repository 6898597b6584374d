"""Opening exported networks."""

from __future__ import annotations

import os
from pathlib import Path

from stancewire.errors import ModelError

# Newer versions send usage data to their maker unless they are told not to before they are loaded.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime as ort

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
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors have no common base class
        raise ModelError(f"cannot load the model: {error}", file=path) from error
