"""The kinds of problems the API answers with, and how one is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from serving_api.observing import ids
from warehouse import problems
from warehouse.problems import MEDIA_TYPE, Kind

INVALID_PARAMETERS = Kind(
    "invalid-parameters", 400, "Invalid parameters", "Correct what `errors` names, parameter by parameter."
)
UNAUTHENTICATED = Kind(
    "unauthenticated",
    401,
    "No valid token",
    "Send `Authorization: Bearer <token>` with a token that is in force.",
)
FORBIDDEN = Kind("forbidden", 403, "Not for this role", "Ask with a token of one of the roles that `detail` names.")
NOT_FOUND = Kind("not-found", 404, "No such resource", "`/docs` lists the paths there are.")
METHOD_NOT_ALLOWED = Kind(
    "method-not-allowed",
    405,
    "Method not allowed",
    "Use a method that `Allow` names; what is about numbers is only read.",
)
NOT_ACCEPTABLE = Kind(
    "not-acceptable", 406, "Not in this format", "Ask for one that `detail` names, by `format=` or `Accept`."
)
GENERATION_GONE = Kind(
    "generation-gone",
    410,
    "The generation is not kept",
    "Ask without `cursor` and `as_of` for the generation in force, or with an `as_of` that `detail` names.",
)
NOT_KEPT = Kind("not-kept", 410, "The file is not kept", "Start the report again.")
ANSWER_TOO_LARGE = Kind(
    "answer-too-large",
    422,
    "The answer would be too large",
    "Ask for fewer days or fewer groups; as a file (`format=` csv, ndjson, parquet or arrow) an answer may be longer.",
)
INVALID_BODY = Kind(
    "invalid-body", 422, "The body is not one of this path's", "Correct what `errors` names, member by member."
)
IMPOSSIBLE_QUERY = Kind(
    "impossible-query",
    422,
    "The parts of the question do not go together",
    "Ask for what `errors` names as possible, member by member.",
)
RATE_LIMITED = Kind("rate-limited", 429, "Too many requests", "Ask again after `Retry-After` seconds.")
INTERNAL = Kind("internal", 500, "The server failed", "Report it with its `request_id`.")
UNAVAILABLE = Kind("unavailable", 503, "Temporarily unavailable", "Try again after `Retry-After` seconds.")
NOTHING_PUBLISHED = Kind(
    "nothing-published",
    503,
    "Nothing has been published yet",
    "Try again once the first build has been published.",
)
TIMED_OUT = Kind("timed-out", 504, "The query took too long", "Ask for fewer days or a coarser granularity.")

KINDS = (
    INVALID_PARAMETERS,
    UNAUTHENTICATED,
    FORBIDDEN,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    GENERATION_GONE,
    NOT_KEPT,
    ANSWER_TOO_LARGE,
    INVALID_BODY,
    IMPOSSIBLE_QUERY,
    RATE_LIMITED,
    INTERNAL,
    UNAVAILABLE,
    NOTHING_PUBLISHED,
    TIMED_OUT,
)


@dataclass(frozen=True, slots=True)
class ParameterError:
    """What is wrong with one parameter."""

    parameter: str
    message: str


class Problem(problems.Problem):
    """An expected failure of a request.

    Args:
        kind: which one.
        detail: what happened in this case; never a secret, never SQL.
        errors: for invalid parameters, what is wrong with each.
        headers: additional HTTP headers of the answer.
    """

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        errors: Sequence[ParameterError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind, detail, headers)
        self.errors = tuple(errors)

    def members(self, path: str) -> dict[str, Any]:
        """Those of every problem, the id of the request, and `errors` where there are any."""
        errors = [{"parameter": error.parameter, "message": error.message} for error in self.errors]
        request = ids.current()
        return (
            super().members(path)
            | ({} if request is None else {"request_id": request.text})
            | ({"errors": errors} if errors else {})
        )


def response(problem: Problem, path: str) -> Response:
    """The problem document; `path` of the request becomes `instance`."""
    headers = {"Cache-Control": "no-store", **problem.headers}
    if (request := ids.current()) is not None:
        # The middleware does not see what is answered when nobody expected an error.
        headers[ids.HEADER] = request.text
    return Response(problem.document(path), problem.kind.status, headers, MEDIA_TYPE)


#: JSON Schema of a problem document, for OpenAPI.
SCHEMA = problems.schema(
    request_id={"type": "string", "description": "Id of the request, as in `X-Request-Id`; also in the log."},
    errors={
        "type": "array",
        "description": "What is wrong with each parameter.",
        "items": {
            "type": "object",
            "required": ["parameter", "message"],
            "properties": {"parameter": {"type": "string"}, "message": {"type": "string"}},
            "additionalProperties": False,
        },
    },
)
