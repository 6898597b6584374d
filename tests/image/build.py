"""Carries out a Dockerfile's steps with folders in place of layers."""

from __future__ import annotations

import json
import os
import re
import ssl
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.image.dockerfile import Dockerfile, Instruction, Stage, assignments, filled
from tests.image.root import Root

# As an engine hands its own network to the steps.
_HANDED_ON = ("http_proxy", "https_proxy", "no_proxy", "PIP_INDEX_URL")
_CERTIFICATES = "/run/certificates"


@dataclass(frozen=True)
class Image:
    root: Root
    environment: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "0:0"
    entrypoint: Sequence[str] = ()
    health_check: Sequence[str] = ()

    def start(
        self,
        *command: str,
        environment: Mapping[str, str] | None = None,
        mounts: Mapping[Path, str] | None = None,
        network: bool = True,
    ) -> subprocess.Popen[str]:
        """Starts a command as a read-only container would; nothing at all can be written."""
        return self.root.start(
            command,
            environment={**self.environment, **(environment or {})},
            folder=self.folder,
            user=self.user,
            read_only=True,
            mounts=mounts,
            network=network,
        )


def finished(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    out, error = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, out, error)


class Builder:
    """Builds stages under `folder`, each once."""

    def __init__(self, dockerfile: Dockerfile, context: Path, folder: Path, cache: Path) -> None:
        self._dockerfile = dockerfile
        self._context = context
        self._folder = folder
        self._cache = cache
        self._built: dict[str, Image] = {}

    def build(self, name: str, **arguments: str) -> Image:
        if name not in self._built:
            self._built[name] = self._carried_out(self._dockerfile.stages[name], arguments)
        return self._built[name]

    def _carried_out(self, stage: Stage, arguments: Mapping[str, str]) -> Image:
        folder = self._folder / stage.name
        if stage.base in self._dockerfile.stages:
            base = self.build(stage.base, **arguments)
            image = replace(base, root=base.root.copy(folder))
        else:
            release = re.fullmatch(r"debian:(\w+)-slim", stage.base)
            assert release, f"no way here to make {stage.base}"
            image = Image(
                Root.of_debian(folder, release[1]),
                {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
            )
        known: dict[str, str] = {}
        for each in stage.instructions:
            if each.name == "ARG":
                known |= assignments(each) | {
                    name: value for name, value in arguments.items() if name in assignments(each)
                }
            else:
                image = self._step(image, each, known)
        return image

    def _step(self, image: Image, step: Instruction, known: Mapping[str, str]) -> Image:
        values = {**known, **image.environment}
        match step.name:
            case "RUN":
                self._run(image, step, known)
            case "COPY":
                *sources, target = step.words
                start = self.build(step.flags["from"]).root.folder if step.flags else self._context
                image.root.put(
                    [start / source.lstrip("/") for source in sources],
                    os.path.join(image.folder, target),
                )
            case "ENV":
                new = {name: filled(value, values) for name, value in assignments(step).items()}
                return replace(image, environment={**image.environment, **new})
            case "LABEL":
                new = {name: filled(value, values) for name, value in assignments(step).items()}
                return replace(image, labels={**image.labels, **new})
            case "WORKDIR":
                image.root.path(step.rest).mkdir(parents=True, exist_ok=True)
                return replace(image, folder=step.rest)
            case "USER":
                return replace(image, user=step.rest)
            case "ENTRYPOINT":
                return replace(image, entrypoint=json.loads(step.rest))
            case "HEALTHCHECK":
                return replace(image, health_check=json.loads(step.rest.removeprefix("CMD ")))
            case "EXPOSE" | "CMD":
                pass
            case _:
                raise AssertionError(f"no way here to do {step.name}")
        return image

    def _run(self, image: Image, step: Instruction, known: Mapping[str, str]) -> None:
        environment = {
            **image.environment,
            **known,
            **{name: os.environ[name] for name in _HANDED_ON if name in os.environ},
        }
        mounts: dict[Path, str] = {}
        if trusted := ssl.get_default_verify_paths().cafile:
            mounts[Path(trusted).parent] = _CERTIFICATES
            environment["PIP_CERT"] = f"{_CERTIFICATES}/{Path(trusted).name}"
        if "mount" in step.flags:
            kind, target = step.flags["mount"].split(",target=")
            assert kind == "type=cache"
            mounts[self._cache] = target
        done = finished(
            image.root.start(
                ["sh", "-c", step.rest],
                environment=environment,
                folder=image.folder,
                user=image.user,
                mounts=mounts,
            )
        )
        assert done.returncode == 0, f"{step.rest}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
