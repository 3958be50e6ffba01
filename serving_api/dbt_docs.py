"""dbt's own documentation of the models, with the graph of their lineage: `/docs/dbt`."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter, Request, Response

from serving_api.problems import NOT_FOUND, Problem
from warehouse.settings import Settings

_PATH = "/docs/dbt"
#: One page that holds all it needs; written for a browser without such a policy, so that scripts of its own may run.
#: Its sandbox keeps them from what the dashboards store, tokens above all.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src 'self' data:;"
    " font-src data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none';"
    " sandbox allow-scripts allow-popups"
)


class _Page(NamedTuple):
    etag: str
    packed: bytes


def router(settings: Settings) -> APIRouter:
    """The route of this module; open as `/docs` is: it tells of models, not of what is in them."""
    routes = APIRouter()
    known: _Page | None = None

    @routes.get(_PATH, include_in_schema=False)
    async def page(request: Request) -> Response:
        nonlocal known
        known = await asyncio.to_thread(_current, settings.dbt_docs, known)
        headers = {
            "ETag": known.etag,
            "Cache-Control": "no-cache",
            "Content-Security-Policy": _POLICY,
        }
        encoded = {"Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match") == known.etag:
            return Response(status_code=304, headers=headers | encoded)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers |= encoded | {"Content-Encoding": "gzip"}
            return Response(known.packed, headers=headers, media_type="text/html")
        return Response(gzip.decompress(known.packed), headers=headers, media_type="text/html")

    return routes


def _current(file: Path, known: _Page | None) -> _Page:
    try:
        found = file.stat()
        etag = f'"{found.st_mtime_ns:x}-{found.st_size:x}"'
        if known is not None and known.etag == etag:
            return known
        return _Page(etag, gzip.compress(file.read_bytes()))
    except FileNotFoundError as error:
        raise Problem(NOT_FOUND, "dbt's documentation has not been made here; `warehouse docs` makes it") from error
