"""The kinds of problems for which a request is refused as a whole; nothing of it is kept."""

from __future__ import annotations

from warehouse.problems import Kind

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
