"""Trains the gate's encoder on pairs that take a side, each against the rest of its batch.

python -m models.stance.gate.train --data DIR --out FILE [--soft FILE]

A quote's own target shall score above zero and every other quote's target below, which makes one
threshold hold for all quotes. Source of the loss: Zhai et al., "Sigmoid Loss for Language Image
Pre-Training", ICCV 2023; beside it the usual softmax over the batch, both ways.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoTokenizer

from models.stance.datasets import (
    CONTEXT_DROPPED,
    DRAWS,
    load_split,
    load_training_pool,
    read_soft,
)
from models.stance.gate.network import GateNetwork, PairScorer
from models.stance.pair import Pair
from models.stance.text import encode_text, plain
from models.stance.train import learning_rate, packaged_minilm

log = logging.getLogger("gate")

# So many other targets a quote is told apart from; memory grows with the square.
BATCH = 96

# Tokens of a quote with its context and of a target; longer ones are cut in training only.
QUOTE_TOKENS, TARGET_TOKENS = 80, 24

# VAST's pairs widen the range of targets.
VAST_PAIRS = 2500

# An unlabelled pair is learnt from if the teacher is this sure that it takes a side.
SURE = 0.7

# The projection and the three weights of the views begin from scratch, so they learn faster.
PROJECTION_RATE, WEIGHTS_RATE = 5, 100


def sided_pairs(data: Path, soft: Path | None, rng: random.Random) -> dict[str, list[Pair]]:
    """By quote, the pairs that take a side.

    Raises:
        InputError: as `load_training_pool` and `read_soft`.
    """
    pool = load_training_pool(data)
    vast = [e for e in pool if e.source == "vast" and not e.synthetic]
    chosen = [e for e in pool if e.source not in DRAWS] + rng.sample(vast, VAST_PAIRS)
    pairs = [example.pair for example in chosen if example.label != "neutral"]
    pairs += [
        example.pair
        for example in (read_soft(soft) if soft else [])
        if example.source == "unlabelled" and example.soft and example.soft[2] < 1 - SURE
    ]
    by_quote: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_quote.setdefault(pair.quote, []).append(pair)
    return by_quote


def batches(by_quote: dict[str, list[Pair]], rng: random.Random) -> Iterator[list[Pair]]:
    """Every quote once, with one of its targets, some without their context."""
    quotes = rng.sample(list(by_quote), len(by_quote))
    for start in range(0, len(quotes) - BATCH + 1, BATCH):
        drawn = [rng.choice(by_quote[quote]) for quote in quotes[start : start + BATCH]]
        yield [
            replace(pair, context=None) if rng.random() < CONTEXT_DROPPED else pair
            for pair in drawn
        ]


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
        with torch.autocast("cpu", torch.bfloat16):
            wholes, words = self.network(**encoded)
        marks = torch.tensor([self.tokenizer.cls_token_id, self.tokenizer.sep_token_id])
        is_word = encoded["attention_mask"].bool() & ~torch.isin(encoded["input_ids"], marks)
        return wholes, words, is_word

    def step(self, pairs: Sequence[Pair], step: int, steps: int) -> float:
        """One step of the optimiser; the batch's loss."""
        targets = [plain(pair.target) for pair in pairs]
        logits = self.scorer(
            self.encode([encode_text(pair, True)[0] for pair in pairs], QUOTE_TOKENS),
            self.encode(targets, TARGET_TOKENS),
        )
        loss = batch_loss(logits, targets)
        for group in self.optimizer.param_groups:
            group["lr"] = group["scale"] * learning_rate(step, steps, self.peak)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return float(loss)

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


def batch_loss(logits: Any, targets: Sequence[str]) -> Any:
    """The loss of a square of logits with the pairs on its diagonal; like targets are no rivals."""
    size = len(targets)
    own = torch.eye(size, dtype=torch.bool)
    alike = torch.tensor([[one == other for other in targets] for one in targets]) & ~own
    signs = own.float() * 2 - 1
    sigmoid = -torch.nn.functional.logsigmoid(logits * signs).masked_fill(alike, 0).sum() / size
    rivals, places = logits.masked_fill(alike, -1e4), torch.arange(size)
    cross_entropy = torch.nn.functional.cross_entropy
    return sigmoid + (cross_entropy(rivals, places) + cross_entropy(rivals.T, places)) / 2


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    parser = argparse.ArgumentParser(prog="python -m models.stance.gate.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory of the stance sets")
    parser.add_argument("--out", type=Path, required=True, help="the weights, one file")
    parser.add_argument("--soft", type=Path, help="what distil wrote, for its unlabelled pairs")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--lr", type=float, default=1.5e-4)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    rng = random.Random(arguments.seed)
    by_quote = sided_pairs(arguments.data, arguments.soft, rng)
    log.info("%d quotes, %d pairs", len(by_quote), sum(map(len, by_quote.values())))
    trainer = Trainer(packaged_minilm(), arguments.lr)
    steps = arguments.epochs * (len(by_quote) // BATCH)
    step = 0
    for _ in range(arguments.epochs):
        for pairs in batches(by_quote, rng):
            loss = trainer.step(pairs, step, steps)
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
