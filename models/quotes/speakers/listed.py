"""Countries and well-known organisations: names that need no article to tell what they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from models.quotes.speakers.entities import fold
from stancewire.records import EntityKind, NamedEntity

_FILES: dict[str, EntityKind] = {"countries.txt": "country", "bodies.txt": "organisation"}


def listed(name: str) -> NamedEntity | None:
    """The country or organisation of a name, in whatever case, by its usual name."""
    return _listed().get(fold(name))


@cache
def _listed() -> Mapping[str, NamedEntity]:
    return MappingProxyType(dict(_entries()))


def _entries() -> Iterator[tuple[str, NamedEntity]]:
    folder = resources.files("models.quotes.speakers")
    for file, kind in _FILES.items():
        for line in (folder / file).read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            name, _, others = line.partition(":")
            entity = NamedEntity(name=name, kind=kind)
            for alias in (name, *others.split(",")):
                if alias.strip():
                    yield fold(alias), entity
