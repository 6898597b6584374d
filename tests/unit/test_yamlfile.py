from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from stancewire.errors import ConfigError
from stancewire.yamlfile import load_yaml


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    size: int = 0
    tags: tuple[str, ...] = ()


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "settings.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_lines_of_places(tmp_path: Path) -> None:
    file = load_yaml(write(tmp_path, "# head\nitems:\n  - name: a\n    size: 1\n  - name: b\n"))
    assert file.line() == 2
    assert file.line("items", 0) == 3
    assert file.line("items", 0, "size") == 4
    assert file.line("items", 1, "name") == 5
    assert file.line("items", 1, "missing") == 5
    assert file.line("nothing") == 2


def test_plain_words_stay_as_written(tmp_path: Path) -> None:
    file = load_yaml(write(tmp_path, "[NO, yes, 1984, 2024-11-05, 1e3, null, ~, '']\n"))
    assert file.data == ["NO", "yes", "1984", "2024-11-05", "1e3", None, None, ""]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "empty"),
        ("# only a comment\n", 1, "empty"),
        ("a: 1\nb: 2\na: 3\n", 3, "'a' stands twice, first in line 1"),
        ("x:\n  - {a: 1, a: 2}\n", 2, "'a' stands twice"),
        ("a: 1\nb:\n\t- x\n", 3, "tab"),
        ("a: [1,\nb: 2\n", 3, "not YAML"),
        ("a: 'open\n", 2, "not YAML"),
        (b"a: 1\nb: \xff\n", 2, "not UTF-8"),
        ("a: 1\nb: \x07\n", 2, "U\\+0007"),
        ("a: 1\n---\nb: 2\n", 2, "another document"),
        ("a: !!python/object:os.system x\n", 1, "not YAML"),
        ("a: *nowhere\n", 1, "undefined alias"),
    ],
)
def test_unusable_files_name_the_line(
    tmp_path: Path, text: str | bytes, line: int, reason: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError, match=reason) as caught:
        load_yaml(path)
    assert caught.value.context == {"file": path, "line": line}


def test_deep_nesting_and_loops_end(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nested too deeply"):
        load_yaml(write(tmp_path, "[" * 5_000))
    load_yaml(write(tmp_path, "&a [*a]\n"))


def test_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read the file: no such file"):
        load_yaml(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match="cannot read the file: is a directory"):
        load_yaml(tmp_path)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("- name: a\n- size: 1\n", 2, "'name' is missing"),
        ("- name: a\n- name: b\n  sise: 1\n", 3, "unknown key 'sise'; known are name, size, tags"),
        ("- name: a\n- name: b\n  size: big\n", 3, "'size': input should be a valid integer"),
        ("- name: a\n- plain\n", 2, "expected a mapping with name, size, tags"),
        ("- name: a\n- name:\n", 2, "'name' must be a text"),
        ("- name: a\n- name: b\n  tags: x\n", 3, "'tags' must be a list"),
    ],
)
def test_check_says_what_is_wrong_where(tmp_path: Path, text: str, line: int, reason: str) -> None:
    file = load_yaml(write(tmp_path, text))
    assert file.check(Item, 0).name == "a"
    with pytest.raises(ConfigError, match=reason) as caught:
        file.check(Item, 1)
    assert caught.value.context["line"] == line
