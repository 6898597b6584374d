"""The network: a transformer with a head for tags and one for links."""

from __future__ import annotations

from collections.abc import Sequence
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
        # A zero start leaves the base as it was; not every base has token types of its own.
        self.types = nn.Embedding(TOKEN_TYPES, size)
        nn.init.zeros_(self.types.weight)
        self.dropout = nn.Dropout(0.1)
        self.tag = nn.Linear(size, len(TAGS))
        self.left = nn.Linear(size, LINK_SIZE)
        self.right = nn.Linear(size, LINK_SIZE)
        self.transitions = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        self.link_bias = nn.Parameter(torch.zeros(len(PARTS), len(PARTS), LINK_GAPS))

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        words = self.encoder.embeddings.word_embeddings(input_ids)
        hidden = self.encoder(
            inputs_embeds=words + self.types(token_type_ids), attention_mask=attention_mask
        ).last_hidden_state
        hidden = self.dropout(hidden)
        return self.tag(hidden), self.left(hidden), self.right(hidden)


def average(weights: Sequence[Path]) -> dict[str, Any]:
    """The mean of the weights of several epochs.

    Source: Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization",
    UAI 2018.
    """
    states = [torch.load(path, weights_only=True) for path in weights]
    return {name: sum(state[name] for state in states) / len(states) for name in states[0]}
