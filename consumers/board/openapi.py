"""The OpenAPI document of the board's API."""

from __future__ import annotations

from typing import Any

from consumers.board.asking import LABELS, MAX_WORDS
from consumers.board.queries import MAX_PAGE, PAGE
from stancewire import __version__

MOMENT = {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}
FILTERS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("q", {"type": "string", "maxLength": MAX_WORDS}, "Words of statement, speaker or headline."),
    ("speaker", {"type": "string"}, "A speaker's name, in any case."),
    ("target", {"type": "string"}, "A target's id."),
    ("label", {"type": "string", "enum": list(LABELS)}, "With a target: the stance towards it."),
    ("feed", {"type": "string"}, "A feed's id."),
    ("since", MOMENT, "Not published earlier; UTC where it does not say."),
    ("until", MOMENT, "Published earlier; UTC where it does not say."),
)
TEXT = {"type": "string"}
MAYBE = {"type": ["string", "null"]}
COUNT = {"type": "integer", "minimum": 0}
NUMBER = {"type": "integer", "minimum": 1, "maximum": 2**62}
LABEL = {"type": "string", "enum": list(LABELS)}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


TARGET = _object(id=TEXT, name=TEXT)
COUNTS = {"favor": COUNT, "against": COUNT, "neutral": COUNT}
PEOPLE = _list(_object(speaker=TEXT, count=COUNT, latest=TEXT))
STANCE = _object(
    target=TARGET,
    label=LABEL,
    score={"type": "number"},
    scores=_object(**{label: {"type": "number"} for label in LABELS}),
    abstained={"type": "boolean"},
    model=_object(name=TEXT, revision=TEXT),
)
STATEMENT = _object(
    number=NUMBER,
    id=TEXT,
    speaker={"oneOf": [_object(name=TEXT, role=MAYBE), {"type": "null"}]},
    text=TEXT,
    kind=TEXT,
    polarity=TEXT,
    said_at=TEXT,
    article=_object(
        id=TEXT, revision=NUMBER, title=MAYBE, url=MAYBE, feed=_object(id=TEXT, title=MAYBE)
    ),
    stances=_list(STANCE),
)
MARK = _object(start=COUNT, end=COUNT, kind={"type": "string", "enum": ["quote", "cue", "speaker"]})
IN_PLACE = {"allOf": [STATEMENT, _object(paragraphs=_list(_object(text=TEXT, marks=_list(MARK))))]}
POSITION = _object(
    number=NUMBER,
    said_at=TEXT,
    label=LABEL,
    score={"type": "number"},
    changed={"type": "boolean"},
)
MATRIX = _object(
    speakers=_list(TEXT),
    targets=_list(TARGET),
    cells=_list(_object(speaker=TEXT, target=TEXT, **COUNTS)),
)


def document() -> dict[str, Any]:
    """The document as plain data (OpenAPI 3.1)."""
    filters = [_query(name, schema, text) for name, schema, text in FILTERS]
    limit = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": PAGE}
    paging = [_query("before", NUMBER, "Only older ones."), _query("limit", limit, "At the most.")]
    few = {"type": "integer", "minimum": 1, "maximum": 200}
    sizes = [_query("speakers", few, "At the most."), _query("targets", few, "At the most.")]
    page = _object(
        statements=_list({"$ref": "#/components/schemas/Statement"}),
        next={"type": ["integer", "null"]},
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Stancewire's board", "version": __version__},
        "paths": {
            "/api/statements": _get("Statements, the newest first", page, filters + paging),
            "/api/statements/{number}": _get(
                "A statement in its paragraph", IN_PLACE, [_path("number", NUMBER)], missing=True
            ),
            "/api/matrix": _get("Sides by speaker and target", MATRIX, filters + sizes),
            "/api/targets": _get(
                "All targets", _object(targets=_list(_object(id=TEXT, name=TEXT, **COUNTS)))
            ),
            "/api/targets/{id}": _get(
                "Who is for and who against, and when",
                _object(
                    id=TEXT, name=TEXT, favor=PEOPLE, against=PEOPLE,
                    series=_list(_object(day=TEXT, **COUNTS)),
                    feeds=_list(_object(id=TEXT, title=MAYBE, **COUNTS)),
                ),
                [_path("id", TEXT)],
                missing=True,
            ),
            "/api/speakers": _get(
                "Speakers, those with most statements first",
                _object(speakers=_list(_object(name=TEXT, statements=COUNT))),
                filters[:1],
            ),
            "/api/speakers/{name}": _get(
                "A speaker's sides over time",
                _object(
                    name=TEXT, statements=COUNT,
                    targets=_list(_object(target=TARGET, positions=_list(POSITION))),
                ),
                [_path("name", TEXT)],
                missing=True,
            ),
            "/api/feeds": _get(
                "Feeds", _object(feeds=_list(_object(id=TEXT, title=MAYBE)))
            ),
            "/api/export.json": _get("JSON lines", TEXT, filters, "application/x-ndjson"),
            "/api/export.csv": _get("A row a stance", TEXT, filters, "text/csv"),
            "/api/events": _get("Statements as they come", TEXT, filters, "text/event-stream"),
        },
        "components": {"schemas": {"Statement": STATEMENT, "Error": _object(error=TEXT)}},
    }  # fmt: skip


def _query(name: str, schema: dict[str, Any], text: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": text}


def _path(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _get(
    summary: str,
    schema: dict[str, Any],
    parameters: list[dict[str, Any]] | None = None,
    content: str = "application/json",
    *,
    missing: bool = False,
) -> dict[str, Any]:
    problem = {
        "description": "Why not",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    responses = {
        "200": {"description": summary, "content": {content: {"schema": schema}}},
        "400": problem,
    }
    if missing:
        responses["404"] = problem
    return {"get": {"summary": summary, "parameters": parameters or [], "responses": responses}}
