"""The gate's encoder as it is trained: a sentence encoder, and a projection of its words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import AutoModel

# Numbers a word: each word of each target is kept, so a quarter of the encoder's width.
WORD_WIDTH = 96


class GateNetwork(torch.nn.Module):  # type: ignore[misc]  # PyTorch is not there to be checked
    """Token ids of shape (rows, tokens) to unit vectors of the wholes and of the words."""

    def __init__(self, base: Path) -> None:
        super().__init__()
        # On a CPU in bf16 this trains about a third faster than the fused attention.
        self.encoder = AutoModel.from_pretrained(
            base, local_files_only=True, attn_implementation="eager"
        )
        self.encoder.get_input_embeddings().weight.requires_grad = False
        self.project = torch.nn.Linear(self.encoder.config.hidden_size, WORD_WIDTH, bias=False)

    def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> tuple[Any, Any]:
        states = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state.float()
        mask = attention_mask.unsqueeze(-1).float()
        wholes = (states * mask).sum(1) / mask.sum(1)
        normalize = torch.nn.functional.normalize
        return normalize(wholes, dim=-1), normalize(self.project(states), dim=-1)


class PairScorer(torch.nn.Module):  # type: ignore[misc]  # PyTorch is not there to be checked
    """The logit of every quote with every target of a batch, as `TargetIndex` computes it."""

    def __init__(self) -> None:
        super().__init__()
        # Where the logits of related and unrelated texts of an untrained encoder lie about zero.
        self.weights = torch.nn.Parameter(torch.tensor([6.0, 12.0, -10.0]))

    def forward(self, quotes: tuple[Any, Any, Any], targets: tuple[Any, Any, Any]) -> Any:
        """Each side is (wholes, words, which tokens are words); shape (quotes, targets)."""
        wholes, words, is_word = quotes
        other_wholes, other_words, is_other_word = targets
        nearness = torch.einsum("qid,tjd->qtij", words, other_words)
        best = nearness.masked_fill(~is_word[:, None, :, None], -1).amax(2)
        counted = is_other_word.float()
        by_words = (best * counted).sum(-1) / counted.sum(-1).clamp(min=1)
        whole, word, bias = self.weights
        return whole * (wholes @ other_wholes.T) + word * by_words + bias
