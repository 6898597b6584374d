"""The manifests are valid, fit together, and keep the bounds that the code has."""

from __future__ import annotations

import copy
import importlib
import json
import re
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import click
import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml

from deploy.kubernetes import prometheus_rule
from producers.addresses import is_public
from producers.sandbox import MEMORY_BYTES
from stancewire import __version__
from stancewire.cli import cli
from stancewire.cli.pipeline import SILENCE_LIMIT_S
from stancewire.kafka import topics
from stancewire.kafka.transaction import STUCK_AFTER_S
from stancewire.security import Security
from stancewire.settings import WorkerSettings
from tests.contract.manifests import KUBERNETES, PAGE, ROOT, Build, Manifest, Pods, every_build

# The oldest that has all fields used, and the newest known here.
VERSIONS = ("1.31", "1.37")
# Types of custom resources, made from what their operators install.
CUSTOM = {
    "keda.sh/v1alpha1": "cloudcoil.models.keda.v1alpha1",
    "monitoring.coreos.com/v1": "cloudcoil.models.prometheus_operator.v1",
}
CLUSTER_WIDE = {"Namespace"}

DOCUMENTED = set(
    re.findall(r"STANCEWIRE_[A-Z_]+", (ROOT / "docs" / "configuration.md").read_text("utf-8"))
)
# Two pods must not share these.
OF_ONE_POD = {"STANCEWIRE_GROUP", "STANCEWIRE_REPLICA", "STANCEWIRE_METRICS_PORT"}
# Where the autoscaler of Kubernetes does nothing: a tenth off the target.
TOLERANCE = 0.1


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Build]:
    return {each.name: each for each in every_build(tmp_path_factory.mktemp("kustomize"))}


NAMES = [
    "base", "production", "keda",
    "sasl", "client-certificates", "websub", "monitoring", "example",
]  # fmt: skip


@pytest.fixture(params=NAMES)
def built(request: pytest.FixtureRequest, builds: dict[str, Build]) -> Build:
    return builds[request.param]


def test_every_directory_is_built(builds: dict[str, Build]) -> None:
    assert set(builds) == set(NAMES)
    files = {path.parent for path in KUBERNETES.rglob("kustomization.yaml")}
    assert len(files) == len(NAMES) - 1, "all but the example"


# Schemas


def check(one: Manifest, version: str) -> None:
    """Raises where the object is not as its schema says, or has a field that it does not know."""
    if one["apiVersion"] in CUSTOM:
        model = getattr(importlib.import_module(CUSTOM[one["apiVersion"]]), one["kind"])
        understood = model.model_validate(one).model_dump(by_alias=True, exclude_unset=True)
        assert understood == one
    else:
        kubernetes_validate.validate(one, version, strict=True)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_valid(builds: dict[str, Build], version: str) -> None:
    every = {json.dumps(one): one for built in builds.values() for one in built.objects}
    for one in every.values():
        check(one, version)
        assert (one["kind"] in CLUSTER_WIDE) != ("namespace" in one["metadata"])


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("StatefulSet", "replicaz", 1),
        ("StatefulSet", "template", 3),
        ("ScaledObject", "replicaz", 1),
        ("ScaledObject", "triggers", 3),
    ],
)
def test_the_check_of_schemas_finds_mistakes(
    builds: dict[str, Build], kind: str, field: str, value: int
) -> None:
    one = copy.deepcopy(next(iter(builds["keda"].of(kind).values())))
    check(one, VERSIONS[0])
    one["spec"][field] = value
    with pytest.raises((kubernetes_validate.ValidationError, ValueError, AssertionError)):
        check(one, VERSIONS[0])


# Pods


def test_every_pod_is_restricted(built: Build) -> None:
    assert {pods.name for pods in built.pods} == {
        f"stancewire-{role}" for role in ("producer", "quotes", "stances", "topics")
    }
    for pods in built.pods:
        spec, own = pods.spec, pods.container["securityContext"]
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] > 0
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert own == {
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        }
        assert spec["automountServiceAccountToken"] is False
        assert spec["enableServiceLinks"] is False
        assert spec["serviceAccountName"] in built.of("ServiceAccount")
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec)
        assert not any("hostPath" in volume for volume in spec["volumes"])
        writable = {m["mountPath"] for m in pods.container["volumeMounts"] if not m.get("readOnly")}
        assert writable == {"/tmp"}
        assert not any("subPath" in mount for mount in pods.container["volumeMounts"])


