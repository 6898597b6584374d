from pathlib import Path

from models.manifest import read_manifest, write_manifest


def test_weights_that_are_calibrated_anew_are_another_revision(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"weights")
    revisions = []
    for temperature in (1.0, 1.5, 1.5):
        write_manifest(tmp_path, 256, temperature)
        revisions.append(read_manifest(tmp_path).revision)
    assert revisions[0] != revisions[1] == revisions[2]
