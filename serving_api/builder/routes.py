"""The builder over HTTP: a question in, rows out; and what there is to ask."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from pydantic.json_schema import models_json_schema

from serving_api.auth import Role
from serving_api.builder.answers import CatalogAnswer, QueryAnswer, catalog_answer, rows_answer
from serving_api.builder.catalogs import Catalogs
from serving_api.builder.combinations import CATALOG_PATH
from serving_api.builder.compiler import MAX_ROWS, Statement, compile_query
from serving_api.builder.query import Query
from serving_api.cache import Answer
from serving_api.clickhouse import GoneError
from serving_api.endpoint import shared_parameters
from serving_api.flights import unless_gone
from serving_api.formats import CSV, JSON, chosen
from serving_api.generations import Generation
from serving_api.guard import caller_of, tell
from serving_api.openapi import ANSWER_HEADERS, TOO_MANY, problem_responses
from serving_api.parameters import AS_OF, Parameter, bound, invalid, parse
from serving_api.problems import (
    ANSWER_TOO_LARGE,
    GENERATION_GONE,
    INVALID_BODY,
    UNAVAILABLE,
    ParameterError,
    Problem,
)
from serving_api.routes import CACHE_CONTROL, Services

ROLES = frozenset({Role.ADMIN, Role.ANALYST})
QUERY_PATH = "/api/v1/admin/reports/query"
TIMEOUT_SECONDS = 20
#: A question is small; whoever sends more has none.
MAX_BODY_BYTES = 64 << 10

_AS_OF = shared_parameters()[AS_OF]
_FORMAT = Parameter(
    name="format",
    type="format",
    description="JSON with a description of the columns and of a chart, or CSV.",
    choices=("json", "csv"),
)
_METRICS = Parameter(
    name="metrics",
    type="string",
    description="Names of metrics, by commas: only what can be asked together with them.",
    max_length=2000,
)
_PROBLEMS = {
    "400": "Invalid parameters.",
    "401": "No valid token.",
    "403": "Not for the role of the token.",
    "410": "The generation of `as_of` is not kept, or has no catalog of metrics.",
    "429": TOO_MANY,
    "503": "ClickHouse is away, or nothing has been published yet.",
    "504": "The query took too long.",
}
_DESCRIBED: dict[str, Any] = {
    "security": [{"bearer": []}],
    "x-roles": sorted(ROLES),
    "x-source": "creator-platform US-7.9",
}
_EXAMPLES = {
    "trend": {
        "summary": "Two marts over time",
        "value": {"metrics": ["revenue", "new_users"], "grain": "week", "range": "90d"},
    },
    "ranking": {
        "summary": "The first of many",
        "value": {"metrics": ["order_revenue"], "dimensions": ["vendor_id"], "order": ["-order_revenue"], "limit": 10},
    },
    "segment": {
        "summary": "A segment of the users",
        "value": {
            "metrics": ["new_users", "signins"],
            "dimensions": ["role"],
            "filters": [{"dimension": "plan_tier", "values": ["pro", "team"]}],
            "start_date": "2024-01-01",
            "end_date": "2024-03-31",
        },
    },
    "number": {"summary": "One number, as of the last day", "value": {"metrics": ["outstanding_balance"]}},
}
#: Components of OpenAPI that the routes of this module refer to.
SCHEMAS = models_json_schema([(Query, "validation")], ref_template="#/components/schemas/{model}")[1]["$defs"]


def router(services: Services) -> APIRouter:
    """The routes of this module."""
    routes = APIRouter(tags=["reports"])
    catalogs = Catalogs(services.clickhouse)

    @routes.post(
        QUERY_PATH,
        summary="Ask for metrics",
        operation_id="api_v1_admin_reports_query",
        response_class=Response,
        responses={
            200: {
                "description": "The rows.",
                "model": QueryAnswer,
                "content": {"text/csv": {"schema": {"type": "string", "description": "Header and rows."}}},
                "headers": {name: header for name, header in ANSWER_HEADERS.items() if name != "ETag"},
            },
            **problem_responses(
                _PROBLEMS
                | {
                    "406": "Neither JSON nor CSV is asked for.",
                    "422": "The body is no question, its parts do not go together (`errors` says what does), or the"
                    " answer has too many rows.",
                }
            ),
        },
        openapi_extra={
            **_DESCRIBED,
            "parameters": [_FORMAT.declaration(), _AS_OF.declaration()],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/Query"}, "examples": _EXAMPLES}
                },
            },
        },
    )
    async def query(request: Request) -> Response:
        """Metrics by dimensions and steps of time, from as many marts as they are of.

        Totals are summed, levels (`mrr`, `users`) taken at the end of a step, ratios formed of both after that. What
        does not add up, as distinct users over days, is refused with what can be asked instead.
        `GET /api/v1/admin/reports/catalog` lists metrics and dimensions. With a `grain` and no dimensions every step
        has a row. There are at most 10,000 rows; `limit` asks for the first ones.
        """
        caller_of(request).require(ROLES)
        parameters = parse({p.name: p for p in (_FORMAT, _AS_OF)}, request.query_params.multi_items())
        asked = await _asked(request)
        tell(request, _told(asked) | {AS_OF: parameters[AS_OF]} if parameters[AS_OF] else _told(asked))
        named = parameters["format"]
        accept = ", ".join(request.headers.getlist("accept"))
        is_csv = chosen((JSON, CSV), named if isinstance(named, str) else None, accept) is CSV
        for attempt in range(2):
            as_of = parameters[AS_OF]
            generations = services.generations
            generation = await (generations.kept(as_of) if isinstance(as_of, int) else generations.current())
            statement = compile_query(
                asked, await catalogs.of(generation), generation.last_day(), kept_from=dict(generation.left)
            )
            try:
                answer = await unless_gone(request, _answer(asked, statement, generation, services, is_csv=is_csv))
            except GoneError as error:
                generations.forget()
                if as_of is not None:
                    raise Problem(GENERATION_GONE, f"generation {generation.number} has been dropped") from error
                if attempt:
                    raise Problem(UNAVAILABLE, f"generation {generation.number} cannot be read") from error
                continue
            headers = generation.headers | {"Cache-Control": CACHE_CONTROL, "Vary": "Authorization, Accept"}
            if is_csv:
                headers["Content-Disposition"] = 'attachment; filename="query.csv"'
            return Response(answer.content, headers=headers, media_type=answer.media_type)
        raise AssertionError("unreachable")

    @routes.get(
        CATALOG_PATH,
        summary="What can be asked",
        operation_id="api_v1_admin_reports_catalog",
        responses={200: {"description": "Metrics and dimensions."}, **problem_responses(_PROBLEMS)},
        openapi_extra=_DESCRIBED | {"parameters": [_METRICS.declaration(), _AS_OF.declaration()]},
    )
    async def catalog(request: Request, response: Response) -> CatalogAnswer:
        """Metrics and dimensions for `POST /api/v1/admin/reports/query`; `/catalog` has the columns of the marts."""
        caller_of(request).require(ROLES)
        parameters = parse({p.name: p for p in (_METRICS, _AS_OF)}, request.query_params.multi_items())
        as_of, text = parameters[AS_OF], parameters["metrics"]
        generations = services.generations
        generation = await (generations.kept(as_of) if isinstance(as_of, int) else generations.current())
        found = await catalogs.of(generation)
        names = [name.strip() for name in text.split(",") if name.strip()] if isinstance(text, str) else []
        if unknown := [name for name in names if name not in found.metrics]:
            raise invalid(ParameterError("metrics", f"{unknown[0][:100]} is not a metric; ask without for all"))
        response.headers.update(generation.headers | {"Cache-Control": CACHE_CONTROL, "Vary": "Authorization"})
        return catalog_answer(found, generation, names)

    return routes


async def _asked(request: Request) -> Query:
    """The question in a request's body.

    Raises:
        Problem: 422, the body is none; says member by member what is wrong.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise Problem(INVALID_BODY, f"the body is longer than {MAX_BODY_BYTES} bytes")
    try:
        return Query.model_validate_json(bytes(body))
    except ValidationError as error:
        errors = [
            ParameterError(
                ".".join(str(part) for part in found["loc"])[:100] or "body", found["msg"].removeprefix("Value error, ")
            )
            for found in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        detail = "; ".join(f"{e.parameter}: {e.message}" for e in errors[:10])
        raise Problem(INVALID_BODY, detail, errors=errors[:10]) from error


async def _answer(
    query: Query, statement: Statement, generation: Generation, services: Services, *, is_csv: bool
) -> Answer:
    form = CSV if is_csv else JSON

    async def find() -> Answer:
        rows = await services.clickhouse.rows(
            statement.sql,
            database=generation.database,
            parameters=bound(statement.parameters),
            timeout_seconds=TIMEOUT_SECONDS,
            form=CSV.written_as if is_csv else "JSONEachRow",
            settings=form.settings,
        )
        # Only in CSV may a value have line breaks of its own.
        count = sum(1 for _ in csv.reader(io.StringIO(rows.decode()))) - 1 if is_csv else rows.count(b"\n")
        if query.limit is None and count > MAX_ROWS:
            raise Problem(
                ANSWER_TOO_LARGE,
                f"the answer has more than {MAX_ROWS} rows: ask for fewer days, a longer grain or fewer dimensions, or"
                " set limit for the first ones",
            )
        return Answer(rows if is_csv else rows_answer(query, statement, generation, rows, count), form.content_type)

    return await services.answers.of(_key(query, statement, generation, is_csv=is_csv), find)


def _key(query: Query, statement: Statement, generation: Generation, *, is_csv: bool) -> str:
    origin = (generation.number, generation.database, generation.run_id, is_csv)
    text = f"{origin!r}{statement.sql}{statement.parameters!r}{query.model_dump_json()}"
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _told(query: Query) -> dict[str, Any]:
    """What the audit may tell of a question: values of filters may be about a person."""
    said = query.model_dump(mode="json", exclude_defaults=True, exclude={"filters"})
    return said | ({"filters": [f.dimension for f in query.filters]} if query.filters else {})
