"""Any Hugging Face sequence classifier that a user names, by PyTorch: stance or entailment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.manifest import revision_of
from models.stance.batches import by_length
from models.stance.directory import load_tokenizer
from models.stance.heads import NliHead, StanceHead, nli_texts, read_head
from models.stance.pair import Pair
from models.stance.scoring import softmax, to_scores
from models.stance.text import encode_text
from stancewire.errors import ModelError
from stancewire.records import ModelInfo, Scores

# Longer sequences cost more than they tell about one statement.
MAX_TOKENS = 512

# Rows × longest row of a batch on a GPU: a few hundred MB for a model of base size.
GPU_BATCH_TOKENS = 16_384

WEIGHT_PATTERNS = ("*.safetensors", "pytorch_model*.bin")


class TorchClassifier:
    """`AutoModelForSequenceClassification` over one directory, in fp32.

    On a CPU the sequences of each pair run by themselves, so scores do not depend on the other
    pairs. On a GPU pairs run in batches of like length, and scores may move by about 1e-6 with
    the batch.
    """

    def __init__(self, directory: Path, threads: int | None = None) -> None:
        """Raises: ModelError: PyTorch is missing, or the directory is not such a model."""
        try:
            import torch
            from transformers import AutoModelForSequenceClassification
        except ImportError as error:
            raise ModelError(
                'this model needs PyTorch: pip install "stancewire[torch]"', directory=directory
            ) from error
        self._torch = torch
        if threads is not None:
            torch.set_num_threads(threads)
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._tokenizer = load_tokenizer(directory)
        try:
            model = AutoModelForSequenceClassification.from_pretrained(
                directory, local_files_only=True, dtype=torch.float32
            )
        except Exception as error:  # depending on what is wrong, transformers raises anything
            raise ModelError(f"cannot load the model: {error}", directory=directory) from error
        self._head = _head_of(model, directory)
        self._model = model.to(self._device).eval()
        limit = getattr(model.config, "max_position_embeddings", MAX_TOKENS)
        self._max_tokens = min(MAX_TOKENS, self._tokenizer.model_max_length, limit)
        self._info = ModelInfo(name=directory.resolve().name, revision=_revision(directory))

    @property
    def info(self) -> ModelInfo:
        return self._info

    def classify(self, pairs: Sequence[Pair]) -> list[Scores]:
        """One result a pair, in the pairs' order.

        Raises:
            ModelError: the model failed.
        """
        head = self._head
        if isinstance(head, NliHead):
            rows = [
                (premise, hypothesis)
                for premise, *hypotheses in map(nli_texts, pairs)
                for hypothesis in hypotheses
            ]
            outputs = self._probabilities(rows, rows_a_pair=2)
            return [
                to_scores(*head.combine(favors, opposes))
                for favors, opposes in zip(outputs[::2], outputs[1::2], strict=True)
            ]
        outputs = self._probabilities([encode_text(pair) for pair in pairs], rows_a_pair=1)
        return [to_scores(*head.combine(row)) for row in outputs]

    def _probabilities(
        self, rows: Sequence[tuple[str, str]], rows_a_pair: int
    ) -> list[list[float]]:
        if not rows:
            return []
        firsts, seconds = zip(*rows, strict=True)
        encoded = self._tokenizer(
            list(firsts), list(seconds), truncation=True, max_length=self._max_tokens
        )
        results: list[list[float]] = [[]] * len(rows)
        for batch in self._batches([len(ids) for ids in encoded["input_ids"]], rows_a_pair):
            features = [{name: encoded[name][row] for name in encoded} for row in batch]
            for row, logits in zip(batch, self._run(features), strict=True):
                results[row] = softmax(logits)
        return results

    def _batches(self, lengths: Sequence[int], rows_a_pair: int) -> list[list[int]]:
        if self._device == "cpu":
            starts = range(0, len(lengths), rows_a_pair)
            return [list(range(start, start + rows_a_pair)) for start in starts]
        return by_length(lengths, GPU_BATCH_TOKENS)

    def _run(self, features: list[dict[str, list[int]]]) -> list[list[float]]:
        try:
            inputs = self._tokenizer.pad(features, return_tensors="pt").to(self._device)
            with self._torch.inference_mode():
                logits: list[list[float]] = self._model(**inputs).logits.float().tolist()
        except RuntimeError as error:
            raise ModelError(f"the model failed: {error}", model=self.info.name) from error
        return logits


def _head_of(model: Any, directory: Path) -> StanceHead | NliHead:
    try:
        return read_head(model.config.id2label)
    except ModelError as error:
        raise ModelError(error.message, directory=directory) from error


def _revision(directory: Path) -> str:
    weights = [path for pattern in WEIGHT_PATTERNS for path in directory.glob(pattern)]
    return revision_of([*weights, directory / "config.json"])
