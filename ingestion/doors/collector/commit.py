"""Group commit: all requests that wait while one group is flushed make up the next group."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ingestion.doors.collector.spool import Record, Spool, SpoolError

#: A group ends with the record that reaches this many bytes.
GROUP_BYTES = 8 << 20


class Committer:
    """Writes records to the spool, many with one flush; belongs to one event loop.

    Args:
        spool: where they go.
        limit: bytes that the spool may hold, what waits to be written included.
        written: called after each group, for example to wake the landing.
    """

    def __init__(self, spool: Spool, limit: int, written: Callable[[], None]) -> None:
        self._spool = spool
        self._limit = limit
        self._written = written
        self._queue: list[tuple[Record, asyncio.Future[None]]] = []
        self._queued_bytes = 0
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._task: asyncio.Task[None] | None = None

    @property
    def full(self) -> bool:
        """Whether the spool has reached its limit."""
        return self._spool.size + self._queued_bytes >= self._limit

    async def commit(self, record: Record) -> None:
        """Returns when the record is durable.

        Raises:
            SpoolError: it is not, because the spool is at its limit or its disk is full.
        """
        size = len(record.lines)
        if self._spool.size + self._queued_bytes + size > self._limit:
            raise SpoolError("the spool is full")
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append((record, future))
        self._queued_bytes += size
        if self._task is None:
            self._task = asyncio.create_task(self._write())
        # A caller who goes away does not take the record back.
        await asyncio.shield(future)

    async def close(self) -> None:
        """Wait until everything queued is written."""
        if self._task is not None:
            await self._task
        self._writer.shutdown()

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while self._queue:
            # Whatever has arrived by now comes along: a flush costs the same for one as for many.
            await asyncio.sleep(0)
            group = self._next_group()
            failure: SpoolError | None = None
            try:
                await loop.run_in_executor(self._writer, self._spool.write, [record for record, _ in group])
            except SpoolError as error:
                failure = error
            for record, future in group:
                self._queued_bytes -= len(record.lines)
                if future.done():
                    continue
                if failure is None:
                    future.set_result(None)
                else:
                    future.set_exception(SpoolError(failure.message, failure.hint))
            self._written()
        self._task = None

    def _next_group(self) -> list[tuple[Record, asyncio.Future[None]]]:
        size = count = 0
        for record, _ in self._queue:
            count += 1
            size += len(record.lines)
            if size >= GROUP_BYTES:
                break
        group, self._queue = self._queue[:count], self._queue[count:]
        return group
