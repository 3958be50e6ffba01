"""OpenAPI of the collector, with the event's schema from the catalog, and the same as a page."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any

from ingestion.catalog import load
from ingestion.catalog.pages import json_schema
from ingestion.doors.collector.body import JSON_TYPE, MAX_BODY_BYTES, MAX_EVENTS, NDJSON_TYPES
from ingestion.doors.collector.problems import KINDS
from ingestion.doors.collector.service import WAIT_SECONDS
from warehouse.problems import MEDIA_TYPE, schema

TITLE = "Marketplace warehouse collector"
_DESCRIPTION = (
    "Takes events. A 202 means that they are on disk and will land within a second or so, whatever dies. Send the"
    " same again until you get one: an event counts once, by its `event_id`. Invalid events are kept in quarantine"
    " and named in the answer; they never stop the others."
)
_LIMITS = f"At most {MAX_EVENTS:,} events and {MAX_BODY_BYTES >> 20} MiB at once, packed or not; 1 MiB per event."

_EVENT = {"$ref": "#/components/schemas/Event"}
_FINANCIAL = {
    "type": "object",
    "description": "A flat financial record; becomes `financial.recorded`. Other members become properties.",
    "required": ["transaction_id", "category", "amount", "user_id"],
    "properties": {
        "event_id": {
            "type": "string",
            "format": "uuid",
            "description": "Without one, made of transaction, category, user, amount and currency.",
        },
        "timestamp": {"type": "string", "format": "date-time", "description": "Now, when it is missing."},
        "user_id": {"type": "string", "description": "The party regarded, for example who receives the money."},
        "counterparty_id": {"type": "string"},
        "transaction_id": {"type": "string"},
        "category": {"enum": ["Earnings", "Refund", "Escrow", "Fee"]},
        "amount": {"type": ["number", "string"], "description": "Decimal >= 0, at most 4 fraction digits."},
        "currency": {"type": "string", "description": "ISO 4217; USD when it is missing."},
        "job_id": {"type": "string"},
        "job_type": {"type": "string"},
    },
}
_METRIC = {
    "type": "object",
    "description": "A declared value of a metric; becomes `metric.declared`. The latest one holds.",
    "required": ["type", "value"],
    "properties": {
        "type": {"type": "string", "maxLength": 255, "examples": ["product_views:123"]},
        "value": {"type": "number"},
        "metadata": {"type": "object"},
        "timestamp": {"type": "string", "format": "date-time", "description": "Now, when it is missing."},
    },
}
_COUNTS: dict[str, Any] = {
    "received": {"type": "integer", "description": "Events in the body."},
    "accepted": {"type": "integer", "description": "Events that are valid."},
    "quarantined": {"type": "integer", "description": "Events that are not; kept with their bytes."},
    "invalid": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["index", "reason"],
            "properties": {
                "index": {"type": "integer", "minimum": 0, "description": "Position in the body, from 0."},
                "reason": {"type": "string", "examples": ["missing_field:user_id"]},
            },
            "additionalProperties": False,
        },
    },
}
_LANDED: dict[str, Any] = {
    "stored": {"type": "integer", "description": "Events that are new."},
    "duplicates": {"type": "integer", "description": "Events that had come before."},
}
_HEALTH: dict[str, Any] = {
    "status": {"enum": ["ok", "refusing"]},
    "accepting": {"type": "boolean"},
    "spool_bytes": {"type": "integer"},
    "spool_limit_bytes": {"type": "integer"},
    "segments": {"type": "integer", "description": "Files that wait for landing."},
    "oldest_waiting_seconds": {"type": "number"},
    "landing_failure": {"type": ["string", "null"], "description": "Why landing waits."},
    "last_landed_seconds_ago": {"type": ["number", "null"]},
}
_PROBLEMS = {
    "400": "The body is no event, nor an array or lines of them.",
    "401": "No valid key or token.",
    "403": "Not for this role.",
    "413": "Too many events or bytes.",
    "415": "A type or encoding that is not read.",
    "503": "The spool is full, or its disk; nothing was kept. Send again after `Retry-After` seconds.",
}


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    event = json_schema(load())
    del event["$schema"]
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": "1", "description": _DESCRIPTION},
        "paths": {
            "/api/analytics/events": _post("Send events", _EVENT, "service, admin"),
            "/api/analytics/financials": _post("Send financial records", _FINANCIAL, "service, admin"),
            "/api/metrics/upsert": _post("Declare values of metrics", _METRIC, "admin"),
            "/health": {
                "get": {
                    "summary": "Whether events are accepted, and what waits",
                    "responses": {
                        status: _answer(text, _closed(_HEALTH))
                        for status, text in (("200", "Accepting."), ("503", "Not accepting."))
                    },
                }
            },
        },
        "components": {
            "schemas": {"Event": event, "Problem": schema()},
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                "bearer": {"type": "http", "scheme": "bearer", "description": "An API key, or a JWT with `role`."},
            },
        },
    }


def _post(summary: str, item: dict[str, Any], roles: str) -> dict[str, Any]:
    one_or_many = {"oneOf": [item, {"type": "array", "items": item, "minItems": 1, "maxItems": MAX_EVENTS}]}
    lines = {"schema": {"type": "string", "description": "One JSON object per line."}}
    failures = {
        status: {
            "description": text,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, text in _PROBLEMS.items()
    }
    return {
        "post": {
            "summary": summary,
            "description": f"For: {roles}. {_LIMITS}",
            "security": [{"key": []}, {"bearer": []}],
            "parameters": [
                {
                    "name": "wait",
                    "in": "query",
                    "schema": {"enum": ["stored"]},
                    "description": f"Answer after landing, at most {WAIT_SECONDS:.0f} s later, with final counts.",
                },
                {"name": "Content-Encoding", "in": "header", "schema": {"enum": ["gzip"]}},
            ],
            "requestBody": {
                "required": True,
                "content": {JSON_TYPE.decode(): {"schema": one_or_many}, NDJSON_TYPES[0].decode(): lines},
            },
            "responses": {
                "200": _answer("Landed (only with `wait=stored`).", _closed(_COUNTS | _LANDED)),
                "202": _answer("Durable; it will land.", _closed(_COUNTS)),
                **failures,
            },
        }
    }


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


@cache
def page() -> str:
    """The page `/docs`: no scripts, nothing from elsewhere."""
    made = document()
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>{escape(TITLE)}</title>",
        "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        "code{font-family:ui-monospace,monospace}td,th{text-align:left;padding:.25rem 1rem .25rem 0}</style>",
        f"<h1>{escape(TITLE)}</h1><p>{escape(made['info']['description'])}</p>",
        "<p>Machine-readable, with all schemas: <a href=/openapi.json>openapi.json</a></p>",
    ]
    for path, item in made["paths"].items():
        for method, operation in item.items():
            parts.append(f"<h2><code>{method.upper()} {escape(path)}</code></h2><p>{escape(operation['summary'])}.")
            parts.append(f"{escape(operation.get('description', ''))}</p>")
            answers = [(status, answer["description"]) for status, answer in operation["responses"].items()]
            parts.append(_table(("answer", "means"), answers))
    parts.append("<h2>Problems</h2><table><tr><th>status<th>problem<th>what to do")
    for kind in KINDS:
        parts.append(f"<tr id=problem-{kind.name}><td>{kind.status}<td>{escape(kind.title)}<td>{escape(kind.advice)}")
    return "\n".join([*parts, "</table></html>\n"])


def _table(head: tuple[str, str], rows: list[tuple[str, str]]) -> str:
    lines = ["<table><tr>" + "".join(f"<th>{escape(cell)}" for cell in head)]
    lines += ["<tr>" + "".join(f"<td>{escape(cell)}" for cell in row) for row in rows]
    return "\n".join([*lines, "</table>"])