def test_every_pod_asks_for_what_it_needs(built: Build) -> None:
    for pods in built.pods:
        resources = pods.container["resources"]
        assert set(resources["requests"]) == {"cpu", "memory"}
        assert quantity(resources["limits"]["memory"]) >= quantity(resources["requests"]["memory"])
    producer = built.of("StatefulSet")["stancewire-producer"]["spec"]["template"]["spec"]
    [container] = producer["containers"]
    own = quantity(container["resources"]["requests"]["memory"])
    assert quantity(container["resources"]["limits"]["memory"]) >= own + 2 * MEMORY_BYTES


def quantity(text: str) -> int:
    return int(text[:-2]) * {"Mi": 2**20, "Gi": 2**30}[text[-2:]]


def test_a_pod_is_killed_only_for_its_own_loop(built: Build) -> None:
    for pods in built.replicas:
        container = pods.container
        asked = {
            name: (probe["httpGet"]["path"], probe["httpGet"]["port"])
            for name, probe in container.items()
            if name.endswith("Probe")
        }
        assert asked == {
            "startupProbe": ("/healthz", "metrics"),
            "livenessProbe": ("/healthz", "metrics"),
            "readinessProbe": ("/readyz", "metrics"),
        }
        waits = float(built.variables(pods)["STANCEWIRE_START_TIMEOUT"])
        startup = container["startupProbe"]
        assert waits + startup["periodSeconds"] * startup["failureThreshold"] < SILENCE_LIMIT_S


def test_a_batch_has_time_to_be_committed(built: Build) -> None:
    longest = WorkerSettings("any").max_poll_interval_s + STUCK_AFTER_S
    for pods in built.replicas:
        assert pods.spec["terminationGracePeriodSeconds"] > longest


def test_replicas_keep_their_names_and_wait_for_none(built: Build) -> None:
    for pods in built.replicas:
        spec = pods.owner["spec"]
        assert spec["podManagementPolicy"] == "Parallel"
        assert not OF_ONE_POD & set(built.settings)
        assert "STANCEWIRE_REPLICA" not in built.variables(pods)
        assert {each["topologyKey"] for each in pods.spec["topologySpreadConstraints"]} == {
            "kubernetes.io/hostname",
            "topology.kubernetes.io/zone",
        }
        assert spec.get("replicas", 1) <= int(built.settings["STANCEWIRE_PARTITIONS"])


def test_production_has_three_replicas_apart(builds: dict[str, Build]) -> None:
    for pods in builds["production"].replicas:
        assert pods.owner["spec"]["replicas"] == 3
        assert "podAntiAffinity" in pods.spec["affinity"]


