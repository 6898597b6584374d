from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancewire.errors import ConfigError
from stancewire.watchlist import Target, Watchlist, load_targets, parse_target, target_id


def load(folder: Path, text: str) -> Watchlist:
    path = folder / "targets.yaml"
    path.write_text(text, encoding="utf-8")
    return load_targets(path)


def test_names_and_mappings(tmp_path: Path) -> None:
    text = """\
targets:
  - Grain export ban
  - name:  Port of  Odesa
    aliases: [Odesa port, the port]
    hint: null
  - {id: no, name: NO, hint: The country}
  - name: Мир
    aliases:
"""
    assert load(tmp_path, text) == Watchlist(
        (
            Target(id="grain-export-ban", name="Grain export ban"),
            Target(id="port-of-odesa", name="Port of Odesa", aliases=("Odesa port", "the port")),
            Target(id="no", name="NO", hint="The country"),
            Target(id="мир", name="Мир"),
        )
    )


def test_a_bare_list_will_do(tmp_path: Path) -> None:
    assert load(tmp_path, "- a\n- b\n") == Watchlist((parse_target("a"), parse_target("b")))


@pytest.mark.parametrize(
    ("text", "names", "entities"),
    [
        ("entities: true\n", [], True),
        ("entities: true\ntargets:\n", [], True),
        ("entities: true\ntargets: []\n", [], True),
        ("targets: [a]\nentities: true\n", ["a"], True),
        ("entities: false\ntargets: [a]\n", ["a"], False),
    ],
)
def test_entities_beside_the_list_or_alone(
    tmp_path: Path, text: str, names: list[str], entities: bool
) -> None:
    assert load(tmp_path, text) == Watchlist(tuple(map(parse_target, names)), entities)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("targets:\n", 1, "expected a list of targets"),
        ("targets: []\n", 1, "names no target"),
        ("just words\n", 1, "expected a list of targets"),
        ("targets:\n  - a\nfeeds:\n  - b\n", 3, "unknown key 'feeds'"),
        ("targets:\n  - a\nentities: some\n", 3, "'entities' must be true or false"),
        ("targets:\n  - a\nentities:\n", 3, "'entities' must be true or false"),
        ("targets:\n  - a\nentities: [true]\n", 3, "'entities' must be true or false"),
        ("entities: false\n", 1, "expected a list of targets"),
        ("entities: false\ntargets: []\n", 2, "names no target"),
        ("entities: true\ntargets: words\n", 2, "expected a list of targets"),
        ("entities: true\ntargets:\n  - ''\n", 3, "'name' is empty"),
        ("- a\n- name: A\n", 2, "id 'a' stands twice, first in line 1"),
        ("- a\n- ''\n", 2, "'name' is empty"),
        ("- a\n- name: '  '\n", 2, "'name' is empty"),
        ("- a\n-\n", 2, "expected a mapping"),
        ("- a\n- id: b\n", 2, "'name' is missing"),
        ("- a\n- name: b\n  alias: c\n", 3, "unknown key 'alias'"),
        ("- a\n- name: b\n  aliases: c\n", 3, "'aliases' must be a list"),
        ("- a\n- name: b\n  aliases:\n    - c\n    - ''\n", 5, "'aliases.1' is empty"),
    ],
)
def test_bad_lists_name_the_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason) as caught:
        load(tmp_path, text)
    assert caught.value.context == {"file": tmp_path / "targets.yaml", "line": line}


def test_parse_target() -> None:
    assert parse_target(" Grain   export ban") == Target(
        id="grain-export-ban", name="Grain export ban"
    )
    with pytest.raises(ConfigError, match="name"):
        parse_target("  ")


@given(st.text(min_size=1))
def test_an_id_is_stable_and_never_empty(name: str) -> None:
    assert target_id(name) == target_id(name) != ""


def test_names_without_words_get_different_ids() -> None:
    assert target_id("!!!") != target_id("???")
