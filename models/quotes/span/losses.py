"""What training minimises: the tags' likelihood as a CRF, the links', and a teacher's opinion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from models.quotes.span.examples import Row
from models.quotes.span.network import LINK_GAPS, LINK_SIZE


@dataclass(frozen=True, slots=True)
class Outputs:
    """What a network says of a batch: emissions (rows × words × tags), both sides of links
    (rows × words × numbers), transitions (tags × tags), biases of links."""

    emissions: Tensor
    left: Tensor
    right: Tensor
    transitions: Tensor
    link_bias: Tensor


def log_partition(emissions: Tensor, moves: Tensor, mask: Tensor) -> Tensor:
    """The log of the sum over all tag sequences of each row.

    `moves` are the transitions into each word but the first (words - 1, or rows × words - 1,
    × tags × tags); rows are padded at the end, where `mask` is false.
    """
    total = emissions[:, 0]
    for step in range(1, emissions.shape[1]):
        into = moves[..., step - 1, :, :]
        following = torch.logsumexp(total.unsqueeze(2) + into, dim=1) + emissions[:, step]
        total = torch.where(mask[:, step].unsqueeze(1), following, total)
    return torch.logsumexp(total, dim=1)


def _every_move(outputs: Outputs) -> Tensor:
    steps = outputs.emissions.shape[1] - 1
    return outputs.transitions.expand(steps, *outputs.transitions.shape)


def crf_loss(outputs: Outputs, tags: Tensor, mask: Tensor) -> Tensor:
    """Minus the log-likelihood of the tags (rows × words), per word; any tag may come first.

    Source: Lafferty, McCallum and Pereira, "Conditional Random Fields", ICML 2001.
    """
    scores = outputs.emissions.gather(2, tags.unsqueeze(2)).squeeze(2)
    moves = outputs.transitions[tags[:, :-1], tags[:, 1:]]
    gold = (scores * mask).sum(1) + (moves * mask[:, 1:]).sum(1)
    total = log_partition(outputs.emissions, _every_move(outputs), mask)
    return (total - gold).sum() / mask.sum()


def marginals(outputs: Outputs, mask: Tensor) -> tuple[Tensor, Tensor]:
    """How likely each tag of a word, and each pair of tags of neighbours: the gradients of the
    log-partition."""
    rows = outputs.emissions.shape[0]
    with torch.enable_grad():
        emissions = outputs.emissions.detach().requires_grad_()
        moves = _every_move(outputs).detach().repeat(rows, 1, 1, 1).requires_grad_()
        total = log_partition(emissions, moves, mask).sum()
        single, pair = torch.autograd.grad(total, (emissions, moves))
    return single, pair


def taught_tags_loss(student: Outputs, teacher: Outputs, mask: Tensor) -> Tensor:
    """Cross-entropy of the student's CRF under the teacher's, per word.

    Source: Wang et al., "Structural Knowledge Distillation", ACL 2021.
    """
    single, pair = marginals(teacher, mask)
    expected = (single * student.emissions).sum() + (pair * student.transitions).sum()
    total = log_partition(student.emissions, _every_move(student), mask).sum()
    return (total - expected) / mask.sum()


def link_loss(
    rows: Sequence[Row], outputs: Outputs, teacher: Outputs | None = None, trust: float = 0.0
) -> Tensor:
    """Cross-entropy of whether two spans that stand near each other share an attribution.

    With a teacher, what is right is `trust` times its opinion and the gold for the rest.
    """
    pairs = [
        (number, at, at + 1 + gap, gap)
        for number, row in enumerate(rows)
        for at in range(len(row.spans))
        for gap in range(min(LINK_GAPS, len(row.spans) - at - 1))
    ]
    if not pairs:
        return outputs.left.sum() * 0
    found = []
    for number, at, other_at, gap in pairs:
        one, other = rows[number].spans[at], rows[number].spans[other_at]
        edges = (one.first, one.last, other.first, other.last)
        found.append(
            (number, *edges, one.part, other.part, gap, one.attribution == other.attribution)
        )
    *places, gold = torch.tensor(found).unbind(1)
    wanted = gold.float()
    if teacher is not None:
        with torch.no_grad():
            wanted = (1 - trust) * wanted + trust * torch.sigmoid(_link_logits(teacher, places))
    logits = _link_logits(outputs, places)
    return torch.nn.functional.binary_cross_entropy_with_logits(logits, wanted)


def _link_logits(outputs: Outputs, places: Sequence[Tensor]) -> Tensor:
    row, a, b, c, d, part, other_part, gap = places
    left = outputs.left[row, a] + outputs.left[row, b]
    right = outputs.right[row, c] + outputs.right[row, d]
    return (left * right).sum(1) / LINK_SIZE**0.5 + outputs.link_bias[part, other_part, gap]
