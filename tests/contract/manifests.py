"""What is in deploy/kubernetes, as kustomize builds it."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

Manifest = dict[str, Any]

ROOT = Path(__file__).parents[2]
KUBERNETES = ROOT / "deploy" / "kubernetes"
PAGE = ROOT / "docs" / "kubernetes.md"
# That of the lock file, not one that the machine may have.
KUBECTL = Path(sysconfig.get_path("scripts")) / "kubectl"

COMPONENT = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [{base}]
components: [{component}]
"""


@dataclass(frozen=True)
class Pods:
    """The pods of a StatefulSet or a Job; there is one container in each."""

    name: str
    kind: str
    owner: Manifest

    @property
    def labels(self) -> dict[str, str]:
        labels: dict[str, str] = self.owner["spec"]["template"]["metadata"]["labels"]
        return labels

    @property
    def spec(self) -> Manifest:
        spec: Manifest = self.owner["spec"]["template"]["spec"]
        return spec

    @property
    def container(self) -> Manifest:
        [container] = self.spec["containers"]
        found: Manifest = container
        return found

    @property
    def ports(self) -> dict[str, int]:
        return {port["name"]: port["containerPort"] for port in self.container.get("ports", [])}


@dataclass(frozen=True)
class Build:
    """All objects of one kustomization."""

    name: str
    objects: list[Manifest]

    def of(self, kind: str) -> dict[str, Manifest]:
        return {one["metadata"]["name"]: one for one in self.objects if one["kind"] == kind}

    @cached_property
    def pods(self) -> list[Pods]:
        return [
            Pods(name, kind, owner)
            for kind in ("StatefulSet", "Job")
            for name, owner in self.of(kind).items()
        ]

    @property
    def replicas(self) -> list[Pods]:
        return [pods for pods in self.pods if pods.kind == "StatefulSet"]

    @property
    def settings(self) -> dict[str, str]:
        [settings] = [
            one["data"] for name, one in self.of("ConfigMap").items()
            if name.startswith("stancewire-settings-")
        ]  # fmt: skip
        found: dict[str, str] = settings
        return found

    def variables(self, pods: Pods) -> dict[str, str]:
        """What the container's environment has, by its own account."""
        own = {each["name"]: each["value"] for each in pods.container.get("env", [])}
        return self.settings | own

    def files(self, pods: Pods) -> dict[str, tuple[str, str]]:
        """Files of ConfigMaps and folders of Secrets that are mounted: path to kind and name."""
        found: dict[str, tuple[str, str]] = {}
        places = {each["name"]: each["mountPath"] for each in pods.container["volumeMounts"]}
        for volume in pods.spec["volumes"]:
            place = places[volume["name"]]
            if "secret" in volume:
                found[place] = ("Secret", volume["secret"]["secretName"])
            elif "configMap" in volume:
                name = volume["configMap"]["name"]
                for key in self.of("ConfigMap")[name]["data"]:
                    found[f"{place}/{key}"] = ("ConfigMap", name)
        return found


def build(directory: Path) -> list[Manifest]:
    """Raises CalledProcessError, with the reason on stderr, where kustomize does not take it."""
    command = [str(KUBECTL), "kustomize", str(directory)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return list(yaml.safe_load_all(done.stdout))


def every_build(scratch: Path) -> Iterator[Build]:
    """The base, the overlays, the base with each component, and the example in the documents."""
    scratch = scratch.resolve()
    yield Build("base", build(KUBERNETES / "base"))
    for overlay in sorted((KUBERNETES / "overlays").iterdir()):
        yield Build(overlay.name, build(overlay))
    for component in sorted((KUBERNETES / "components").iterdir()):
        directory = scratch / component.name
        directory.mkdir()
        text = COMPONENT.format(
            base=os.path.relpath(KUBERNETES / "base", directory),
            component=os.path.relpath(component, directory),
        )
        (directory / "kustomization.yaml").write_text(text, encoding="utf-8")
        yield Build(component.name, build(directory))
    yield Build("example", build(example(scratch / "example")))


def example(directory: Path) -> Path:
    """What docs/kubernetes.md tells an operator to have, with the README's lists."""
    directory.mkdir()
    (directory / "stancewire").symlink_to(ROOT)
    [kustomization] = blocks(PAGE)
    feeds, targets = blocks(ROOT / "README.md")
    for name, text in (
        ("kustomization.yaml", kustomization),
        ("feeds.yaml", feeds),
        ("targets.yaml", targets),
    ):
        (directory / name).write_text(text, encoding="utf-8")
    return directory


def blocks(page: Path) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
