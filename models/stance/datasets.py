"""Labelled pairs: the public stance sets as the project stores them, and the training mix."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast, get_args

from models.stance.cued import cued_pairs
from models.stance.labelled import LABELS, known_label, labelled_pairs
from models.stance.pair import Pair
from models.stance.text import content_words
from stancewire.errors import InputError
from stancewire.records import Label

OWN_PAIRS = Path(__file__).with_name("data")

# Statements with targets written for others: those on which a model took a side, and near ones.
MINED = "mined"
MINED_DEV = OWN_PAIRS / "mined-dev.labels"
WATCHED_DEV = OWN_PAIRS / "watched-dev.labels"

# Sets whose dev parts the model is judged on: none of their texts may be trained on.
JUDGED = ("newsquotes", "vast", "argkp")

# Examples of each other set an epoch reads, a fresh draw each time. VAST gives the widest range
# of targets but long texts, so it dominates the cost; gwsd has one target, so it stays small.
DRAWS = {
    "vast": 4000,
    "argkp": 600,
    "perspectrum": 600,
    "iam": 300,
    "ibm_claim_stance": 200,
    "gwsd": 200,
}

# Quotes come without context, too: an epoch shows this share of them so.
CONTEXT_DROPPED = 0.3

# In a watchlist nearly every target is another subject than the quote's; few labelled pairs are.
# Too few and a network takes sides in anything; too many and it misses what is only implied.
SWAPPED = 16_000

# Invented statements whose stance lies in the cue: each cue meets each direction often.
CUED_COUNT = 4000

# VAST pairs texts with targets of other texts and calls them neutral; more of these than the
# real neutrals teach a model to spot another subject, not the absence of a stance.
SYNTHETIC_NEUTRALS = 1500


@dataclass(frozen=True, slots=True)
class Example:
    """A pair with its gold label; `device` is the rhetorical means where a set names it.

    `unseen` says that the set has its target in no training pair.
    """

    pair: Pair
    label: Label
    source: str
    device: str | None = None
    synthetic: bool = False
    unseen: bool = False
    soft: tuple[float, float, float] | None = None
    """A teacher's scores, in the order of the labels."""
    id: str | None = None
    """Of the statement, where the set names it."""


def read_examples(path: Path, source: str) -> list[Example]:
    """The examples of one JSONL file.

    Raises:
        InputError: the file cannot be read, or a line lacks text, target or a known label.
    """
    lines = enumerate(_lines(path, "examples"), start=1)
    return [_example(line, source, path, number) for number, line in lines if line]


def _lines(path: Path, what: str) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InputError(f"cannot read {what}", file=path) from error


def _example(line: str, source: str, path: Path, number: int) -> Example:
    try:
        row = json.loads(line)
        quote = row["quote"] if "quote" in row else row["text"]
        label = row["label"]
        target = row["target"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"not an example: {error!r}", file=path, line=number) from error
    if label not in get_args(Label):
        raise InputError(f"unknown label {label!r}", file=path, line=number)
    return Example(
        pair=Pair(quote, target, row.get("speaker"), row.get("context")),
        label=cast(Label, label),
        source=source,
        device=row.get("device"),
        synthetic=bool(row.get("synthetic_neutral", False)),
        unseen=bool(row.get("zero_shot", False)),
        id=row.get("id"),
    )


def read_soft(path: Path) -> list[Example]:
    """The examples that `models.stance.distil` wrote; those without gold are `unlabelled`.

    Raises:
        InputError: the file cannot be read, or a line is malformed.
    """
    lines = enumerate(_lines(path, "soft labels"), start=1)
    return [_soft(line, path, number) for number, line in lines]


def _soft(line: str, path: Path, number: int) -> Example:
    try:
        row = json.loads(line)
        favor, against, neutral = map(float, row.pop("scores"))
        label = row.pop("label", None)
        source = "unlabelled" if label is None else "labelled"
        scores = (favor, against, neutral)
        return Example(Pair(**row), label or "neutral", source, soft=scores)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"not soft labels: {error!r}", file=path, line=number) from error


def load_split(data: Path, source: str, split: str) -> list[Example]:
    """The examples of `data/source/split.jsonl`.

    Raises:
        InputError: as `read_examples`.
    """
    return read_examples(data / source / f"{split}.jsonl", source)


def mined_dev(data: Path, labels: Path = MINED_DEV) -> list[Example]:
    """Statements of newsquotes dev with targets of others on which a model took a side or nearly.

    `WATCHED_DEV` has 40 of them with what of 1,000 targets is called or near; those of a line's
    pairs that newsquotes has as well have its label.

    A line of the labels names a statement by its id, and holds targets, each with its label.

    Raises:
        InputError: a file cannot be read, or a line is malformed or names no statement of dev.
    """
    statements = {example.id: example for example in load_split(data, "newsquotes", "dev")}
    found: list[Example] = []
    for number, line in enumerate(_lines(labels, "labels"), start=1):
        try:
            row = json.loads(line)
            said = statements[row["id"]]
            for target, label, _ in row["pairs"]:
                pair = replace(said.pair, target=target)
                found.append(Example(pair, known_label(label), MINED, id=said.id))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"not labels: {error!r}", file=labels, line=number) from error
    return found


def own_examples() -> list[Example]:
    """The pairs written for this project, the expanded constructions among them."""
    paths = sorted(OWN_PAIRS.glob("*.jsonl"))
    written = [
        example
        for path in paths
        for example in read_examples(path, MINED if path.stem == MINED else "own")
    ]
    return written + expand(json.loads((OWN_PAIRS / "constructions.json").read_text("utf-8")))


