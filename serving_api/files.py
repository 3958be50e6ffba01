"""Tables as files: streamed as ClickHouse writes them, or as a workbook; short ones are kept like other answers."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from serving_api.cache import LARGEST_BYTES, Answer, Answers
from serving_api.clickhouse import ClickHouse, ClickHouseError
from serving_api.formats import XLSX
from serving_api.questions import Question
from serving_api.tables import Table
from serving_api.workbooks import Workbooks

_log = logging.getLogger("serving_api")


class Streamed(StreamingResponse):
    """An answer in pieces, of which the first ones have come. When ClickHouse gives up in the middle the connection is
    broken, so that what has come never looks whole."""

    def __init__(
        self, head: bytearray, rest: AsyncGenerator[bytes], headers: Mapping[str, str], media_type: str
    ) -> None:
        super().__init__(_chained(head, rest), headers=headers, media_type=media_type)
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        async with aclosing(self._rest):
            try:
                await super().__call__(scope, receive, send)
            except ClickHouseError as error:
                # The server closes a connection whose answer has no end.
                _log.warning("%s: broken off in the middle: %r", getattr(scope.get("route"), "path", "?"), error)


class Files:
    """Makes files.

    Args:
        clickhouse: who is asked.
        answers: where short ones are kept.
    """

    def __init__(self, clickhouse: ClickHouse, answers: Answers) -> None:
        self._clickhouse = clickhouse
        self._answers = answers
        self._workbooks = Workbooks(clickhouse)

    async def response(self, question: Question, table: Table, headers: Mapping[str, str]) -> Response:
        """The response with the rows of a table, from its first bytes on.

        Raises:
            Problem: 422, there are more rows than a workbook holds.
            ClickHouseError: the query came to nothing.
        """
        kept = await self._answers.get(question.etag)
        if kept is not None:
            return Response(kept.content, headers=headers, media_type=kept.media_type)
        form = question.delivery.format
        pieces = self._workbooks.pieces(question, table) if form is XLSX else self._rows(question, table)
        head = bytearray()
        try:
            async for piece in pieces:
                head += piece
                if len(head) > LARGEST_BYTES:
                    return Streamed(head, pieces, headers, form.content_type)
        except BaseException:
            await pieces.aclose()
            raise
        made = Answer(bytes(head), form.content_type)
        await self._answers.put(question.etag, made)
        return Response(made.content, headers=headers, media_type=made.media_type)

    def _rows(self, question: Question, table: Table) -> AsyncGenerator[bytes]:
        form, skip = question.delivery.format, question.delivery.skip
        return self._clickhouse.stream(
            table.flat_sql if form.is_flat else table.sql,
            database=question.generation.database,
            parameters=question.parameters(),
            form=form.written_as,
            settings=dict(form.settings) | ({"offset": str(skip)} if skip else {}),
        )


async def _chained(head: bytearray, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    yield bytes(head)
    head.clear()
    async for piece in rest:
        yield piece
