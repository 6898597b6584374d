"""YAML files that people write: plain data, and the line of every place in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from stancewire.errors import ConfigError

M = TypeVar("M", bound=BaseModel)

NULL_TAG = "tag:yaml.org,2002:null"


class _Loader(yaml.SafeLoader):
    """Keeps plain words as written: a target named NO, 1984 or 2024-11-05 is a name."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (as the base class has it)
        first: [each for each in resolvers if each[0] in ("tag:yaml.org,2002:merge", NULL_TAG)]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class YamlFile:
    """What a file says, and where it says it.

    Every scalar is a string, or None where it is null or left out.
    """

    def __init__(self, path: Path, data: Any, root: yaml.Node) -> None:
        self.path = path
        self.data = data
        self._root = root

    def line(self, *place: str | int) -> int:
        """The line, from 1, of a place; of the nearest thing around it that is in the file."""
        node, line = self._root, self._root.start_mark.line
        for step in place:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return int(line) + 1

    def error(self, message: str, *place: str | int) -> ConfigError:
        """The error to raise for a place."""
        return ConfigError(message, file=self.path, line=self.line(*place))

    def check(self, model: type[M], *place: str | int) -> M:
        """What stands at a place, as the model; raises ConfigError with the line and why not."""
        value = self.data
        for step in place:
            value = value[step]
        try:
            return model.model_validate(value)
        except ValidationError as error:
            first = error.errors()[0]
            raise self.error(_in_words(first, model), *place, *first["loc"]) from error


def load_yaml(path: Path) -> YamlFile:
    """Reads a UTF-8 file with one YAML document.

    Raises ConfigError, with the line where there is one, if the file cannot be read, is empty,
    is not UTF-8, is not YAML, or has a key twice.
    """
    text = _decode(path, read_config(path))
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        if root is None or root.tag == NULL_TAG:
            raise ConfigError("the file is empty", file=path, line=1)
        _refuse_duplicate_keys(path, root)
        return YamlFile(path, loader.construct_document(root), root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise ConfigError(f"not YAML: {_problem(error)}", file=path, line=line) from error
    except RecursionError as error:
        raise ConfigError("not usable: nested too deeply", file=path) from error
    finally:
        loader.dispose()


def read_config(path: Path) -> bytes:
    """The bytes of a file that settings name; raises ConfigError if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"cannot read the file: {reason}", file=path) from error


def _decode(path: Path, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError("the file is not UTF-8", file=path, line=line) from error
    unprintable = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if unprintable:
        line = text.count("\n", 0, unprintable.start()) + 1
        raise ConfigError(
            f"not YAML: character U+{ord(unprintable.group()):04X} is not allowed",
            file=path,
            line=line,
        )
    return text


def _problem(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "cannot be read"
    if "'\\t'" in problem:
        return "a tab where only spaces may indent"
    return f"{error.context}: {problem}" if error.context else problem


def _refuse_duplicate_keys(path: Path, root: yaml.Node) -> None:
    waiting, done = [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in done:  # an alias may point at its own parent
            continue
        done.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            lines: dict[str, int] = {}
            for key, value in node.value:
                waiting.append(value)
                if not isinstance(key, yaml.ScalarNode):
                    continue
                line = key.start_mark.line + 1
                if key.value in lines:
                    raise ConfigError(
                        f"key {key.value!r} stands twice, first in line {lines[key.value]}",
                        file=path,
                        line=line,
                    )
                lines[key.value] = line


def _child(node: yaml.Node, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item.start_mark.line, item
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line, value
    return None


def _in_words(error: ErrorDetails, model: type[BaseModel]) -> str:
    where = ".".join(str(step) for step in error["loc"])
    match error["type"]:
        case "missing":
            return f"{where!r} is missing"
        case "extra_forbidden":
            return f"unknown key {where!r}; known are {', '.join(model.model_fields)}"
        case "model_type" | "dict_type":
            return f"expected a mapping with {', '.join(model.model_fields)}"
        case "tuple_type" | "list_type":
            return f"{where!r} must be a list"
        case "string_type":
            return f"{where!r} must be a text"
        case "string_too_short":
            return f"{where!r} is empty"
        case "value_error":
            return str(error["ctx"]["error"])
        case _:
            return f"{where!r}: {error['msg'][:1].lower()}{error['msg'][1:]}"
