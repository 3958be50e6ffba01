"""OpenAPI of the endpoints, from their headers."""

from __future__ import annotations

from typing import Any

from serving_api import figures, problems
from serving_api.endpoint import Endpoint, Part
from serving_api.formats import JSON, PLOTLY
from warehouse.problems import MEDIA_TYPE

TOO_MANY = "More requests in a minute than a token, or an address without one, may make."
#: Which problems an endpoint answers with, besides those of its own.
_ENDPOINT_PROBLEMS = {
    "400": "Invalid parameters.",
    "401": "No valid token.",
    "403": "Not for the role of the token.",
    "406": "The answer does not come in the format that is asked for.",
    "410": "The generation of the cursor, or that of `as_of`, is not kept.",
    "422": "An answer that would be too large.",
    "429": TOO_MANY,
    "503": "ClickHouse is away, or nothing has been published yet.",
    "504": "The query took too long.",
}
_HEADERS = {
    "ETag": (
        "Send it back as `If-None-Match` to get 304 as long as nothing has changed.",
        {"type": "string"},
    ),
    "X-Generation": ("Generation of the marts that the answer is from.", {"type": "integer"}),
    "RateLimit-Limit": ("Requests the token may make in a minute.", {"type": "integer"}),
    "RateLimit-Remaining": ("How many of them are left.", {"type": "integer"}),
    "RateLimit-Reset": ("Seconds until the earliest of those made counts no more.", {"type": "integer"}),
    "X-Complete-Through": ("Instant of the last event in it.", {"type": "string", "format": "date-time"}),
}
#: Header objects of every answer from the marts.
ANSWER_HEADERS = {name: {"description": text, "schema": type_} for name, (text, type_) in _HEADERS.items()}
# Bytes that no JSON Schema describes.
_FILE: dict[str, Any] = {}
_META = {
    "type": "object",
    "required": ["generation", "complete_through", "rows", "parameters", "next"],
    "properties": {
        "generation": {"type": "integer", "description": "Generation of the marts that the answer is from."},
        "complete_through": {
            "type": ["string", "null"],
            "format": "date-time",
            "description": "Instant of the last event in it; null without any.",
        },
        "rows": {"type": "integer", "description": "Rows in `data`."},
        "parameters": {"type": "object", "description": "Parameters in force, defaults filled in."},
        "next": {
            "type": ["string", "null"],
            "format": "uri-reference",
            "description": "The next page, from the same generation; null on the last one.",
        },
    },
    "additionalProperties": False,
}

COMPONENTS: dict[str, Any] = {
    "schemas": {"Problem": problems.SCHEMA, "Meta": _META},
    "securitySchemes": {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "Claims: `sub`, `role`, `exp`. Only admin and analyst see rows of others.",
        }
    },
}


def problem_responses(descriptions: dict[str, str]) -> dict[int | str, dict[str, Any]]:
    """Response objects of problem documents by status."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": text, "content": content} for status, text in descriptions.items()}


def operation(endpoint: Endpoint) -> dict[str, Any]:
    """The operation object of an endpoint, as far as FastAPI does not write it."""
    header = endpoint.header
    answer = {
        "description": header.grain or header.summary,
        "headers": ANSWER_HEADERS,
        "content": _content(endpoint),
    }
    failures = dict(_ENDPOINT_PROBLEMS)
    if header.absent is not None:
        failures["404"] = header.absent
    described: dict[str, Any] = {
        "parameters": [parameter.declaration() for parameter in endpoint.parameters.values()],
        "security": [{"bearer": []}],
        "responses": {
            "200": answer,
            "304": {"description": "Nothing has changed since the answer with this ETag."},
            **problem_responses(dict(sorted(failures.items()))),
        },
        "x-roles": sorted(header.roles),
        "x-source": header.source,
        "x-marts": list(header.marts),
    }
    if header.parts:
        described["x-parts"] = list(header.parts)
    return described


def schema(part: Part) -> dict[str, Any]:
    """JSON Schema of a part of an answer."""
    described = {"description": part.description} if part.description else {}
    if part.shape == "rows":
        return {"type": "array", **described, "items": _object(_properties(part))}
    return _object(_properties(part)) | described


def _content(endpoint: Endpoint) -> dict[str, Any]:
    answer = schema(endpoint.answer)
    if endpoint.header.shape == "envelope":
        answer = _object({"data": answer, "meta": {"$ref": "#/components/schemas/Meta"}})
    if PLOTLY in endpoint.formats:
        answer = {"oneOf": [answer, figures.SCHEMA]}
    return {
        form.media_type: {"schema": answer} if form is JSON else _FILE
        for form in endpoint.formats
        if form is not PLOTLY
    }


def _properties(part: Part) -> dict[str, Any]:
    properties = {name: column.json_schema() for name, column in part.columns.items()}
    for member in part.parts:
        properties |= _properties(member) if member.shape == "fields" else {member.name: schema(member)}
    return properties


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }
