"""What the outputs of a sequence classifier mean, read from its label names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.stance.pair import Pair
from models.stance.text import plain
from stancewire.errors import ModelError
from stancewire.records import Label


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split(", "))


_SYNONYMS: dict[Label, frozenset[str]] = {
    "favor": _names(
        "favor, favour, favors, favours, in favor, in favour, in favor of, in favour of, pro, for, "
        "support, supports, supporting, supported, supportive, agree, agrees"
    ),
    "against": _names(
        "against, con, contra, anti, oppose, opposes, opposed, opposing, opposition, disagree, "
        "disagrees, attack, attacks, undermine, undermines"
    ),
    "neutral": _names(
        "neutral, none, neither, no stance, no position, unrelated, not related, irrelevant, "
        "discuss, comment, comments, unknown, other"
    ),
}
_ENTAILMENT = _names("entailment, entail, entails, entailed")
_NOT_ENTAILMENT = _names("neutral, contradiction, contradicts, not entailment, non entailment")


@dataclass(frozen=True, slots=True)
class StanceHead:
    """Outputs that name stances; several outputs may mean the same one, neutral may be absent."""

    favor: tuple[int, ...]
    against: tuple[int, ...]
    neutral: tuple[int, ...]

    def combine(self, probabilities: Sequence[float]) -> tuple[float, float, float]:
        """Favor, against and neutral of one row's output probabilities."""
        favor, against, neutral = (
            sum(probabilities[output] for output in outputs)
            for outputs in (self.favor, self.against, self.neutral)
        )
        return favor, against, neutral


@dataclass(frozen=True, slots=True)
class NliHead:
    """Outputs of an entailment model; only the entailment one is used."""

    entailment: int

    def combine(self, favors: Sequence[float], opposes: Sequence[float]) -> tuple[float, ...]:
        """Favor, against and neutral of the outputs for the two hypotheses.

        A side gets the probability that its hypothesis is entailed and the other's is not; all
        else is neutral. Contradiction counts for neither: a statement on another subject
        contradicts both hypotheses in the eyes of many such models.
        """
        favor, against = favors[self.entailment], opposes[self.entailment]
        for_it, against_it = favor * (1 - against), against * (1 - favor)
        return for_it, against_it, max(0.0, 1 - for_it - against_it)


def read_head(id2label: Mapping[int, str]) -> StanceHead | NliHead:
    """What the outputs mean.

    Raises:
        ModelError: the names are neither stances nor entailment; the message lists them.
    """
    names = {output: _normalise(name) for output, name in id2label.items()}
    entailment = [output for output, name in names.items() if name in _ENTAILMENT]
    if len(entailment) == 1 and set(names.values()) <= _ENTAILMENT | _NOT_ENTAILMENT:
        return NliHead(entailment[0])
    sides: dict[Label, tuple[int, ...]] = {
        label: tuple(output for output, name in names.items() if name in synonyms)
        for label, synonyms in _SYNONYMS.items()
    }
    known = sum(len(outputs) for outputs in sides.values())
    if known == len(names) and sides["favor"] and sides["against"]:
        return StanceHead(sides["favor"], sides["against"], sides["neutral"])
    listed = ", ".join(repr(name) for _, name in sorted(id2label.items()))
    raise ModelError(
        f"cannot read labels {listed} as a stance (favor, against, neutral) or as entailment"
    )


def _normalise(name: str) -> str:
    return re.sub(r"[\W_]+", " ", str(name).lower()).strip()


def nli_texts(pair: Pair) -> tuple[str, str, str]:
    """The premise, the hypothesis of favor and the hypothesis of opposition."""
    speaker = plain(pair.speaker or "") or "the speaker"
    opening = speaker[0].upper() + speaker[1:]
    target = plain(pair.target)
    return (
        f"{opening} said: {plain(pair.quote)}",
        f"{opening} is in favor of {target}.",
        f"{opening} is against {target}.",
    )
