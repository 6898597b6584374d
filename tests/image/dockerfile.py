"""What a Dockerfile says: its stages, and the instructions of each."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template


@dataclass(frozen=True)
class Instruction:
    name: str
    flags: Mapping[str, str]
    rest: str

    @property
    def words(self) -> list[str]:
        return shlex.split(self.rest)


@dataclass(frozen=True)
class Stage:
    name: str
    base: str
    instructions: list[Instruction] = field(default_factory=list)


@dataclass(frozen=True)
class Dockerfile:
    arguments: Mapping[str, str]
    stages: Mapping[str, Stage]

    @property
    def default(self) -> Stage:
        return list(self.stages.values())[-1]


def filled(text: str, values: Mapping[str, str]) -> str:
    return Template(text).safe_substitute(values)


def read(path: Path) -> Dockerfile:
    """Raises ValueError for a FROM without a name, which this project always gives."""
    arguments: dict[str, str] = {}
    stages: dict[str, Stage] = {}
    for instruction in _instructions(path.read_text(encoding="utf-8")):
        if instruction.name == "FROM":
            base, _, name = instruction.words
            stages[name] = Stage(name, filled(base, arguments))
        elif stages:
            list(stages.values())[-1].instructions.append(instruction)
        else:
            arguments |= assignments(instruction)
    return Dockerfile(arguments, stages)


def assignments(instruction: Instruction) -> dict[str, str]:
    """The names and values of an ARG, ENV or LABEL."""
    return {word.partition("=")[0]: word.partition("=")[2] for word in instruction.words}


def _instructions(text: str) -> Iterator[Instruction]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", "").splitlines():
        if not line.strip():
            continue
        name, rest = line.strip().split(maxsplit=1)
        flags: dict[str, str] = {}
        while found := re.match(r"--([\w-]+)=(\S+)\s+", rest):
            flags[found[1]] = found[2]
            rest = rest[found.end() :]
        yield Instruction(name.upper(), flags, rest)
