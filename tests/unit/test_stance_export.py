"""Calibration finds the temperature and the bias by which labels were drawn."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is for training only")
pytest.importorskip("torch", reason="PyTorch is for training only")

from models.stance.export import fit_calibration
from models.stance.metrics import LABELS
from models.stance.scoring import softmax


@pytest.mark.parametrize(("temperature", "bias"), [(1.0, 0.0), (1.7, 0.8), (0.6, -1.2)])
def test_calibration_is_found_again(temperature: float, bias: float) -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(scale=2.0, size=(20_000, 3)).tolist()
    place = LABELS.index("neutral")
    gold = []
    for row in logits:
        biased = [logit + bias * (output == place) for output, logit in enumerate(row)]
        gold.append(LABELS[rng.choice(3, p=softmax(biased, temperature))])
    assert fit_calibration(logits, gold) == pytest.approx((temperature, bias), abs=0.08)
