"""Requests that are refused, as problem documents (RFC 9457)."""

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


MALFORMED = Kind(
    "malformed", 400, "The body is no event", "Send a JSON object, an array of them, or lines of JSON (NDJSON)."
)
UNAUTHENTICATED = Kind(
    "unauthenticated", 401, "No valid key or token", "Send `X-API-Key: <key>` or `Authorization: Bearer <token>`."
)
FORBIDDEN = Kind("forbidden", 403, "Not for this role", "Send with a token of one of the roles that `detail` names.")
NOT_FOUND = Kind("not-found", 404, "No such resource", "`/docs` lists the paths there are.")
METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, "Method not allowed", "Use the method that `Allow` names.")
TOO_LARGE = Kind("too-large", 413, "The request is too large", "Send fewer events at once.")
UNSUPPORTED = Kind(
    "unsupported-media-type",
    415,
    "The body is of a type that is not read here",
    "Send application/json or application/x-ndjson, as it is or with Content-Encoding: gzip.",
)
UNAVAILABLE = Kind(
    "unavailable", 503, "Temporarily not accepting events", "Send the same again after `Retry-After` seconds."
)

KINDS = (
    MALFORMED,
    UNAUTHENTICATED,
    FORBIDDEN,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    TOO_LARGE,
    UNSUPPORTED,
    UNAVAILABLE,
)


class Problem(WarehouseError):
    """A request that is refused as a whole; nothing of it was kept.

    Args:
        kind: which one.
        detail: what is wrong in this case; never a secret, never what was sent.
        headers: additional HTTP headers of the answer.
    """

    def __init__(self, kind: Kind, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail, kind.advice)
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        if kind.status == 503:
            self.headers.setdefault("Retry-After", str(RETRY_SECONDS))

    def document(self, path: str) -> bytes:
        """The problem document of a request of `path`."""
        return orjson.dumps(
            {
                "type": f"/docs#problem-{self.kind.name}",
                "title": self.kind.title,
                "status": self.kind.status,
                "detail": self.detail,
                "instance": path,
            }
        )


#: JSON Schema of a problem document, for OpenAPI.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem document.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "Kind of problem; explained there."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong in this case."},
        "instance": {"type": "string", "description": "Path of the request."},
    },
    "additionalProperties": False,
}
