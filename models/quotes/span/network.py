"""The network: a transformer with a head for tags and one for links, trained with a CRF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModel

from models.quotes.span.encoding import TOKEN_TYPES
from models.quotes.span.labels import PARTS, TAGS

# Numbers for each side of a link; more did not fit the links of the training set better.
LINK_SIZE = 64

# Links are told apart by how many spans stand between the two, up to this many.
LINK_GAPS = 6


class SpanNetwork(nn.Module):  # type: ignore[misc]  # PyTorch is not there to be checked
    """Outputs (rows × tokens × …): emissions of the tags, left and right side of links."""

    def __init__(self, base: Path) -> None:
        super().__init__()
        self.encoder: Any = AutoModel.from_pretrained(
            base, local_files_only=True, attn_implementation="eager", add_pooling_layer=False
        )
        size = self.encoder.config.hidden_size
        _grow_types(self.encoder)
        self.dropout = nn.Dropout(0.1)
        self.tag = nn.Linear(size, len(TAGS))
        self.left = nn.Linear(size, LINK_SIZE)
        self.right = nn.Linear(size, LINK_SIZE)
        self.transitions = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        self.link_bias = nn.Parameter(torch.zeros(len(PARTS), len(PARTS), LINK_GAPS))

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        hidden = self.dropout(hidden)
        return self.tag(hidden), self.left(hidden), self.right(hidden)


def _grow_types(encoder: Any) -> None:
    """Makes room for our token types, each beginning as the base's first."""
    old = encoder.embeddings.token_type_embeddings.weight.data
    grown = nn.Embedding(TOKEN_TYPES, old.shape[1])
    grown.weight.data.copy_(old[:1].expand(TOKEN_TYPES, -1))
    encoder.embeddings.token_type_embeddings = grown
    encoder.config.type_vocab_size = TOKEN_TYPES


def crf_loss(emissions: Tensor, tags: Tensor, mask: Tensor, transitions: Tensor) -> Tensor:
    """Minus the log-likelihood of the tags (rows × words), per word.

    Rows are padded at the end, where `mask` is false. A row may begin with any tag.

    Source: Lafferty, McCallum and Pereira, "Conditional Random Fields", ICML 2001.
    """
    steps = emissions.shape[1]
    scores = emissions.gather(2, tags.unsqueeze(2)).squeeze(2)
    moves = transitions[tags[:, :-1], tags[:, 1:]]
    gold = (scores * mask).sum(1) + (moves * mask[:, 1:]).sum(1)
    total = emissions[:, 0]
    for step in range(1, steps):
        following = torch.logsumexp(total.unsqueeze(2) + transitions, dim=1) + emissions[:, step]
        total = torch.where(mask[:, step].unsqueeze(1), following, total)
    return (torch.logsumexp(total, dim=1) - gold).sum() / mask.sum()
