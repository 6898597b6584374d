"""Trains the gate's encoder on labelled pairs, each against the rest of its batch.

python -m models.stance.gate.train --data DIR --out FILE [--soft FILE]

A quote's own targets shall score as likely as it takes a side on them and every other quote's
targets low, which makes one threshold hold for all quotes. Source of the loss: Zhai et al.,
"Sigmoid Loss for Language Image Pre-Training", ICCV 2023; beside it the usual softmax over the
batch, both ways.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoTokenizer

from models.mixed_precision import mixed_precision
from models.stance.datasets import (
    CONTEXT_DROPPED,
    DRAWS,
    load_split,
    load_training_pool,
    read_soft,
)
from models.stance.gate.network import GateNetwork, PairScorer
from models.stance.metrics import LABELS
from models.stance.pair import Pair
from models.stance.text import encode_text, plain
from models.stance.train import learning_rate, packaged_minilm, wanted_scores

log = logging.getLogger("gate")

# Quotes a step; memory grows with the square.
BATCH = 96

# Targets of its own that a quote brings, most of them without a side: they are near but no more.
OWN = 3

# Tokens of a quote with its context and of a target; longer ones are cut in training only.
QUOTE_TOKENS, TARGET_TOKENS = 80, 24

# VAST's pairs widen the range of targets.
VAST_PAIRS = 2500

# What the chance to be drawn of a quote's targets has beside their likelihood of a side.
OTHERS = 0.1

# The projection and the three weights of the views begin from scratch, so they learn faster.
PROJECTION_RATE, WEIGHTS_RATE = 5, 100


@dataclass(frozen=True, slots=True)
class Likely:
    """A pair with how likely it is that it takes a side."""

    pair: Pair
    sided: float


def by_quote(data: Path, soft: Path | None, rng: random.Random) -> list[list[Likely]]:
    """The labelled pairs of each quote, or all that `soft` holds.

    Raises:
        InputError: as `load_training_pool` and `read_soft`.
    """
    if soft:
        pairs = [
            Likely(example.pair, 1 - wanted_scores(example)[LABELS.index("neutral")])
            for example in read_soft(soft)
        ]
    else:
        pool = load_training_pool(data)
        vast = [e for e in pool if e.source == "vast" and not e.synthetic]
        chosen = [e for e in pool if e.source not in DRAWS] + rng.sample(vast, VAST_PAIRS)
        pairs = [Likely(e.pair, float(e.label != "neutral")) for e in chosen]
    found: dict[str, list[Likely]] = {}
    for likely in pairs:
        found.setdefault(likely.pair.quote, []).append(likely)
    return list(found.values())


def batches(quotes: Sequence[Sequence[Likely]], rng: random.Random) -> Iterator[list[list[Likely]]]:
    """Every quote once, some without context: a target that it likely takes a side on, and others.

    Pairs of one quote are alike in all but the target.
    """
    order = rng.sample(quotes, len(quotes))
    for start in range(0, len(order) - BATCH + 1, BATCH):
        batch = []
        for its in order[start : start + BATCH]:
            [first] = rng.choices(its, [likely.sided + OTHERS for likely in its])
            others = [likely for likely in its if likely is not first]
            chosen = [first, *rng.sample(others, min(OWN - 1, len(others)))]
            if rng.random() < CONTEXT_DROPPED:
                chosen = [replace(one, pair=replace(one.pair, context=None)) for one in chosen]
            batch.append(chosen)
        yield batch


class Trainer:
    """The networks and how a batch of texts goes through them."""

    def __init__(self, base: Path, peak: float) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
        self.network, self.scorer = GateNetwork(base), PairScorer()
        self.peak = peak
        groups = [
            (self.network.encoder.parameters(), 1),
            (self.network.project.parameters(), PROJECTION_RATE),
            (self.scorer.parameters(), WEIGHTS_RATE),
        ]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": [p for p in parameters if p.requires_grad], "scale": scale}
                for parameters, scale in groups
            ],
            lr=peak,
        )

    def encode(self, texts: Sequence[str], tokens: int) -> tuple[Any, Any, Any]:
        encoded = self.tokenizer(
            list(texts), padding=True, truncation=True, max_length=tokens, return_tensors="pt"
        )
        with mixed_precision():
            wholes, words = self.network(**encoded)
        marks = torch.tensor([self.tokenizer.cls_token_id, self.tokenizer.sep_token_id])
        is_word = encoded["attention_mask"].bool() & ~torch.isin(encoded["input_ids"], marks)
        return wholes, words, is_word

    def step(self, batch: Sequence[Sequence[Likely]], step: int, steps: int) -> float:
        """One step of the optimiser; the batch's loss."""
        targets = [plain(likely.pair.target) for its in batch for likely in its]
        logits = self.scorer(
            self.encode([encode_text(its[0].pair, True)[0] for its in batch], QUOTE_TOKENS),
            self.encode(targets, TARGET_TOKENS),
        )
        loss = batch_loss(logits, targets, [[likely.sided for likely in its] for its in batch])
        for group in self.optimizer.param_groups:
            group["lr"] = group["scale"] * learning_rate(step, steps, self.peak)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return float(loss.detach())

    def recall(self, data: Path) -> dict[int, float]:
        """Of dev's pairs that take a side: the share whose target is among the K nearest."""
        dev = load_split(data, "newsquotes", "dev")
        targets = sorted({plain(example.pair.target) for example in dev})
        self.network.eval()
        with torch.inference_mode():
            encoded = self.encode(targets, TARGET_TOKENS)
            ranks = []
            for example in dev:
                if example.label != "neutral":
                    quote = self.encode([encode_text(example.pair, True)[0]], 256)
                    scores = self.scorer(quote, encoded)[0]
                    ranks.append(
                        int((scores > scores[targets.index(plain(example.pair.target))]).sum())
                    )
        self.network.train()
        return {k: round(float(np.mean(np.array(ranks) < k)), 3) for k in (4, 8, 16, 32, 64, 128)}


