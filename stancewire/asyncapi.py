"""The AsyncAPI document of the topics: `python -m stancewire.asyncapi` writes it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from stancewire import __version__
from stancewire.kafka import topics
from stancewire.kafka.deadletters import OWN
from stancewire.kafka.messages import CONTENT_TYPE, event_type
from stancewire.kafka.topics import Topic
from stancewire.records import Article, Quote, Record, Stance
from stancewire.schemas import schema

ASYNCAPI = "3.0.0"
# What subscribers are promised; the other topics are the pollers' own.
PUBLISHED: tuple[tuple[Topic, type[Record]], ...] = (
    (topics.ARTICLES, Article),
    (topics.QUOTES, Quote),
    (topics.STANCES, Stance),
)
KEYS = {Article: "The article's id.", Quote: "The article's id.", Stance: "The article's id."}
READING = (
    "Read with isolation.level=read_committed: records of transactions that were aborted are on "
    "the topic, too. Values are JSON; ignore fields that you do not know."
)
HEADERS = {
    "ce_specversion": {"type": "string", "const": "1.0"},
    "ce_id": {"type": "string", "description": "Tells this event from others of its type."},
    "ce_type": {"type": "string"},
    "ce_source": {"type": "string", "description": "Which kind of process made it."},
    "ce_time": {"type": "string", "format": "date-time"},
    "content-type": {"type": "string", "const": CONTENT_TYPE.decode()},
    "traceparent": {"type": "string", "description": "W3C Trace Context, from article to stance."},
}


def document() -> dict[str, Any]:
    """The document as plain data."""
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for topic, record in PUBLISHED:
        name = record.type_name
        channels[name] = {
            "address": topic.name,
            "description": READING,
            "messages": {name: {"$ref": f"#/components/messages/{name}"}},
            "bindings": {"kafka": {"topic": topic.name, "bindingVersion": "0.5.0"}},
        }
        operations[f"publish_{name}"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{name}"},
            "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
        }
    for topic in topics.DEAD_LETTERS:
        name = topic.name.replace(".", "_")
        channels[name] = {
            "address": topic.name,
            "description": "Records that could not be processed, unchanged, with why in headers.",
            "messages": {"dead_letter": {"$ref": "#/components/messages/dead_letter"}},
            "bindings": {"kafka": {"topic": topic.name, "bindingVersion": "0.5.0"}},
        }
        operations[f"publish_{name}"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{name}"},
            "messages": [{"$ref": f"#/channels/{name}/messages/dead_letter"}],
        }
    messages = {record.type_name: _message(record) for _, record in PUBLISHED}
    return {
        "asyncapi": ASYNCAPI,
        "info": {
            "title": "Stancewire",
            "version": __version__,
            "description": "Who said what, for or against what: live, from every news feed.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": CONTENT_TYPE.decode(),
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages | {"dead_letter": _dead_letter()}},
    }


def _message(record: type[Record]) -> dict[str, Any]:
    types = {"ce_type": {"type": "string", "const": event_type(record)}}
    return {
        "name": event_type(record),
        "title": record.type_name.capitalize(),
        "summary": (record.__doc__ or "").strip(),
        "contentType": CONTENT_TYPE.decode(),
        "headers": {
            "type": "object",
            "properties": HEADERS | types,
            "required": [name for name in HEADERS if name != "traceparent"],
        },
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": schema(record),
        },
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": KEYS[record]},
                "bindingVersion": "0.5.0",
            }
        },
    }


def _dead_letter() -> dict[str, Any]:
    return {
        "name": "dead letter",
        "summary": "The original bytes, whatever they are; docs/records.md explains the headers.",
        "headers": {
            "type": "object",
            "properties": {name: {"type": "string"} for name in sorted(OWN)},
            "required": sorted(OWN),
        },
        "payload": {},
    }


def render() -> str:
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else "deploy/asyncapi.json").write_text(
        render(), encoding="utf-8"
    )
