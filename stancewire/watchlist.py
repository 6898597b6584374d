"""What a user watches: targets, and perhaps whatever statements name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from stancewire.errors import ConfigError
from stancewire.identity import stable_id
from stancewire.yamlfile import YamlFile, load_yaml


def _one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


Words = Annotated[str, StringConstraints(min_length=1), BeforeValidator(_one_line)]


class Target(BaseModel):
    """Something that a speaker can be for or against."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Words
    id: Words
    aliases: Annotated[tuple[Words, ...], BeforeValidator(lambda value: value or ())] = ()
    hint: Words | None = Field(default=None, description="When the target is meant, in words.")

    @property
    def phrases(self) -> tuple[str, ...]:
        """What else than its name it may be found by: its aliases and its hint."""
        return (*self.aliases, *([self.hint] if self.hint else []))

    @model_validator(mode="before")
    @classmethod
    def _name_gives_id(cls, item: Any) -> Any:
        if isinstance(item, dict) and item.get("id") is None:
            name = _one_line(item.get("name"))
            return {**item, "id": target_id(name)} if isinstance(name, str) else item
        return item


@dataclass(frozen=True, slots=True)
class Watchlist:
    """The listed targets; with `entities`, what a statement names is a target of it as well."""

    targets: tuple[Target, ...]
    entities: bool = False


def parse_target(name: str) -> Target:
    """A target known by its name alone; raises ConfigError if the name is empty."""
    name = _one_line(name)
    if not name:
        raise ConfigError("a target needs a name")
    return Target.model_validate({"name": name})


def target_id(name: str) -> str:
    """The id of a target that was given none: its name in lower case, words joined by hyphens."""
    slug = re.sub(r"[\W_]+", "-", name.casefold()).strip("-")
    return slug or f"target-{stable_id('target', name)[:8]}"


def load_targets(path: Path) -> Watchlist:
    """Reads a YAML list of targets, alone or under `targets:`; an item is a name or a mapping.

    Beside `targets:`, `entities: true` adds what each statement names; the list may then be empty.

    Raises ConfigError with file and line if the file cannot be read or used, names no target,
    or has two targets with one id.
    """
    file = load_yaml(path)
    place: tuple[str, ...] = ()
    items, entities = file.data, False
    if isinstance(items, dict):
        unknown = next((key for key in items if key not in ("targets", "entities")), None)
        if unknown is not None:
            raise file.error(
                f"unknown key {unknown!r}; expected 'targets' or 'entities'", str(unknown)
            )
        entities = "entities" in items and _read_flag(file, "entities")
        place, items = ("targets",), items.get("targets")
        if entities and items is None:
            items = []
    if not isinstance(items, list):
        raise file.error("expected a list of targets", *place)
    if not items and not entities:
        raise file.error("the list names no target", *place)
    return Watchlist(_read_targets(file, place, items), entities)


def _read_flag(file: YamlFile, key: str) -> bool:
    value = file.data[key]
    if value not in ("true", "false"):
        raise file.error(f"{key!r} must be true or false", key)
    return bool(value == "true")


def _read_targets(file: YamlFile, place: tuple[str, ...], items: list[Any]) -> tuple[Target, ...]:
    targets: dict[str, Target] = {}
    lines: dict[str, int] = {}
    for index, item in enumerate(items):
        if isinstance(item, str):
            items[index] = {"name": item}
        target = file.check(Target, *place, index)
        if target.id in targets:
            raise file.error(
                f"target id {target.id!r} stands twice, first in line {lines[target.id]}",
                *place,
                index,
            )
        targets[target.id] = target
        lines[target.id] = file.line(*place, index)
    return tuple(targets.values())