def batch_loss(logits: Any, targets: Sequence[str], sided: Sequence[Sequence[float]]) -> Any:
    """The loss of the logits of each quote with the targets of all, its own among them.

    `sided` holds the likelihoods of each quote's own targets, `targets` all of them in that order.
    What another quote brings and is one of its own targets, too, is no rival.
    """
    likely, rival = torch.zeros(logits.shape), torch.ones(logits.shape, dtype=torch.bool)
    start = 0
    for row, its in enumerate(sided):
        own = range(start, start := start + len(its))
        theirs = {targets[place] for place in own}
        for place, target in enumerate(targets):
            rival[row, place] = place in own or target not in theirs
        likely[row, list(own)] = torch.tensor(its)
    functional = torch.nn.functional
    each = functional.binary_cross_entropy_with_logits(logits, likely, reduction="none")
    rivals = logits.masked_fill(~rival, -1e4)
    ranked = sum(likely * functional.log_softmax(rivals, axis) for axis in (0, 1))
    return (each[rival].sum() - ranked.sum() / 2) / len(sided)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    parser = argparse.ArgumentParser(prog="python -m models.stance.gate.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory of the stance sets")
    parser.add_argument("--out", type=Path, required=True, help="the weights, one file")
    parser.add_argument(
        "--soft", type=Path, help="what distil wrote: learns from all of it, not from gold"
    )
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--lr", type=float, default=1.5e-4)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    rng = random.Random(arguments.seed)
    quotes = by_quote(arguments.data, arguments.soft, rng)
    log.info("%d quotes, %d pairs", len(quotes), sum(map(len, quotes)))
    trainer = Trainer(packaged_minilm(), arguments.lr)
    steps = arguments.epochs * (len(quotes) // BATCH)
    step = 0
    for _ in range(arguments.epochs):
        for batch in batches(quotes, rng):
            loss = trainer.step(batch, step, steps)
            step += 1
            if step % 25 == 0:
                log.info("step %d/%d loss %.3f", step, steps, loss)
        log.info(
            "share of dev's sided targets among the nearest %s", trainer.recall(arguments.data)
        )
    state = {"network": trainer.network.state_dict(), "scorer": trainer.scorer.state_dict()}
    torch.save(state, arguments.out)


if __name__ == "__main__":
    main()
