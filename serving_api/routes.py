"""From endpoint to route: check caller and parameters, find the generation, answer from cache or ClickHouse."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass

from fastapi import Request, Response

from serving_api.answers import AbsentError, answer, check_presence
from serving_api.cache import Answer, Answers
from serving_api.clickhouse import ClickHouse, GoneError, QueryFailedError
from serving_api.currencies import Currencies
from serving_api.endpoint import Endpoint, Part
from serving_api.files import Files
from serving_api.flights import unless_gone
from serving_api.formats import JSON, PLOTLY, delivery
from serving_api.generations import Generation, Generations
from serving_api.guard import caller_of, note
from serving_api.observing.meters import Meters
from serving_api.parameters import AS_OF, CURSOR, FORMAT, LIMIT, PART, SKIP, UTC, ZONE, Value, invalid, parse
from serving_api.problems import GENERATION_GONE, NOT_FOUND, UNAVAILABLE, ParameterError, Problem
from serving_api.questions import Cursor, Question, bad_cursor, start_of, with_user
from serving_api.spans import resolve

Handler = Callable[[Request], Awaitable[Response]]

# Kept by the client, but asked about each time: a publication must be seen at once.
CACHE_CONTROL = "private, no-cache"
#: Queries of one answer at once: a dashboard of many parts must not keep all connections from the others.
PARTS_AT_ONCE = 4
_BAD_ARGUMENTS = 36


@dataclass(frozen=True, slots=True)
class Services:
    """What handlers share."""

    clickhouse: ClickHouse
    generations: Generations
    answers: Answers
    files: Files
    currencies: Currencies
    meters: Meters


def handler(endpoint: Endpoint, services: Services, elsewhere: Mapping[str, Collection[str]]) -> Handler:
    """The request handler of an endpoint.

    Args:
        endpoint: which one.
        services: what it shares with the others.
        elsewhere: paths by the names of parameters that some endpoints only can have.
    """
    header, parameters = endpoint.header, endpoint.parameters

    async def handle(request: Request) -> Response:
        caller = caller_of(request)
        caller.require(header.roles)
        given = [*request.query_params.multi_items(), *request.path_params.items()]
        values = parse(parameters, given, elsewhere)
        note(request, values, parameters)
        values = with_user(values, parameters, caller)
        cursor_text = values.pop(CURSOR, None)
        cursor = Cursor.read(cursor_text) if isinstance(cursor_text, str) else None
        taken = delivery(endpoint.formats, endpoint.tables, values, ", ".join(request.headers.getlist("accept")))
        for name in (FORMAT, PART, SKIP):
            values.pop(name, None)
        limit, as_of = values.pop(LIMIT, None), values.pop(AS_OF, None)
        if taken.table is not None and LIMIT not in request.query_params:
            # A file has no pages.
            limit = None
        zone = str(values.get(ZONE, UTC))
        for attempt in range(2):
            generation = await _generation(cursor, as_of, services)
            question = Question(
                endpoint=endpoint,
                generation=generation,
                values=resolve(
                    values,
                    parameters,
                    header.dates,
                    generation.last_day(zone),
                    generation.first_day(header.marts, zone),
                ),
                limit=limit if isinstance(limit, int) else None,
                position=start_of(endpoint, cursor),
                caller=caller,
                earlier=await services.generations.earlier(generation) if endpoint.compares else None,
                delivery=taken,
            )
            if cursor is not None and cursor.fingerprint != question.fingerprint:
                raise invalid(ParameterError(CURSOR, "belongs to other parameters; keep all of meta.next as it is"))
            try:
                await services.currencies.check(values, generation)
                return await _respond(question, request, services)
            except QueryFailedError as error:
                if zone != UTC and error.args == (_BAD_ARGUMENTS,):
                    raise invalid(ParameterError(ZONE, "is not a time zone that ClickHouse knows")) from error
                raise
            except GoneError as error:
                services.generations.forget()
                if cursor is not None or as_of is not None:
                    raise Problem(GENERATION_GONE, f"generation {generation.number} has been dropped") from error
                if attempt:
                    raise Problem(UNAVAILABLE, f"generation {generation.number} cannot be read") from error
        raise AssertionError("unreachable")

    return handle


async def _generation(cursor: Cursor | None, as_of: Value, services: Services) -> Generation:
    if isinstance(as_of, int):
        if cursor is not None and cursor.generation != as_of:
            raise invalid(ParameterError(AS_OF, "is another generation than the cursor's; leave it out"))
        return await services.generations.kept(as_of)
    if cursor is None:
        return await services.generations.current()
    if await services.generations.numbered(cursor.generation) is None:
        bad_cursor()
    # Not as it is remembered: of one that has been dropped, as erasures do, no page may be served that is at hand.
    return await services.generations.kept(cursor.generation)


async def _respond(question: Question, request: Request, services: Services) -> Response:
    etag = question.etag
    headers = question.generation.headers | {
        # Weak: it is of the answer, not of its bytes, which may be sent compressed.
        "ETag": f'W/"{etag}"',
        "Cache-Control": CACHE_CONTROL,
        "Vary": "Authorization, Accept",
    }
    if _matches(request.headers.get("if-none-match"), etag):
        services.meters.looked_up("unchanged")
        # What has a body is told of its encoding where it is packed.
        return Response(status_code=304, headers=headers | {"Vary": f"{headers['Vary']}, Accept-Encoding"})
    if question.delivery.format not in (JSON, PLOTLY):
        headers["Content-Disposition"] = f'attachment; filename="{_file_name(question)}"'
    found = services.answers.at_hand(etag)
    services.meters.looked_up("miss" if found is None else "hit")
    if found is not None:
        return Response(found.content, headers=headers, media_type=found.media_type)
    made = await unless_gone(request, _made(question, headers, services))
    services.meters.cached(services.answers.size)
    return made


async def _made(question: Question, headers: Mapping[str, str], services: Services) -> Response:
    header, bound = question.endpoint.header, question.parameters()
    turns = asyncio.Semaphore(PARTS_AT_ONCE)

    async def ask(part: Part) -> bytes:
        async with turns:
            return await services.clickhouse.rows(
                part.sql,
                database=question.generation.database,
                parameters=bound,
                timeout_seconds=header.timeout_seconds,
            )

    async def find() -> Answer:
        return Answer(await answer(question, ask), question.delivery.format.content_type)

    try:
        if question.delivery.table is None:
            found = await services.answers.of(question.etag, find)
            return Response(found.content, headers=headers, media_type=found.media_type)
        await check_presence(question, ask)
        return await services.files.response(question, question.delivery.table, headers)
    except AbsentError as error:
        if header.absent is None:
            raise
        raise Problem(NOT_FOUND, header.absent) from error


def _file_name(question: Question) -> str:
    words = [word for word in question.endpoint.header.path.split("/") if "{" not in word]
    table = question.delivery.table
    name = words[-1] if table is None or len(question.endpoint.tables) == 1 else f"{words[-1]}.{table.name}"
    return f"{name}.{question.delivery.format.name}"


def _matches(if_none_match: str | None, etag: str) -> bool:
    if if_none_match is None:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in tags or f'"{etag}"' in tags
