"""What the documents say can be run, and what they point at is there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from producers.feedlist import load_feeds
from stancewire.cli import cli
from stancewire.watchlist import load_targets

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not {".venv", "build", ".pytest_cache"} & set(path.relative_to(ROOT).parts)
)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.M | re.S)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target


def commands() -> Iterator[tuple[str, list[str]]]:
    for page in PAGES:
        for block in blocks(page, "sh"):
            for line in block.replace("\\\n", " ").splitlines():
                words = shlex.split(line, comments=True)
                if words and Path(words[0]).name == "stancewire":
                    yield name(page), words[1:]


@pytest.mark.parametrize(("page", "arguments"), list(commands()), ids=str)
def test_commands_and_options_exist(page: str, arguments: list[str]) -> None:
    command: click.Command = cli
    context = click.Context(cli)
    rest = list(arguments)
    while isinstance(command, click.Group):
        found, command_, rest = command.resolve_command(context, rest)
        assert found, arguments
        assert command_ is not None
        command, context = command_, click.Context(command_, parent=context)
    command.make_context(command.name, rest, parent=context.parent)


def test_makefile_targets_in_the_documents_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", makefile, re.M))
    named = {word for page in PAGES for word in re.findall(r"\bmake ([a-z]+)\b", page.read_text())}
    assert {"demo", "test"} <= named & targets
    verbs = named - targets
    assert not verbs & set(re.findall(r"`make ([a-z]+)", " ".join(p.read_text() for p in PAGES)))


def test_sample_lists_in_the_readme_load(tmp_path: Path) -> None:
    feeds, targets = blocks(ROOT / "README.md", "yaml")
    (tmp_path / "feeds.yaml").write_text(feeds)
    (tmp_path / "targets.yaml").write_text(targets)
    assert len(load_feeds(tmp_path / "feeds.yaml")) == 3
    assert [t.id for t in load_targets(tmp_path / "targets.yaml").targets] == [
        "nato-membership-for-ukraine",
        "carbon-tax",
    ]


def variables(command: click.Command) -> Iterator[str]:
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from variables(inner)
    for parameter in command.params:
        if isinstance(parameter.envvar, str):
            yield parameter.envvar


def test_every_variable_is_documented() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()
    assert set(re.findall(r"STANCEWIRE_[A-Z_]+", page)) == set(variables(cli))
