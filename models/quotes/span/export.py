"""Exports a trained span model to ONNX with int8 weights.

python -m models.quotes.span.export --weights FILE --out DIR [--fp32]
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import torch

from models.quotes.span.network import SpanNetwork
from models.quotes.span.tagger import HEAD, load_tokenizer, window_edges
from models.quotes.span.windows import LONGEST
from models.stance.export import OPSET, quantise
from models.stance.manifest import MANIFEST, Manifest, file_digest, revision_of
from models.stance.train import packaged_minilm

INPUTS = ("input_ids", "attention_mask", "token_type_ids")

OUTPUTS = ("tags", "left", "right")


def write_onnx(model: SpanNetwork, path: Path) -> None:
    """The network in fp32, with any number of rows and tokens."""
    sample = {name: torch.ones((2, 16), dtype=torch.int64) for name in INPUTS}
    axes = {0: torch.export.Dim("rows"), 1: torch.export.Dim("tokens")}
    torch.onnx.export(
        model.eval(),
        (),
        kwargs=sample,
        f=path,
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_shapes=dict.fromkeys(INPUTS, axes),
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
    )


def write_head(model: SpanNetwork, first_token: int, last_token: int, path: Path) -> None:
    head = {
        # A fifth decimal is beyond what int8 can tell apart.
        "transitions": model.transitions.detach().double().numpy().round(4).tolist(),
        "link_bias": model.link_bias.detach().double().numpy().round(4).tolist(),
        "first_token": first_token,
        "last_token": last_token,
    }
    path.write_text(json.dumps(head, indent=1) + "\n", encoding="utf-8")


def write_manifest(directory: Path) -> None:
    files = sorted(path for path in directory.iterdir() if path.name != MANIFEST)
    manifest = Manifest(
        name=directory.name,
        revision=revision_of(files),
        max_tokens=LONGEST,
        temperature=1.0,
        files={path.name: file_digest(path) for path in files},
    )
    text = json.dumps(manifest.model_dump(), indent=2)
    (directory / MANIFEST).write_text(text + "\n", encoding="utf-8")


def export(weights: Path, base: Path, directory: Path, fp32: bool = False) -> None:
    """Writes a directory that `SpanTagger` loads."""
    directory.mkdir(parents=True, exist_ok=True)
    model = SpanNetwork(base)
    model.load_state_dict(torch.load(weights, weights_only=True))
    with tempfile.TemporaryDirectory() as scratch:
        network = Path(scratch) / "fp32.onnx"
        write_onnx(model, network)
        if fp32:
            shutil.copyfile(network, directory / "model.onnx")
        else:
            quantise(network, directory / "model.onnx")
    tokenizer = load_tokenizer(base / "tokenizer.json")
    tokenizer.save(str(directory / "tokenizer.json"))
    write_head(
        model,
        *window_edges(tokenizer),
        directory / HEAD,
    )
    write_manifest(directory)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m models.quotes.span.export", description=__doc__
    )
    parser.add_argument("--weights", type=Path, required=True, help="what train wrote: best.pt")
    parser.add_argument("--base", type=Path, help="what it was trained from (default: MiniLM-L6)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fp32", action="store_true", help="keep the weights in fp32")
    arguments = parser.parse_args()
    export(arguments.weights, arguments.base or packaged_minilm(), arguments.out, arguments.fp32)


if __name__ == "__main__":
    main()
