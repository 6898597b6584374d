"""Trains the span model on PolNeAR; one command, resumable.

python -m models.quotes.span.train --data DIR --out DIR
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from models.mixed_precision import mixed_precision
from models.quotes.polnear import read_articles
from models.quotes.span.decode import best_tags, marked_spans
from models.quotes.span.examples import Row, make_rows
from models.quotes.span.labels import PARTS
from models.quotes.span.losses import Outputs, crf_loss, link_loss, taught_tags_loss
from models.quotes.span.network import SpanNetwork, average
from models.quotes.span.tagger import load_tokenizer, window_edges
from models.quotes.span.windows import LONGEST
from models.stance.batches import by_length
from models.stance.train import packaged_minilm

log = logging.getLogger("train")

# Rows × longest row in a training batch.
BATCH_TOKENS = 1536

# Each layer learns this much slower than the one above it.
LAYER_DECAY = 0.9

# The heads start from nothing, so they learn this much faster than the top layer.
HEAD_RATE = 8.0

LINK_WEIGHT = 0.3

# How much of what a pupil learns is the teacher's opinion rather than the gold.
TRUST = 0.6

# A kill loses at most this many steps.
CHECKPOINT_STEPS = 200


def parameter_groups(model: SpanNetwork) -> list[dict[str, Any]]:
    """Parameters with their share of the learning rate; the word embeddings stay as they are."""
    embeddings = model.encoder.embeddings
    embeddings.word_embeddings.weight.requires_grad = False
    layers = list(model.encoder.encoder.layer)
    heads = [model.tag, model.left, model.right]
    groups = [
        {"params": [p for head in heads for p in head.parameters()], "share": HEAD_RATE},
        {"params": [model.transitions, model.link_bias], "share": 5 * HEAD_RATE},
        {
            "params": [p for p in embeddings.parameters() if p.requires_grad],
            "share": LAYER_DECAY ** len(layers),
        },
        {"params": [model.types.weight], "share": HEAD_RATE},
    ]
    groups += [
        {"params": list(layer.parameters()), "share": LAYER_DECAY ** (len(layers) - 1 - number)}
        for number, layer in enumerate(layers)
    ]
    return groups


def collate(rows: Sequence[Row], edges: tuple[int, int]) -> dict[str, Tensor]:
    """Padded inputs; `words` are the places of words in the row, the special tokens counted."""
    longest = max(len(row) for row in rows) + 2
    most = max(len(row.words) for row in rows)
    batch = {
        name: np.zeros((len(rows), longest), dtype=np.int64)
        for name in ("input_ids", "attention_mask", "token_type_ids")
    }
    words = np.zeros((len(rows), most), dtype=np.int64)
    tags = np.zeros((len(rows), most), dtype=np.int64)
    mask = np.zeros((len(rows), most), dtype=bool)
    for number, row in enumerate(rows):
        end = len(row) + 1
        batch["input_ids"][number, : end + 1] = [edges[0], *row.ids, edges[1]]
        batch["attention_mask"][number, : end + 1] = 1
        batch["token_type_ids"][number, 1:end] = row.types
        words[number, : len(row.words)] = row.words + 1
        tags[number, : len(row.words)] = row.tags
        mask[number, : len(row.words)] = True
    arrays = batch | {"words": words, "tags": tags, "mask": mask}
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def at_words(outputs: Tensor, words: Tensor) -> Tensor:
    return outputs.gather(1, words.unsqueeze(2).expand(-1, -1, outputs.shape[2])).float()


def run_network(model: SpanNetwork, batch: dict[str, Tensor]) -> Outputs:
    """What the network says of the words of a batch."""
    with mixed_precision():
        outputs = model(batch["input_ids"], batch["attention_mask"], batch["token_type_ids"])
    emissions, left, right = (at_words(output, batch["words"]) for output in outputs)
    return Outputs(emissions, left, right, model.transitions, model.link_bias)


class Teacher:
    """A trained network, of any base, whose opinion a smaller one learns."""

    def __init__(self, weights: Sequence[Path], base: Path, pupil: Tokenizer) -> None:
        self._model = SpanNetwork(base)
        self._model.load_state_dict(average(weights))
        self._model.eval()
        own = load_tokenizer(base / "tokenizer.json")
        names = {number: piece for piece, number in pupil.get_vocab().items()}
        edges = dict(zip(window_edges(pupil), window_edges(own), strict=True))
        # Both bases cut words into the pieces of BERT's vocabulary, under other numbers.
        self._ids = torch.tensor(
            [
                edges.get(number, own.token_to_id(names[number]) or 0)
                for number in range(pupil.get_vocab_size())
            ]
        )

    def outputs(self, batch: dict[str, Tensor]) -> Outputs:
        with torch.no_grad():
            return run_network(self._model, batch | {"input_ids": self._ids[batch["input_ids"]]})


def learning_rate(step: int, steps: int) -> float:
    """Linear warm-up over a twentieth of the steps, then a linear fall to zero."""
    warmup = max(1, steps // 20)
    return min((step + 1) / warmup, (steps - step) / max(1, steps - warmup))


class Run:
    """One training run; its state is a file in `out`, so that a killed run goes on."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.out: Path = arguments.out
        self.peak: float = arguments.lr
        self.seed: int = arguments.seed
        torch.manual_seed(self.seed)
        base = arguments.base or packaged_minilm()
        self.tokenizer = load_tokenizer(base / "tokenizer.json")
        self.edges = window_edges(self.tokenizer)
        self.model = SpanNetwork(base)
        self.optimizer = torch.optim.AdamW(
            parameter_groups(self.model), lr=self.peak, weight_decay=0.01, fused=True
        )
        self.teacher = (
            Teacher(arguments.teacher, arguments.teacher_base, self.tokenizer)
            if arguments.teacher
            else None
        )
        self.plan = self._plan(arguments)
        dev = read_articles(arguments.data / "polnear" / "dev")
        self.dev = make_rows(dev, self.tokenizer, random.Random(0), LONGEST)
        self.step = 0
        self._resume()

    def _plan(self, arguments: argparse.Namespace) -> list[tuple[list[Row], int]]:
        """Every batch of the run with the number of the epoch that ends there, or 0.

        The seed fixes it.
        """
        articles = read_articles(arguments.data / "polnear" / "train")[: arguments.articles]
        plan: list[tuple[list[Row], int]] = []
        for epoch in range(arguments.epochs):
            rng = random.Random(self.seed * 1000 + epoch)
            rows = make_rows(articles, self.tokenizer, rng, LONGEST)
            rng.shuffle(rows)
            batches = by_length([len(row) for row in rows], BATCH_TOKENS)
            rng.shuffle(batches)
            plan += [
                ([rows[number] for number in batch], epoch + 1 if at == len(batches) else 0)
                for at, batch in enumerate(batches, 1)
            ]
        log.info("%d epochs, %d steps", arguments.epochs, len(plan))
        return plan

    def _resume(self) -> None:
        path = self.out / "checkpoint.pt"
        if path.exists():
            state = torch.load(path, weights_only=True)
            self.model.load_state_dict(state["model"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step = state["step"]
            log.info("resumed at step %d", self.step)

    def _checkpoint(self) -> None:
        state = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
        }
        torch.save(state, self.out / "checkpoint.new")
        os.replace(self.out / "checkpoint.new", self.out / "checkpoint.pt")

    def _keep(self, epoch: int) -> None:
        """Writes the epoch's weights and how it did on dev."""
        scores = piece_f1(self.model, self.dev, self.edges)
        log.info("step %d: dev pieces %s", self.step, scores)
        torch.save(self.model.state_dict(), self.out / f"epoch-{epoch}.pt")
        with (self.out / "history.jsonl").open("a", encoding="utf-8") as history:
            history.write(
                json.dumps({"epoch": epoch, "step": self.step, "dev_pieces": scores}) + "\n"
            )

    def loss(self, rows: Sequence[Row]) -> Tensor:
        batch = collate(rows, self.edges)
        mask = batch["mask"]
        outputs = run_network(self.model, batch)
        tagging = crf_loss(outputs, batch["tags"], mask)
        if self.teacher is None:
            return tagging + LINK_WEIGHT * link_loss(rows, outputs)
        taught = self.teacher.outputs(batch)
        tagging = (1 - TRUST) * tagging + TRUST * taught_tags_loss(outputs, taught, mask)
        return tagging + LINK_WEIGHT * link_loss(rows, outputs, taught, TRUST)

    def train(self) -> None:
        """Runs the rest of the plan and keeps the weights of each epoch."""
        self.model.train()
        steps = len(self.plan)
        started, first = time.monotonic(), self.step
        running = float("nan")
        for rows, ended in self.plan[self.step :]:
            # One seed a step: a resumed run drops the same units as an unbroken one.
            torch.manual_seed(self.seed * 1_000_003 + self.step)
            for group in self.optimizer.param_groups:
                group["lr"] = self.peak * group["share"] * learning_rate(self.step, steps)
            loss = self.loss(rows)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()
            self.optimizer.zero_grad(set_to_none=True)
            self.step += 1
            value = loss.item()
            running = value if running != running else 0.98 * running + 0.02 * value
            if self.step % 50 == 0:
                pace = (time.monotonic() - started) / (self.step - first)
                left = pace * (steps - self.step) / 60
                log.info("step %d/%d loss %.4f, %.1f min left", self.step, steps, running, left)
            if ended:
                self._keep(ended)
            if ended or self.step % CHECKPOINT_STEPS == 0:
                self._checkpoint()


def piece_f1(model: SpanNetwork, rows: Sequence[Row], edges: tuple[int, int]) -> dict[str, float]:
    """Exact F1 of the marked spans of each part, before they are linked."""
    model.eval()
    counts = np.zeros((len(PARTS), 3))
    transitions = model.transitions.detach().numpy()
    with torch.inference_mode():
        for numbers in by_length([len(row) for row in rows], BATCH_TOKENS):
            chosen = [rows[number] for number in numbers]
            batch = collate(chosen, edges)
            emissions = run_network(model, batch).emissions.numpy()
            lengths = np.array([len(row.words) for row in chosen])
            tags = best_tags(emissions, transitions, lengths)
            for row, found in zip(chosen, tags, strict=True):
                marked = set(marked_spans(found[: len(row.words)]))
                gold = set(marked_spans(row.tags))
                for part in range(len(PARTS)):
                    mine = {span for span in marked if span.part == part}
                    theirs = {span for span in gold if span.part == part}
                    counts[part] += len(mine & theirs), len(mine), len(theirs)
    model.train()
    return {
        name: round(float(2 * hits / max(1, found + gold)), 4)
        for name, (hits, found, gold) in zip(PARTS, counts, strict=True)
    }


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.quotes.span.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="…/data/quotes")
    parser.add_argument("--out", type=Path, required=True, help="where checkpoints go")
    parser.add_argument("--base", type=Path, help="model to start from (default: MiniLM-L6)")
    parser.add_argument("--teacher", type=Path, nargs="+", help="epochs of the run to learn from")
    parser.add_argument("--teacher-base", type=Path, help="what the teacher started from")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--articles", type=int, help="train on the first so many only")
    parser.add_argument("--lr", type=float, default=2e-4)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    return parser.parse_args()


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    arguments = parse_arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(arguments.threads)
    Run(arguments).train()


if __name__ == "__main__":
    main()
