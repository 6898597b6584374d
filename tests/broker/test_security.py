"""The whole pipeline on a broker that asks everyone who they are and allows the least."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
import yaml
from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourceType,
)
from kafka.errors import KafkaError, TopicAuthorizationFailedError

from stancewire.kafka.lag import drained
from stancewire.settings import KafkaSettings
from tests.broker.test_workers import until
from tests.support.pipeline import Program, read_all
from tests.support.secured_kafka import ADMIN, SecuredKafka

ROLES = yaml.safe_load(Path("deploy/kafka/acls.yaml").read_text())
TYPES = {"transactionalId": "TRANSACTIONAL_ID"}


def allowed(role: str) -> list[ACL]:
    acls = []
    for entry in ROLES[role]:
        resource = entry["resource"]
        kind = TYPES.get(resource["type"], resource["type"].upper())
        name = resource.get("name", "kafka-cluster")
        shape = "PREFIXED" if resource.get("patternType") == "prefix" else "LITERAL"
        pattern = ResourcePattern(ResourceType[kind], name, ACLResourcePatternType[shape])
        for operation in entry["operations"]:
            words = "".join("_" * c.isupper() + c for c in operation).strip("_").upper()
            acls.append(
                ACL(
                    principal=f"User:{role}",
                    host="*",
                    operation=ACLOperation[words],
                    permission_type=ACLPermissionType.ALLOW,
                    resource_pattern=pattern,
                )
            )
    return acls


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredKafka]:
    made = SecuredKafka(tmp_path_factory.mktemp("secured"), ROLES)
    made.start()
    admin = KafkaAdminClient(**made.settings(ADMIN).client())
    admin.create_acls([acl for role in ROLES for acl in allowed(role)])
    admin.close()
    yield made
    made.stop()


def options(kafka: KafkaSettings) -> list[str]:
    given = {
        "--bootstrap-servers": kafka.bootstrap_servers,
        "--security-protocol": kafka.security.protocol,
        "--sasl-username": kafka.security.username,
        "--sasl-password-file": kafka.security.password_file,
        "--ssl-ca-file": kafka.security.ca_file,
        "--ssl-cert-file": kafka.security.cert_file,
        "--ssl-key-file": kafka.security.key_file,
    }
    return [word for name, value in given.items() if value for word in (name, str(value))]


def stancewire(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "stancewire", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_each_role_does_its_work_with_what_the_list_allows_and_shows_no_secret(
    broker: SecuredKafka, tmp_path: Path
) -> None:
    admin = broker.settings(ADMIN)
    made = stancewire("topics", *options(broker.settings("operator")), "--partitions", "1")
    assert made.returncode == 0, made.stderr
    (tmp_path / "news.txt").write_text("“The wall must be built,” Mayor Ruth Adeyemi said.\n")
    (tmp_path / "feeds.yaml").write_text("- file:news.txt\n")
    logs = {role: tmp_path / f"{role}.log" for role in ("producer", "quotes", "stances")}
    commands = {
        "producer": ("produce", "--once", "--feeds", str(tmp_path / "feeds.yaml")),
        "quotes": ("consume", "quotes"),
        "stances": ("consume", "stances", "--target", "the harbour wall"),
    }
    running = {
        role: Program(
            *command, *options(broker.settings(role)), "--log-level", "debug", log=logs[role]
        )
        for role, command in commands.items()
    }
    try:
        running["quotes"].wait_ready()
        running["stances"].wait_ready()
        assert running["producer"].process.wait(60) == 0, logs["producer"].read_text()
        until(lambda: drained(admin, "stancewire-quotes", "articles.v1"))
        until(lambda: drained(admin, "stancewire-stances", "quotes.v1"))
        shown = [running[role].get("/metrics")[1] for role in ("quotes", "stances")]
    finally:
        for role in ("quotes", "stances"):
            assert running[role].end() == 0, logs[role].read_text()
    assert len(read_all(admin, "stances.v1")) == 1
    tail = stancewire(
        "tail", "--from-start", "--no-follow", "--json", *options(broker.tls_settings("subscriber"))
    )
    assert tail.returncode == 0, tail.stderr
    assert "Ruth Adeyemi" in tail.stdout
    for text in (*shown, *(log.read_text() for log in logs.values())):
        assert "S3cret" not in text


def test_dead_letters_are_listed_and_replayed_by_their_role(broker: SecuredKafka) -> None:
    admin = broker.settings(ADMIN)
    producer = KafkaProducer(**admin.client())
    headers = [("dlq_topic", b"articles.v1"), ("dlq_partition", b"0"), ("dlq_offset", b"0")]
    producer.send("articles.v1.dlq", b"not json", b"k", headers).get(30)
    producer.close()
    where = options(broker.settings("dlq"))
    assert "1 dead letters" in stancewire("dlq", "list", *where).stderr
    assert stancewire("dlq", "replay", *where).stdout.startswith("1 replayed")


@pytest.mark.parametrize(
    ("role", "topic"),
    [("quotes", "stances.v1"), ("subscriber", "stances.v1"), ("producer", "quotes.v1")],
)
def test_what_is_not_on_the_list_is_refused(broker: SecuredKafka, role: str, topic: str) -> None:
    producer = KafkaProducer(**broker.settings(role).client(), max_block_ms=5000, retries=0)
    with pytest.raises((TopicAuthorizationFailedError, KafkaError), match=r"(?i)authoriz"):
        producer.send(topic, b"x").get(10)
    producer.close()


def test_a_wrong_password_ends_the_start_with_words_that_do_not_hold_it(
    broker: SecuredKafka, tmp_path: Path
) -> None:
    where = options(broker.settings("quotes"))
    wrong = tmp_path / "wrong"
    wrong.write_text("S3cret-but-wrong")
    where[where.index("--sasl-password-file") + 1] = str(wrong)
    done = stancewire(
        "consume", "quotes", *where, "--metrics-port", "0", "--start-timeout", "3",
        "--log-level", "debug",
    )  # fmt: skip
    assert done.returncode == 1
    assert "uthenticat" in done.stderr, done.stderr
    assert "S3cret" not in done.stdout + done.stderr


def test_a_broker_of_another_authority_is_not_trusted(broker: SecuredKafka, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    where = options(broker.settings("operator"))
    where[where.index("--ssl-ca-file") + 1] = str(stranger)
    done = stancewire("topics", *where, "--start-timeout", "3")
    assert done.returncode == 1
    assert "does not answer" in done.stderr
    assert "Traceback" not in done.stderr
