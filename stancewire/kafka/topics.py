"""The topics: what they hold, their settings, and creating or checking them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from stancewire.errors import BrokerError
from stancewire.kafka.deadletters import SUFFIX
from stancewire.settings import MAX_DEAD_LETTER_BYTES, MAX_RECORD_BYTES, KafkaSettings

log = logging.getLogger(__name__)

DAY_MS = 24 * 3600 * 1000
# Long enough to re-run a month of news with a new model; storage is the operator's to trade.
RETENTION_DAYS = 30
# With so many, one can be away while two others have every record.
SAFE_REPLICAS = 3
# Between two looks for topics or brokers that are not there yet.
RETRY_S = 2.0


@dataclass(frozen=True, slots=True)
class Topic:
    name: str
    config: Mapping[str, str] = field(default_factory=dict)


def _kept(name: str, max_bytes: int = MAX_RECORD_BYTES) -> Topic:
    retention = str(RETENTION_DAYS * DAY_MS)
    return Topic(
        name,
        {
            "cleanup.policy": "delete",
            "retention.ms": retention,
            "max.message.bytes": str(max_bytes),
        },
    )


ARTICLES = _kept("articles.v1")
QUOTES = _kept("quotes.v1")
STANCES = _kept("stances.v1")
# Pollers read all of it when they take feeds over, and only closed segments are compacted.
FEEDS = Topic(
    "feeds.v1",
    {
        "cleanup.policy": "compact",
        "max.message.bytes": str(MAX_RECORD_BYTES),
        "segment.bytes": str(4 * MAX_RECORD_BYTES),
        "min.cleanable.dirty.ratio": "0.2",
    },
)
# What a poller has not taken within an hour, its polls have found.
PUSHES = Topic(
    "pushes.v1",
    {
        "cleanup.policy": "delete",
        "retention.ms": str(DAY_MS // 24),
        "max.message.bytes": str(MAX_RECORD_BYTES),
    },
)
# What workers read: records of these may become dead letters, and come back from there.
INPUTS = (ARTICLES, QUOTES)
DEAD_LETTERS = tuple(_kept(t.name + SUFFIX, MAX_DEAD_LETTER_BYTES) for t in INPUTS)
# Which dead letters were replayed; kept as long as they are.
REPLAYS = _kept("replays.v1")
TOPICS: tuple[Topic, ...] = (
    ARTICLES, QUOTES, STANCES, FEEDS, PUSHES, *DEAD_LETTERS, REPLAYS,
)  # fmt: skip


def create(
    kafka: KafkaSettings, *, partitions: int, replication_factor: int
) -> dict[str, list[str]]:
    """Creates the topics that are missing; changes none that is there.

    Returns, for every topic, what stands out: `created`, or each setting that differs from ours.
    A `replication_factor` of -1 leaves it to the broker, and how many replicas must have a record
    before it counts as written; three or more are created to need two. Raises BrokerError.
    """
    safe = {"min.insync.replicas": "2"} if replication_factor >= SAFE_REPLICAS else {}
    with _admin(kafka) as admin:
        try:
            present = set(admin.list_topics())
            result: dict[str, list[str]] = {}
            for topic in TOPICS:
                if topic.name in present:
                    result[topic.name] = _differences(admin, topic)
                else:
                    config = {**topic.config, **safe}
                    new = NewTopic(topic.name, partitions, replication_factor, None, config)
                    result[topic.name] = _create_one(admin, new)
            return result
        except KafkaError as error:
            raise BrokerError(
                f"the topics could not be created: {error}",
                bootstrap_servers=kafka.bootstrap_servers,
            ) from error


def _sleep(seconds: float) -> bool:
    time.sleep(seconds)
    return False


def wait_for(
    kafka: KafkaSettings, names: Iterable[str], stopped: Callable[[float], bool] = _sleep
) -> bool:
    """True once the broker answers and has all the topics; False if it was asked to stop before.

    `stopped` waits so many seconds, and is true as soon as it is to stop. Says every few seconds
    what is missing; raises BrokerError after `kafka.start_timeout_s`.
    """
    wanted = set(names)
    deadline = time.monotonic() + kafka.start_timeout_s
    while True:
        try:
            with _admin(kafka) as admin:
                missing = sorted(wanted - set(admin.list_topics()))
            if not missing:
                return True
            problem = f"no topic {', '.join(missing)}; `stancewire topics` creates them"
        except (KafkaError, OSError) as error:
            problem = f"the broker does not answer: {error}"
            if kafka.security.protocol.startswith("SASL") and "uthentic" not in problem:
                problem += "; one that does not authenticate us may just close the connection"
        if time.monotonic() + RETRY_S > deadline:
            raise BrokerError(
                f"gave up after {kafka.start_timeout_s:g} s: {problem}",
                bootstrap_servers=kafka.bootstrap_servers,
            )
        log.warning("waiting for Kafka at %s: %s", kafka.bootstrap_servers, problem)
        if stopped(RETRY_S):
            return False


def check(kafka: KafkaSettings, names: Iterable[str]) -> None:
    """Logs where the settings of topics differ from those that we create them with.

    Raises:
        BrokerError: a topic is compacted whose records are no newer versions of each other: it
            would lose all but the last of each article. Or the broker does not answer.
    """
    wanted = set(names)
    with _admin(kafka) as admin:
        for topic in TOPICS:
            if topic.name not in wanted:
                continue
            try:
                remarks = _differences(admin, topic)
            except KafkaError as error:
                log.warning("the settings of %s cannot be read: %s", topic.name, error)
                continue
            for remark in remarks:
                if remark.startswith("cleanup.policy is compact"):
                    raise BrokerError(f"records would be lost: {remark}", topic=topic.name)
                log.warning("%s: %s", topic.name, remark)


def _admin(kafka: KafkaSettings) -> closing[KafkaAdminClient]:
    # Short, so that an absent broker is reported soon and the caller decides how long to wait.
    return closing(KafkaAdminClient(**kafka.client(), bootstrap_timeout_ms=5000))


def _create_one(admin: KafkaAdminClient, new: NewTopic) -> list[str]:
    try:
        admin.create_topics([new])
    except TopicAlreadyExistsError:
        return []  # another process was faster
    return ["created"]


def _differences(admin: KafkaAdminClient, topic: Topic) -> list[str]:
    asked = ConfigResource(ConfigResourceType.TOPIC, topic.name, list(topic.config))
    settings = admin.describe_configs([asked])["topic"][topic.name]
    return [
        f"{name} is {settings[name]['value']}, we create it with {value}"
        for name, value in topic.config.items()
        if name in settings and settings[name]["value"] != value
    ]
