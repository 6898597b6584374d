"""Products in int8 with a scale a token."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="onnx is for training only")
pytest.importorskip("torch", reason="PyTorch is for training only")

from models.onnx_rows import largest_inputs, quantise_rows  # noqa: E402
from models.onnx_session import open_session  # noqa: E402
from tests.unit.test_onnx_export import network  # noqa: E402

ROWS = np.random.default_rng(1).normal(size=(4, 32)).astype(np.float32)


def quantised(exact: Path) -> Any:
    return quantise_rows(exact, largest_inputs(exact, [{"x": ROWS}]))


def rows_answered(path: Path, rows: np.ndarray) -> np.ndarray:
    (result,) = open_session(path).run(["y"], {"x": rows})
    return result  # type: ignore[no-any-return]


def test_products_in_int8_are_near_those_in_fp32_and_take_no_notice_of_other_rows(
    tmp_path: Path,
) -> None:
    exact, small = tmp_path / "exact.onnx", tmp_path / "small.onnx"
    onnx.save(network(2, 32), exact)
    onnx.save(quantised(exact), small)
    assert small.stat().st_size < exact.stat().st_size
    rows = np.random.default_rng(1).normal(size=(4, 32)).astype(np.float32)
    rows[3] *= 1000
    wanted, given = rows_answered(exact, rows), rows_answered(small, rows)
    errors = np.abs(given - wanted).max(1) / np.abs(wanted).max(1)
    assert errors.max() < 0.02
    for place in range(4):
        assert (rows_answered(small, rows[place : place + 1])[0] == given[place]).all()


def test_rows_of_zeros_stay_zeros(tmp_path: Path) -> None:
    onnx.save(network(1, 32), tmp_path / "exact.onnx")
    onnx.save(quantised(tmp_path / "exact.onnx"), tmp_path / "small.onnx")
    assert not rows_answered(tmp_path / "small.onnx", np.zeros((2, 32), np.float32)).any()


def test_channels_that_are_large_in_every_row_do_not_drown_the_others(tmp_path: Path) -> None:
    onnx.save(network(1, 32), tmp_path / "exact.onnx")
    rows = ROWS.copy()
    rows[:, 5] *= 300
    sizes = largest_inputs(tmp_path / "exact.onnx", [{"x": rows}])
    wanted = rows_answered(tmp_path / "exact.onnx", rows)
    errors = {}
    for name, largest in (("smooth", sizes), ("plain", {"x": np.ones(32)})):
        onnx.save(quantise_rows(tmp_path / "exact.onnx", largest), tmp_path / "small.onnx")
        errors[name] = np.abs(rows_answered(tmp_path / "small.onnx", rows) - wanted).mean()
    assert errors["smooth"] < errors["plain"] / 2
