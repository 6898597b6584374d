"""Choosing the extractor."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from models.quotes.rules import load_rules
from models.quotes.statement import QuoteExtractor

ExtractorKind = Literal["span", "rules"]

# The first is the default.
EXTRACTORS: tuple[ExtractorKind, ...] = ("span", "rules")


def load_extractor(
    kind: ExtractorKind = EXTRACTORS[0],
    *,
    threads: int | None = None,
    weights: Path | None = None,
) -> QuoteExtractor:
    """The span model, or the rules alone.

    `threads` is how many windows the model reads at a time; it defaults to all cores. `weights` is
    a directory that export wrote; it defaults to the shipped one.

    Raises:
        ModelError: the weights are missing or altered.
    """
    if kind == "rules":
        return load_rules()
    # ONNX Runtime takes a moment to import; who wants the rules need not wait.
    from models.quotes.span.extractor import SHIPPED_WEIGHTS, load_span_extractor

    return load_span_extractor(weights or SHIPPED_WEIGHTS, threads)
