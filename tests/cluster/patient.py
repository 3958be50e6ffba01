"""Connections between nodes that end politely.

The embedded engine dies of a TCP connection that is reset while it waits for the next query, as ClickHouse resets those
of queries it no longer needs the rest of; the server only logs it. Here whoever goes is waited for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Thread

_HOST = "127.0.0.1"
_PIECE = 1 << 16


@contextmanager
def patient(ports: Sequence[int]) -> Iterator[list[int]]:
    """Ports that lead to these ports, which nobody need listen on yet."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    servers = [asyncio.run_coroutine_threadsafe(_listening(port), loop).result() for port in ports]
    try:
        yield [int(server.sockets[0].getsockname()[1]) for server in servers]
    finally:
        asyncio.run_coroutine_threadsafe(_ended(servers), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _listening(port: int) -> asyncio.Server:
    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, on = await asyncio.open_connection(_HOST, port)
        except OSError:
            writer.close()
            return
        # At the end of it all; asyncio of Python 3.11 would ask a task that was cancelled for its exception.
        with suppress(asyncio.CancelledError):
            await asyncio.gather(_passed_on(reader, on), _passed_on(there, writer))
        on.close()
        writer.close()

    return await asyncio.start_server(met, _HOST, 0)


async def _passed_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """All that comes; where it can no longer be delivered, it is read all the same."""
    with suppress(OSError):
        while piece := await source.read(_PIECE):
            with suppress(OSError):
                target.write(piece)
                await target.drain()
    with suppress(OSError):
        target.write_eof()


async def _ended(servers: Sequence[asyncio.Server]) -> None:
    for server in servers:
        server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
