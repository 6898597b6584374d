"""Who judges the pairs in a process: the naive user, the bare networks, and the classifier."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.manifest import read_manifest
from models.onnx_session import open_session
from models.stance import Pair, load_classifier
from models.stance.cascade import unsure
from models.stance.directory import load_tokenizer
from models.stance.load import LARGE, SIZES, SMALL
from models.stance.text import encode_text

# Judges all the pairs that it was made for.
Contestant = Callable[[], object]

BATCH = 32

# Pairs that each judges before it is timed.
WARM_PAIRS = 8

ONE_AT_A_TIME = "transformers pipeline, PyTorch fp32, one at a time"
BATCHED = f"the same, batches of {BATCH}"
BARE = "the bare network (of a cascade, both) on ready tokens"
CLASSIFIER = "the classifier"


@dataclass(frozen=True, slots=True)
class Network:
    """One network of a model, and the pairs of the run that reach it."""

    directory: Path
    pairs: Sequence[Pair]

    def sequences(self) -> tuple[list[tuple[str, str]], int]:
        """What it reads of each pair, and how many tokens of it at the most."""
        manifest = read_manifest(self.directory)
        texts = [encode_text(pair, manifest.reads_context) for pair in self.pairs]
        return texts, manifest.max_tokens


def networks(pairs: Sequence[Pair], model: str, threads: int | None) -> list[Network]:
    """What a model runs on these pairs: of a cascade the large network only where it is asked."""
    if model not in SIZES:
        return [Network(Path(model), pairs)]
    small = Network(SMALL, pairs)
    if SIZES[model] == 0:
        return [small]
    answers = load_classifier(SMALL, threads=threads).classify(pairs)
    asked = [pairs[row] for row in unsure(answers, SIZES[model])]
    return [small, Network(LARGE, asked)] if asked else [small]


def contestants(
    pairs: Sequence[Pair], model: str, torch_model: Path | None, threads: int | None
) -> dict[str, Contestant]:
    """Those in this process; without `torch_model`, only ours. All read the same sequences.

    The naive user runs one network, the larger where there are two, on every pair.
    """
    run = networks(pairs, model, threads)
    classifier = load_classifier(Path(model), threads=threads)
    classifier.classify(pairs[:WARM_PAIRS])
    alone = [bare(one.directory, *one.sequences(), threads) for one in run]
    ours: dict[str, Contestant] = {
        BARE: lambda: [judge() for judge in alone],
        CLASSIFIER: lambda: classifier.classify(pairs),
    }
    if torch_model is None:
        return ours
    everything = Network(run[-1].directory, pairs).sequences()
    return {**naive(torch_model, *everything, threads), **ours}


def naive(
    directory: Path, texts: Sequence[tuple[str, str]], max_tokens: int, threads: int | None
) -> dict[str, Contestant]:
    """`transformers.pipeline` as its documentation has it, on the same weights in fp32."""
    import torch
    from transformers import pipeline

    if threads is not None:
        torch.set_num_threads(threads)
    classify: Any = pipeline(
        "text-classification", model=str(directory), device="cpu", dtype=torch.float32
    )
    asked = [{"text": first, "text_pair": second} for first, second in texts]
    cut = {"truncation": True, "max_length": max_tokens}
    classify(asked[:WARM_PAIRS], **cut)
    return {
        ONE_AT_A_TIME: lambda: [classify(each, **cut) for each in asked],
        BATCHED: lambda: classify(asked, batch_size=BATCH, **cut),
    }


def bare(
    directory: Path, texts: Sequence[tuple[str, str]], max_tokens: int, threads: int | None
) -> Contestant:
    """The session alone, from as many threads as the product uses: what this design can reach."""
    session = open_session(directory / "model.onnx")
    names = [node.name for node in session.get_inputs()]
    firsts, seconds = map(list, zip(*texts, strict=True))
    encoded = load_tokenizer(directory)(firsts, seconds, truncation=True, max_length=max_tokens)
    rows = [
        {name: np.array([encoded[name][row]], dtype=np.int64) for name in names}
        for row in range(len(texts))
    ]
    pool = ThreadPoolExecutor(threads or os.cpu_count())
    for row in rows[:WARM_PAIRS]:
        session.run(None, row)
    return lambda: list(pool.map(lambda row: session.run(None, row), rows))
