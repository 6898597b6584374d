"""Fits the weights that rank whom "he" and "she" stand for: GAP, and speakers of the news."""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.quotes.layout import read_layout
from models.quotes.polnear import GoldArticle, read_articles
from models.quotes.speakers.entities import Entity, fold
from models.quotes.speakers.gold import GoldSpeaker, plain, read_gold
from models.quotes.speakers.names import read_names
from models.quotes.speakers.ranking import FEATURES
from models.quotes.speakers.referents import GENDERS, Candidate, Referents
from models.quotes.speakers.resolver import SpeakerResolver
from models.quotes.speakers.scoring import sentence_at, to_attribution
from stancewire.records import Span

WEIGHTS = Path(__file__).with_name("pronouns.json")
# How much an example of the news counts beside one of GAP, which is from Wikipedia.
NEWS_WEIGHT = 25.0
# GAP's names are nearly all people's; in the news a name that is surely a person's says a lot.
FIXED = {"sure": 1.5}
HELD_OUT = 0.25
STEPS = 600
RATE = 0.05
RIDGE = 0.002
_TAG = re.compile(r"<TAG-([ABP])> (.*?) <TAG-\1>")


@dataclass(frozen=True, slots=True)
class Example:
    """A pronoun's candidates and which of them it stands for; None where it is none of them."""

    candidates: list[Candidate]
    right: int | None
    weight: float


@dataclass(frozen=True, slots=True)
class GapRow:
    """A text of GAP with its pronoun and the name that it stands for."""

    text: str
    pronoun: Span
    name: Span


def read_gap(path: Path) -> list[GapRow]:
    """The rows of GAP whose pronoun stands for one of the two names."""
    csv.field_size_limit(sys.maxsize)
    rows: list[GapRow] = []
    with path.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            text, spans = _untag(line["text"])
            name = spans.get({"1": "A", "2": "B"}.get(line["label"], ""))
            if name is not None and "P" in spans:
                rows.append(GapRow(text, spans["P"], name))
    return rows


def _untag(tagged: str) -> tuple[str, dict[str, Span]]:
    pieces: list[str] = []
    spans: dict[str, Span] = {}
    length = end = 0
    for match in _TAG.finditer(tagged):
        before = tagged[end : match.start()]
        pieces += [before, match.group(2)]
        length += len(before)
        spans[match.group(1)] = (length, length + len(match.group(2)))
        length += len(match.group(2))
        end = match.end()
    return "".join([*pieces, tagged[end:]]), spans


def gap_example(row: GapRow) -> Example | None:
    """The candidates of a row's pronoun."""
    layout = read_layout(row.text)
    names = read_names(layout)
    pronoun = row.text[row.pronoun[0] : row.pronoun[1]].lower()
    named = {
        mention.entity
        for mention in names.mentions
        if mention.start < row.name[1] and row.name[0] < mention.end
    }
    if pronoun not in GENDERS or not layout.sentences:
        return None
    referents = Referents(layout, names)
    referents.advance(row.pronoun[0])
    sentence = sentence_at(layout, row.pronoun[0])
    return _example(referents.candidates(pronoun, row.pronoun[0], sentence), named, 1.0)


def _example(candidates: list[Candidate], named: set[Entity], weight: float) -> Example:
    right = next((at for at, one in enumerate(candidates) if one.entity in named), None)
    return Example(candidates, right, weight)


def news_examples(directory: Path, split: str) -> list[Example]:
    """The pronouns of the news whose speakers were labelled."""
    articles = {article.id: article for article in read_articles(directory / split)}
    gold: dict[str, list[GoldSpeaker]] = {}
    for item in read_gold(split):
        gold.setdefault(item.doc, []).append(item)
    return [
        example
        for doc, items in sorted(gold.items())
        for example in _news_examples(articles[doc], {item.mention[0]: item for item in items})
    ]


def _news_examples(article: GoldArticle, gold: dict[int, GoldSpeaker]) -> Iterator[Example]:
    layout = read_layout(article.text)
    resolver = SpeakerResolver(layout)
    items = [to_attribution(item, layout) for item in article.attributions if item.content]
    for item in sorted(items, key=lambda item: item.contents[0][0]):
        known = None if item.source is None else gold.get(item.source[0])
        if item.source is not None and known is not None:
            pronoun = article.text[item.source[0] : item.source[1]].lower()
            if pronoun in GENDERS:
                names = {fold(plain(article.text[a:b])) for a, b in known.names}
                resolver.referents.advance(item.source[0])
                found = resolver.referents.candidates(pronoun, item.source[0], item.sentence)
                named = {one.entity for one in found if fold(plain(one.entity.name)) in names}
                yield _example(found, named, NEWS_WEIGHT)
        resolver.resolve(item)


def fit(examples: Sequence[Example]) -> np.ndarray:
    """Weights that make the right candidates likely: a softmax over each one's candidates."""
    usable = [item for item in examples if item.right is not None and len(item.candidates) > 1]
    sizes = [len(item.candidates) for item in usable]
    features = np.array([one.features for item in usable for one in item.candidates])
    owner = np.repeat(np.arange(len(usable)), sizes)
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    right = starts + np.array([item.right for item in usable])
    importance = np.array([item.weight for item in usable])
    weights = np.array([FIXED.get(name, 0.0) for name in FEATURES])
    free = np.array([name not in FIXED for name in FEATURES])
    momentum, scale = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        scores = features @ weights
        scores -= np.maximum.reduceat(scores, starts)[owner]
        likely = np.exp(scores)
        likely /= np.add.reduceat(likely, starts)[owner]
        likely[right] -= 1.0
        slope = features.T @ (likely * importance[owner]) / importance.sum()
        slope = (slope + RIDGE * weights) * free
        momentum = 0.9 * momentum + 0.1 * slope
        scale = 0.999 * scale + 0.001 * slope**2
        weights -= RATE * (momentum / (1 - 0.9**step)) / (np.sqrt(scale / (1 - 0.999**step)) + 1e-8)
    return weights


def accuracy(examples: Sequence[Example], weights: np.ndarray) -> float:
    """The share of pronouns whose best candidate is right; none found is wrong."""
    right = sum(
        item.right is not None
        and int(np.argmax([np.dot(one.features, weights) for one in item.candidates])) == item.right
        for item in examples
    )
    return right / max(1, len(examples))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gap", type=Path, required=True, help="preprocessed.csv of GAP")
    parser.add_argument("--data", type=Path, required=True, help="PolNeAR's directory")
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    rows = read_gap(arguments.gap)
    random.Random(arguments.seed).shuffle(rows)
    held = int(len(rows) * HELD_OUT)
    gap = [gap_example(row) for row in rows]
    kept = [item for item in gap[held:] if item is not None]
    news = news_examples(arguments.data, "train")
    weights = fit([*kept, *news])
    shown = {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights, strict=True)}
    arguments.output.write_text(json.dumps({"weights": shown}, indent=1) + "\n", encoding="utf-8")
    tested = {
        "gap, held out": [item for item in gap[:held] if item is not None],
        "news, train": news,
        "news, dev": news_examples(arguments.data, "dev"),
    }
    for name, examples in tested.items():
        print(f"{name}: {accuracy(examples, weights):.3f} of {len(examples)}")  # noqa: T201


if __name__ == "__main__":
    main()
