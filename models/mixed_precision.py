"""Products in bf16 on CPUs that have them."""

from __future__ import annotations

import torch


def mixed_precision() -> torch.autocast:
    """bf16 where the CPU computes in it; with AVX2 alone it is emulated, many times slower."""
    has_bf16 = torch.backends.cpu.get_cpu_capability() not in ("DEFAULT", "AVX2")
    return torch.autocast("cpu", torch.bfloat16, enabled=has_bf16)
