"""What a teacher says of an epoch's pairs and of pairs that nobody labelled, for a pupil.

python -m models.stance.distil --data DIR --teacher DIR [DIR ...] --out FILE [--statements N]

The file holds a JSON object a line: the fields of a pair, `scores` (favor, against, neutral: the
mean of the teachers' probabilities) and, where there is one, the gold `label`. `models.stance.train
--soft FILE` reads it. Source: Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural
Network", 2015.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer

from models.manifest import MANIFEST
from models.mixed_precision import mixed_precision
from models.quotes.polnear import read_articles
from models.stance.batches import by_length
from models.stance.datasets import DRAWS, Example, draw_epoch, load_training_pool
from models.stance.labelled import around
from models.stance.onnx_classifier import OnnxClassifier
from models.stance.pair import Pair
from models.stance.scoring import softmax
from models.stance.text import plain
from models.stance.train import BATCH_TOKENS, encode, packaged_minilm

log = logging.getLogger("distil")

# Of a statement's targets this many are near it in meaning, and this many may be on anything.
NEAR, FAR = 2, 1

# A near target is drawn from so many nearest ones: the nearest alone would often be a paraphrase.
NEAREST = 12

# Pairs between two lines of progress; within them like lengths run together.
ASKED_AT_ONCE = 1000

# Words of a statement: shorter ones say little, longer ones cost much.
STATEMENT_WORDS = range(5, 70)


def statements(data: Path, held_out: set[str]) -> list[Pair]:
    """PolNeAR's train statements without targets; articles that are `held_out` by id are not read.

    Raises:
        InputError: an article cannot be read.
    """
    found: list[Pair] = []
    for article in read_articles(data.parent / "quotes" / "polnear" / "train"):
        if article.id in held_out:
            continue
        for item in article.attributions:
            quote = " ".join(article.text[start:end] for start, end in item.content)
            if item.source and len(quote.split()) in STATEMENT_WORDS:
                speaker = " ".join(article.text[start:end] for start, end in item.source)
                context = around(article.text, [*item.content, *item.source])
                found.append(Pair(plain(quote), "", plain(speaker), context))
    return found


def with_targets(
    items: Sequence[Pair], targets: Sequence[str], nearness: np.ndarray, rng: random.Random
) -> list[Pair]:
    """Each statement with some of its nearest targets and some others.

    `nearness` has a row a statement and a column a target; larger is nearer.
    """
    pairs: list[Pair] = []
    for item, row in zip(items, nearness, strict=True):
        nearest = np.argpartition(-row, min(NEAREST, len(row) - 1))[:NEAREST].tolist()
        chosen = rng.sample(nearest, min(NEAR, len(nearest)))
        chosen += rng.sample(range(len(targets)), FAR)
        pairs += [replace(item, target=targets[place]) for place in dict.fromkeys(chosen)]
    return pairs


def embed(texts: Sequence[str], base: Path) -> np.ndarray:
    """Unit vectors of texts by a sentence encoder: its mean-pooled last layer."""
    tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
    model = AutoModel.from_pretrained(base, local_files_only=True).eval()
    vectors = np.zeros((len(texts), model.config.hidden_size), dtype=np.float32)
    # Lengths are in characters; a token has about four.
    for rows in by_length([len(text) for text in texts], BATCH_TOKENS * 8):
        batch = tokenizer(
            [texts[row] for row in rows],
            padding=True,
            truncation=True,
            max_length=128,
            return_tensors="pt",
        )
        with torch.inference_mode(), mixed_precision():
            states = model(**batch).last_hidden_state.float()
        mask = batch["attention_mask"].unsqueeze(-1)
        means = (states * mask).sum(1) / mask.sum(1)
        vectors[rows] = torch.nn.functional.normalize(means, dim=-1).numpy()
    return vectors


def asked(teacher: Path, examples: Sequence[Example]) -> Iterator[Any]:
    """(row, its probabilities) by a teacher: what train wrote, or what export made of it."""
    if not (teacher / MANIFEST).is_file():
        model = AutoModelForSequenceClassification.from_pretrained(teacher, local_files_only=True)
        tokenizer = AutoTokenizer.from_pretrained(teacher, local_files_only=True)
        yield from probabilities(model, tokenizer, examples)
        return
    exported = OnnxClassifier(teacher)
    for start in range(0, len(examples), ASKED_AT_ONCE):
        part = examples[start : start + ASKED_AT_ONCE]
        for row, logits in enumerate(exported.logits([example.pair for example in part]), start):
            yield row, softmax(logits)


def probabilities(model: Any, tokenizer: Any, examples: Sequence[Example]) -> Iterator[Any]:
    """(row, favor, against, neutral) of each example, in whatever order runs fastest."""
    model.eval()
    lengths = [len(e.pair.quote) + len(e.pair.context or "") // 4 for e in examples]
    for rows in by_length(lengths, BATCH_TOKENS * 4):
        with torch.inference_mode(), mixed_precision():
            logits = model(**encode([examples[row] for row in rows], tokenizer)).logits.float()
        yield from zip(rows, logits.softmax(-1).tolist(), strict=True)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    parser = argparse.ArgumentParser(prog="python -m models.stance.distil", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory of the stance sets")
    parser.add_argument("--teacher", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--statements", type=int, default=6000, help="unlabelled ones to draw")
    parser.add_argument(
        "--rest", type=float, default=1, help="share of the mix's pairs beside the mined ones"
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    examples = draw(arguments.data, arguments.statements, arguments.seed, arguments.rest)
    log.info("%d pairs, %d of them labelled", len(examples), sum(gold for _, gold in examples))
    total = np.zeros((len(examples), 3))
    for directory in arguments.teacher:
        taught = asked(directory, [example for example, _ in examples])
        for done, (row, scores) in enumerate(taught, start=1):
            total[row] += scores
            if done % 5000 < 1:
                log.info("%s: %d pairs", directory, done)
    means = (total / len(arguments.teacher)).round(4).tolist()
    with arguments.out.open("w", encoding="utf-8") as out:
        for (example, gold), scores in zip(examples, means, strict=True):
            row = {**asdict(example.pair), "scores": scores}
            out.write(json.dumps(row | ({"label": example.label} if gold else {})) + "\n")


def draw(data: Path, count: int, seed: int, rest: float) -> list[tuple[Example, bool]]:
    """One epoch's pairs, and unlabelled ones on `count` statements of PolNeAR; is each labelled?

    `rest` is that of `draw_epoch`.

    Raises:
        InputError: as `load_training_pool`.
    """
    pool = load_training_pool(data)
    epoch = [(example, True) for example in draw_epoch(pool, seed, rest=rest)]
    if count == 0:
        return epoch
    dev = (data / "newsquotes" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    held_out = {str(json.loads(line)["doc"]) for line in dev}
    rng = random.Random(seed)
    items = statements(data, held_out)
    items = rng.sample(items, min(count, len(items)))
    targets = sorted({e.pair.target for e in pool if e.source not in DRAWS})
    base = packaged_minilm()
    quotes = embed([f"{item.speaker}: {item.quote}" for item in items], base)
    pairs = with_targets(items, targets, quotes @ embed(targets, base).T, rng)
    return epoch + [(Example(pair, "neutral", "unlabelled"), False) for pair in pairs]


if __name__ == "__main__":
    main()
