"""From ClickHouse's bytes to the bytes of an answer: rows are counted, cut and joined as lines, not decoded."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

import orjson

from serving_api.endpoint import Part
from serving_api.formats import JSON, NDJSON, PLOTLY
from serving_api.generations import instant
from serving_api.parameters import CURSOR, FORMAT, LIMIT, shown, written
from serving_api.questions import Question
from serving_api.spans import PREVIOUS_END, PREVIOUS_START

#: Runs the query of a part; its rows are JSON, a line each.
Ask = Callable[[Part], Awaitable[bytes]]


class AbsentError(Exception):
    """A query that answers with an object has found none."""


async def answer(question: Question, ask: Ask) -> bytes:
    """The answer to a question as JSON: in the shape its document shows, as a figure, or a line for each part.

    Raises:
        AbsentError: the object asked for does not exist.
        ClickHouseError: a query came to nothing.
    """
    header, part, form = question.endpoint.header, question.endpoint.answer, question.delivery.format
    if form is PLOTLY and header.figure is not None:
        rows = [orjson.loads(line) for line in (await ask(part)).splitlines()]
        return orjson.dumps(header.figure.draw(rows)) + b"\n"
    if form is NDJSON:
        documents = await asyncio.gather(*(_document(member, ask) for member in part.parts))
        # The line breaks of a document are those between its rows.
        return b"".join(
            b'{"part":' + orjson.dumps(member.name) + b',"data":' + document.replace(b"\n", b"") + b"}\n"
            for member, document in zip(part.parts, documents, strict=True)
        )
    if header.shape == "envelope":
        return _envelope(question, await ask(part))
    return await _document(part, ask) + b"\n"


async def check_presence(question: Question, ask: Ask) -> None:
    """Make sure that what a table is of exists.

    Raises:
        AbsentError: it does not.
        ClickHouseError: a query came to nothing.
    """
    if question.endpoint.header.absent is None:
        return
    objects = [part for part in question.endpoint.answer.queries() if part.shape != "rows"]
    if not all(await asyncio.gather(*(ask(part) for part in objects))):
        raise AbsentError


async def _document(part: Part, ask: Ask) -> bytes:
    if part.parts:
        members = await asyncio.gather(*(_document(member, ask) for member in part.parts))
        return b"{" + b",".join(map(_member, part.parts, members)) + b"}"
    rows = await ask(part)
    if part.shape == "rows":
        return b"[" + _joined(rows) + b"]"
    if not rows:
        raise AbsentError
    return rows.rstrip(b"\n")


def _member(part: Part, document: bytes) -> bytes:
    if part.shape == "fields":
        # The members of an object without its braces.
        return document[1:-1]
    return orjson.dumps(part.name) + b":" + document


def _joined(rows: bytes) -> bytes:
    # ClickHouse escapes line breaks inside of strings, so each one here ends a row.
    return rows.rstrip(b"\n").replace(b"\n", b",\n")


def _envelope(question: Question, rows: bytes) -> bytes:
    count, following = rows.count(b"\n"), None
    if question.limit is not None and count > question.limit:
        rows, count = rows[: rows.rfind(b"\n", 0, len(rows) - 1) + 1], question.limit
        last = rows[rows.rfind(b"\n", 0, len(rows) - 1) + 1 :] if question.endpoint.header.keyset else b"{}"
        cursor = question.following(count, orjson.loads(last))
        parameters = question.endpoint.parameters
        known = {parameters[n].shown_name: value for n, value in question.values.items() if n in parameters}
        query = written(known) | {FORMAT: JSON.name, LIMIT: str(question.limit), CURSOR: cursor.written()}
        following = f"{question.endpoint.header.path}?{urlencode(query)}"
    in_force = {
        question.endpoint.parameters[n].shown_name if n in question.endpoint.parameters else n: value
        for n, value in question.values.items()
        if n not in (PREVIOUS_START, PREVIOUS_END)
    }
    meta = {
        "generation": question.generation.number,
        "complete_through": instant(question.generation.complete_through),
        "rows": count,
        "parameters": shown(in_force),
        "next": following,
    }
    return b'{"data":[' + _joined(rows) + b'],"meta":' + orjson.dumps(meta) + b"}\n"
