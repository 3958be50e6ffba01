"""Requests that are refused, as problem documents (RFC 9457), whichever HTTP service refuses them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from warehouse.errors import WarehouseError

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its name (anchor in `/docs`), HTTP status, title and what to do about it."""

    name: str
    status: int
    title: str
    advice: str

    @property
    def uri(self) -> str:
        """The `type` member: where the kind is explained."""
        return f"/docs#problem-{self.name}"


class Problem(WarehouseError):
    """A request that is refused as a whole.

    Args:
        kind: which one.
        detail: what happened in this case; never a secret, never SQL, never what was sent.
        headers: additional HTTP headers of the answer.
    """

    def __init__(self, kind: Kind, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail, kind.advice)
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        if kind.status == 503:
            self.headers.setdefault("Retry-After", str(RETRY_SECONDS))

    def members(self, path: str) -> dict[str, Any]:
        """The document's members, for a request of `path`."""
        return {
            "type": self.kind.uri,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "instance": path,
        }

    def document(self, path: str) -> bytes:
        """The problem document of a request of `path`."""
        return orjson.dumps(self.members(path))


def schema(**extensions: dict[str, Any]) -> dict[str, Any]:
    """JSON Schema of a problem document, for OpenAPI; `extensions` are members of one's own."""
    return {
        "type": "object",
        "description": "RFC 9457 problem document.",
        "required": ["type", "title", "status", "detail", "instance"],
        "properties": {
            "type": {
                "type": "string",
                "format": "uri-reference",
                "description": "Kind of problem; explained there.",
            },
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "What happened in this case."},
            "instance": {"type": "string", "description": "Path of the request."},
            **extensions,
        },
        "additionalProperties": False,
    }
