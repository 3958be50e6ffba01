"""OpenAPI of the endpoints, from their headers."""

from __future__ import annotations

from typing import Any

from serving_api import problems
from serving_api.endpoint import Endpoint

#: Which problems an endpoint answers with, besides those of its own.
_ENDPOINT_PROBLEMS = {
    "400": "Invalid parameters, or an answer that would be too large.",
    "401": "No valid token.",
    "403": "Not for the role of the token.",
    "503": "ClickHouse is away, or nothing has been published yet.",
    "504": "The query took too long.",
}
_HEADERS = {
    "ETag": (
        "Send it back as `If-None-Match` to get 304 as long as nothing has changed.",
        {"type": "string"},
    ),
    "X-Generation": ("Generation of the marts that the answer is from.", {"type": "integer"}),
    "X-Complete-Through": ("Instant of the last event in it.", {"type": "string", "format": "date-time"}),
}
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
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": text, "content": content} for status, text in descriptions.items()}


def operation(endpoint: Endpoint) -> dict[str, Any]:
    """The operation object of an endpoint, as far as FastAPI does not write it."""
    header = endpoint.header
    row = {
        "type": "object",
        "required": list(header.columns),
        "properties": {name: column.json_schema() for name, column in header.columns.items()},
        "additionalProperties": False,
    }
    schema = {
        "type": "object",
        "required": ["data", "meta"],
        "properties": {
            "data": {"type": "array", "description": header.grain, "items": row},
            "meta": {"$ref": "#/components/schemas/Meta"},
        },
        "additionalProperties": False,
    }
    answer = {
        "description": header.grain,
        "headers": {name: {"description": text, "schema": type_} for name, (text, type_) in _HEADERS.items()},
        "content": {"application/json": {"schema": schema}},
    }
    failures = dict(_ENDPOINT_PROBLEMS)
    if endpoint.paged:
        failures["410"] = "The generation of the cursor is no longer kept."
    return {
        "parameters": [parameter.declaration() for parameter in endpoint.parameters.values()],
        "security": [{"bearer": []}],
        "responses": {
            "200": answer,
            "304": {"description": "Nothing has changed since the answer with this ETag."},
            **problem_responses(failures),
        },
        "x-roles": sorted(header.roles),
        "x-source": header.source,
        "x-marts": list(header.marts),
    }
