"""What a plain collector looks like: FastAPI, pydantic, and `async_insert` with wait; the baseline of `collector`.

`python -m bench.plain_collector PORT`; the address and login of ClickHouse come as JSON on stdin.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import aiohttp
import orjson
import uvicorn
from fastapi import FastAPI, Header, HTTPException

from bench.landing import Event

KEY = "a-key-of-the-bench-0123456789"
_QUERY = urlencode(
    {
        "query": "INSERT INTO warehouse.bare FORMAT JSONEachRow",
        "async_insert": 1,
        "wait_for_async_insert": 1,
        "date_time_input_format": "best_effort",
    }
)


def create_app(url: str, headers: dict[str, str]) -> FastAPI:
    sessions: dict[str, aiohttp.ClientSession] = {}

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with aiohttp.ClientSession(headers=headers) as session:
            sessions["clickhouse"] = session
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/api/analytics/events", status_code=202)
    async def events(body: Event | list[Event], x_api_key: str = Header()) -> dict[str, int]:
        if x_api_key != KEY:
            raise HTTPException(401)
        found = body if isinstance(body, list) else [body]
        rows = b"\n".join(orjson.dumps(_row(event)) for event in found)
        async with sessions["clickhouse"].post(f"{url}/?{_QUERY}", data=rows) as answer:
            if answer.status != 200:
                raise HTTPException(503, (await answer.text())[:200])
        return {"received": len(found)}

    return app


def _row(event: Event) -> dict[str, Any]:
    row = event.model_dump()
    for name in ("context", "properties"):
        row[name] = {k: v if isinstance(v, str) else json.dumps(v, default=str) for k, v in row[name].items()}
    return row


if __name__ == "__main__":
    target = json.loads(sys.stdin.readline())
    uvicorn.run(create_app(**target), port=int(sys.argv[1]), log_level="warning", access_log=False)
