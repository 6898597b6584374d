"""The lists of given names and of places."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

Gender = Literal["male", "female"]


@cache
def places() -> frozenset[str]:
    """The words of countries, states and capitals, in lower case."""
    text = (resources.files("models.quotes.speakers") / "places.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def _given_names() -> dict[str, Gender | None]:
    text = (resources.files("models.quotes.speakers") / "names.txt").read_text(encoding="utf-8")
    genders: dict[str, Gender | None] = {}
    for line in text.splitlines():
        kind, *names = line.split()
        if kind == "male":
            genders.update(dict.fromkeys(names, "male"))
        elif kind == "female":
            genders.update(dict.fromkeys(names, "female"))
        elif kind == "either":
            genders.update(dict.fromkeys(names, None))
    return genders


def given_gender(name: str) -> Gender | None:
    """The gender that a given name, in lower case, is evidence of."""
    return _given_names().get(name) or _given_names().get(name.split("-")[0])


def is_given(name: str) -> bool:
    """Whether a word, in lower case, is a common given name."""
    return name in _given_names() or name.split("-")[0] in _given_names()