def test_the_image_is_ours(built: Build) -> None:
    text = (KUBERNETES / "base" / "kustomization.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text)["images"] == [{"name": "stancewire", "newTag": __version__}]
    image = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    user = re.findall(r"^USER (\d+):(\d+)$", image, re.M)
    assert re.findall(r"^ENTRYPOINT (.*)$", image, re.M) == ['["stancewire"]']
    for pods in built.pods:
        own = pods.spec["securityContext"]
        assert user == [(str(own["runAsUser"]), str(own["runAsGroup"]))]
        assert "command" not in pods.container


# Settings


def parsed(built: Build, pods: Pods, monkeypatch: pytest.MonkeyPatch) -> click.Context:
    """The container's command line, read by the program with the container's environment."""
    for name, value in built.variables(pods).items():
        monkeypatch.setenv(name, value)
    command: click.Command = cli
    context, rest = click.Context(cli), list(pods.container["args"])
    while isinstance(command, click.Group):
        _, found, rest = command.resolve_command(context, rest)
        assert found is not None
        command, context = found, click.Context(found, parent=context)
    return command.make_context(command.name, rest, parent=context.parent)


def variables_of(command: click.Command) -> set[str]:
    return {str(option.envvar) for option in command.params if getattr(option, "envvar", None)}


def commands(group: click.Group) -> Iterator[click.Command]:
    for command in group.commands.values():
        yield from commands(command) if isinstance(command, click.Group) else (command,)


def test_the_program_takes_every_command_and_setting(
    built: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {name for command in commands(cli) for name in variables_of(command)}
    for pods in built.pods:
        assert set(built.variables(pods)) <= known & DOCUMENTED
        with monkeypatch.context() as patch:
            context = parsed(built, pods, patch)
        options = context.params
        Security(
            protocol=options["security_protocol"],
            mechanism=options["sasl_mechanism"],
            username=options["sasl_username"],
            password_file=options["sasl_password_file"],
            ca_file=options["ssl_ca_file"],
            cert_file=options["ssl_cert_file"],
            key_file=options["ssl_key_file"],
        )
        if pods.kind == "StatefulSet":
            assert options["metrics_port"] == pods.ports["metrics"]
        if "websub" in pods.ports:
            assert options["hubs_port"] == pods.ports["websub"]


def test_every_file_in_the_settings_is_mounted(
    built: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pods in built.pods:
        files = built.files(pods)
        with monkeypatch.context() as patch:
            options = parsed(built, pods, patch).params
        for value in options.values():
            if not isinstance(value, Path):
                continue
            place = str(value) if str(value) in files else str(value.parent)
            kind, name = files[place]
            if kind == "Secret":
                assert value.name in provided()[name]


def provided() -> dict[str, set[str]]:
    """Secrets and keys that the page tells an operator to provide."""
    _, _, rest = PAGE.read_text(encoding="utf-8").partition("## To be provided\n")
    found = {}
    for line in re.findall(r"^\| (`.*)$", rest.partition("\n## ")[0], re.M):
        names, keys, *_ = line.split(" | ")
        for name in re.findall(r"`([^`]+)`", names):
            found[name] = set(re.findall(r"`([^`]+)`", keys))
    return found


def test_every_secret_is_one_to_be_provided(built: Build) -> None:
    assert not built.of("Secret")
    for pods in built.pods:
        for kind, name in built.files(pods).values():
            assert kind != "Secret" or name in provided()
        assert not any("valueFrom" in each for each in pods.container.get("env", []))
    for ingress in built.of("Ingress").values():
        assert all(tls["secretName"] in provided() for tls in ingress["spec"]["tls"])
    for login in built.of("TriggerAuthentication").values():
        for each in login["spec"]["secretTargetRef"]:
            assert each["key"] in provided()[each["name"]]


def test_rights_are_those_of_the_acls(builds: dict[str, Build]) -> None:
    acls = yaml.safe_load((ROOT / "deploy" / "kafka" / "acls.yaml").read_text(encoding="utf-8"))
    for pods in builds["production"].replicas:
        role = pods.name.removeprefix("stancewire-")
        names = {e["resource"]["type"]: e["resource"]["name"] for e in acls[role]}
        settings = WorkerSettings(names["group"], f"{pods.name}-0")
        assert settings.transactional_id.startswith(names["transactionalId"])
    for name, scaled in builds["keda"].of("ScaledObject").items():
        [trigger] = scaled["spec"]["triggers"]
        rights = [entry["resource"] for entry in acls[name.removeprefix("stancewire-")]]
        read = {resource["name"] for resource in rights if resource["type"] in ("group", "topic")}
        assert {trigger["metadata"]["consumerGroup"], trigger["metadata"]["topic"]} <= read


# What points at what


def selected(built: Build, labels: dict[str, str]) -> list[Pods]:
    return [pods for pods in built.pods if labels.items() <= pods.labels.items()]


def test_selectors_find_the_pods_that_they_are_for(built: Build) -> None:
    for pods in built.replicas:
        spec = pods.owner["spec"]
        assert selected(built, spec["selector"]["matchLabels"]) == [pods]
        service = built.of("Service")[spec["serviceName"]]["spec"]
        assert service["clusterIP"] == "None"
        budget = built.of("PodDisruptionBudget")[pods.name]["spec"]
        assert selected(built, budget["selector"]["matchLabels"]) == [pods]
        spread = pods.spec["topologySpreadConstraints"]
        assert all(each["labelSelector"]["matchLabels"].items() <= pods.labels.items()
                   for each in spread)  # fmt: skip
    for service in built.of("Service").values():
        [pods] = selected(built, service["spec"]["selector"])
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= set(pods.ports)
    for policy in built.of("NetworkPolicy").values():
        found = selected(built, policy["spec"]["podSelector"]["matchLabels"])
        assert found
        ports = {port for pods in found for port in pods.ports}
        for rule in policy["spec"].get("ingress", []):
            assert {each["port"] for each in rule["ports"]} <= ports
    for ingress in built.of("Ingress").values():
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                backend = path["backend"]["service"]
                ports = {p["name"] for p in built.of("Service")[backend["name"]]["spec"]["ports"]}
                assert backend["port"]["name"] in ports


def test_hubs_reach_the_path_that_they_are_told(builds: dict[str, Build]) -> None:
    [ingress] = builds["websub"].of("Ingress").values()
    [rule] = ingress["spec"]["rules"]
    [path] = rule["http"]["paths"]
    callback = builds["websub"].settings["STANCEWIRE_WEBSUB_CALLBACK"]
    assert callback == f"https://{rule['host']}{path['path']}"
    assert path["pathType"] == "Prefix"


def test_prometheus_finds_every_role(builds: dict[str, Build]) -> None:
    built = builds["monitoring"]
    [monitor] = built.of("ServiceMonitor").values()
    labels = monitor["spec"]["selector"]["matchLabels"]
    [endpoint] = monitor["spec"]["endpoints"]
    found = {
        name
        for name, service in built.of("Service").items()
        if labels.items() <= service["metadata"]["labels"].items()
        and endpoint["port"] in {port["name"] for port in service["spec"]["ports"]}
    }
    assert found == {pods.name for pods in built.replicas}


def test_prometheus_operator_gets_the_same_rules() -> None:
    written = prometheus_rule.TARGET.read_text(encoding="utf-8")
    assert written == prometheus_rule.render(), (
        "run `python -m deploy.kubernetes.prometheus_rule` with .venv's Python"
    )


# The network


def test_nothing_passes_that_no_policy_allows(built: Build) -> None:
    deny = built.of("NetworkPolicy")["stancewire-default-deny"]["spec"]
    assert selected(built, deny["podSelector"]["matchLabels"]) == built.pods
    assert set(deny) == {"podSelector", "policyTypes"}
    assert set(deny["policyTypes"]) == {"Ingress", "Egress"}
    for policy in built.of("NetworkPolicy").values():
        for way in ("ingress", "egress"):
            for rule in policy["spec"].get(way, []):
                assert rule["ports"]
                assert rule["from" if way == "ingress" else "to"]


def may_reach(policy: Manifest, address: str) -> bool:
    return any(
        ip_address(address) in ip_network(block["cidr"])
        and not any(ip_address(address) in ip_network(each) for each in block["except"])
        for rule in policy["spec"]["egress"]
        for block in (each["ipBlock"] for each in rule["to"])
    )


def test_the_producer_alone_reaches_what_is_public_and_nothing_else(built: Build) -> None:
    web = [
        policy
        for policy in built.of("NetworkPolicy").values()
        if any("ipBlock" in to for r in policy["spec"].get("egress", []) for to in r["to"])
    ]
    [policy] = web
    found = selected(built, policy["spec"]["podSelector"]["matchLabels"])
    assert [pods.name for pods in found] == ["stancewire-producer"]
    edges = {
        address
        for rule in policy["spec"]["egress"]
        for to in rule["to"]
        for network in map(ip_network, (to["ipBlock"]["cidr"], *to["ipBlock"]["except"]))
        for edge in (int(network.network_address), int(network.broadcast_address))
        for address in neighbours(edge, network.version)
    }
    for address in sorted(edges):
        if may_reach(policy, address):
            assert is_public(address), address
        elif ":" not in address:
            assert not is_public(address), address
    assert not [address for address in NOT_PUBLIC if may_reach(policy, address)]
    for address in ("1.1.1.1", "93.184.216.34", "2606:4700::1", "2a00:1450::1"):
        assert may_reach(policy, address)


# One of each block; the last two are ways to write 10.0.0.1.
NOT_PUBLIC = (
    "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "168.63.129.16", "169.254.169.254",
    "172.31.0.1", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::1", "2001::1", "2001:db8::1", "3fff::1", "fd00::1", "fe80::1", "ff02::1",
    "::ffff:10.0.0.1", "2002:a00:1::1",
)  # fmt: skip


def neighbours(edge: int, version: int) -> Iterator[str]:
    bits = 32 if version == 4 else 128
    for number in (edge - 1, edge, edge + 1):
        if 0 <= number < 2**bits:
            yield str(ip_address(number.to_bytes(bits // 8, "big")))


# Scaling


def test_commit_markers_neither_wake_nor_add_a_worker(builds: dict[str, Build]) -> None:
    built = builds["keda"]
    partitions = int(built.settings["STANCEWIRE_PARTITIONS"])
    scaled = built.of("ScaledObject")
    assert set(scaled) == {"stancewire-quotes", "stancewire-stances"}
    for name, one in scaled.items():
        spec = one["spec"]
        target: dict[str, Any] = spec["scaleTargetRef"]
        assert target["kind"] == "StatefulSet"
        assert "replicas" not in built.of("StatefulSet")[target["name"]]["spec"]
        assert target["name"] == name
        assert spec["minReplicaCount"] == 1
        assert spec["maxReplicaCount"] == partitions
        [trigger] = spec["triggers"]
        settings = trigger["metadata"]
        assert settings["bootstrapServersFromEnv"] in built.settings
        assert settings["offsetResetPolicy"] == "earliest"
        assert int(settings["activationLagThreshold"]) >= partitions
        assert int(settings["lagThreshold"]) * TOLERANCE >= partitions
        login = built.of("TriggerAuthentication")[trigger["authenticationRef"]["name"]]["spec"]
        [pods] = [pods for pods in built.replicas if pods.name == name]
        assert all(each["name"] in built.variables(pods) for each in login["env"])
    read = {one["spec"]["triggers"][0]["metadata"]["topic"] for one in scaled.values()}
    assert read == {topic.name for topic in topics.INPUTS}