def cued_examples(own: Sequence[Example]) -> list[Example]:
    """Invented statements towards the targets of the pairs written for this project."""
    targets = sorted({example.pair.target for example in own})
    return [Example(pair, label, "own") for pair, label in cued_pairs(targets, CUED_COUNT)]


def expand(constructions: dict[str, Any], topics_a_frame: int = 10) -> list[Example]:
    """Sentence frames of known polarity, each with some of the topics; always the same ones.

    A frame speaks of the target ("no reason to agree to {t}"), or of the body that the target
    would join or use, from which the stance towards the target follows. The last topic of each
    frame becomes the target of its first sentence too: another subject, so neutral.
    """
    rng = random.Random(0)
    topics = [(topic, topic) for topic in constructions["topics"]]
    rows: list[tuple[str, str, Label]] = []
    for label in get_args(Label):
        for kind, choices in (("", topics), ("bodies_", constructions["bodies"])):
            for frame in constructions[kind + label]:
                drawn = rng.sample(choices, topics_a_frame)
                rows += [(frame.format(t=named, b=named), target, label) for named, target in drawn]
                rows.append((frame.format(t=drawn[0][0], b=drawn[0][0]), drawn[-1][1], "neutral"))
    return [
        Example(Pair(_sentence(text), target, rng.choice(constructions["speakers"])), label, "own")
        for text, target, label in rows
    ]


def _sentence(text: str) -> str:
    """Direct speech, which ends in a mark, begins with a capital and has quotation marks."""
    return f'"{text[0].upper()}{text[1:]}"' if text[-1] in ".?!" else text


def text_key(text: str) -> str:
    """Letters and digits only: equal for copies that differ in case, marks and spaces."""
    return re.sub(r"[\W_]+", "", text.lower())


def deduplicate(examples: Iterable[Example], held_out: Iterable[Example]) -> list[Example]:
    """The first of each text and target, without any text that is held out."""
    barred = {text_key(example.pair.quote) for example in held_out}
    kept: dict[tuple[str, str], Example] = {}
    for example in examples:
        text = text_key(example.pair.quote)
        if text not in barred:
            kept.setdefault((text, text_key(example.pair.target)), example)
    return list(kept.values())


def load_training_pool(data: Path, labels: Sequence[Path] = LABELS) -> list[Example]:
    """Every example that may be trained on, in-domain sets first.

    Raises:
        InputError: as `read_examples`.
    """
    held_out = [example for source in JUDGED for example in load_split(data, source, "dev")]
    own = own_examples()
    pool = load_split(data, "newsquotes", "train") + own
    for path in labels:
        pool += [
            Example(pair, label, MINED if path.stem.startswith(MINED) else "labelled")
            for pair, label in labelled_pairs(data, [path], doubtful=True)
            if pair.polarity == "asserted"
        ]
    for source in DRAWS:
        pool += load_split(data, source, "train")
    # Like statements under unlike cues are no duplicates.
    return deduplicate(pool, held_out) + cued_examples(own)


def swapped(examples: Sequence[Example], count: int, rng: random.Random) -> list[Example]:
    """Pairs of a quote with another quote's target, neutral since they share no content word."""
    found: list[Example] = []
    while len(found) < count:
        quoted, other = rng.choice(examples), rng.choice(examples)
        text = (
            f"{quoted.pair.speaker} {quoted.pair.quote} {quoted.pair.context} {quoted.pair.target}"
        )
        if not content_words(text) & content_words(other.pair.target):
            pair = replace(quoted.pair, target=other.pair.target)
            found.append(replace(quoted, pair=pair, label="neutral", source="swapped", device=None))
    return found


def draw_epoch(
    pool: Sequence[Example], seed: int, in_domain_only: bool = False, rest: float = 1
) -> list[Example]:
    """The examples of one epoch, in random order; the same seed draws the same ones.

    `rest` is the share of all but the mined pairs that the epoch reads: a trained network that is
    to learn from those needs few of the others to keep what it knows.
    """
    rng = random.Random(seed)
    in_domain = [e for e in pool if e.source not in DRAWS]
    if in_domain_only:
        mix = rng.sample(in_domain, len(in_domain))
        return [_sometimes_without_context(rng, example) for example in mix]
    others = [e for e in in_domain if e.source != MINED]
    mix = [e for e in in_domain if e.source == MINED]
    mix += rng.sample(others, round(len(others) * rest))
    for source, count in DRAWS.items():
        whole = [e for e in pool if e.source == source and not e.synthetic]
        mix += _sample(rng, whole, round(count * rest))
    mix += _sample(rng, [e for e in pool if e.synthetic], round(SYNTHETIC_NEUTRALS * rest))
    # Most mined pairs are on different subjects, too, and tell more than swapped ones.
    mined = len(in_domain) - len(others)
    mix += swapped(others, max(0, round(SWAPPED * rest) - mined), rng)
    rng.shuffle(mix)
    return [_sometimes_without_context(rng, example) for example in mix]


def _sometimes_without_context(rng: random.Random, example: Example) -> Example:
    if example.pair.context is None or rng.random() >= CONTEXT_DROPPED:
        return example
    return replace(example, pair=replace(example.pair, context=None))


def _sample(rng: random.Random, examples: Sequence[Example], count: int) -> list[Example]:
    return rng.sample(examples, min(count, len(examples)))
