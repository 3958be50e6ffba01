"""At the door of every request: who asks, how often he may, headers that keep browsers safe, and the audit line."""

from __future__ import annotations

import hashlib
import ipaddress
import logging
from typing import Any

import orjson
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving_api import problems
from serving_api.auth import Authority, Caller, Role
from serving_api.observing.logs import FIELDS
from serving_api.observing.requests import WATCHERS
from serving_api.parameters import Parameter, Values, shown
from serving_api.problems import RATE_LIMITED, Problem
from serving_api.rates import Rates

#: Only set where an answer has none of its own.
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_HTTPS_HEADERS = {"Strict-Transport-Security": "max-age=31536000"}

# What these say may be about a person, or be anything; the audit only says that they were given.
_UNTOLD = ("user", "string", "word", "cursor")

# Asked for by machines that keep watch, often and from one address; cheap, and never waiting for ClickHouse twice.
_UNLIMITED = WATCHERS - {"/health"}

_READS = ("GET", "HEAD", "OPTIONS")
_CALLER, _ASKED = "caller", "asked"
_audit = logging.getLogger("serving_api.audit")


class Guard:
    """Middleware around the whole application.

    Args:
        app: what it guards.
        authority: checks tokens.
        rates: counts requests by token, and those without a valid one by address; None = no limit.
    """

    def __init__(self, app: ASGIApp, authority: Authority, rates: Rates | None) -> None:
        self._app = app
        self._authority = authority
        self._rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        authorization = Headers(scope=scope).get("authorization")
        who: Caller | Problem
        try:
            who = await self._authority.caller(authorization)
        except Problem as problem:
            who = problem
        state = scope.setdefault("state", {})
        state[_CALLER] = who
        added = SECURITY_HEADERS | (_HTTPS_HEADERS if scope["scheme"] == "https" else {})
        app = self._app
        if self._rates is not None and scope["path"] not in _UNLIMITED:
            verdict = self._rates.ask(_key(who, authorization, scope))
            added = added | verdict.headers
            if not verdict.allowed:
                detail = f"more than {verdict.limit} requests in a minute; the next one is free in {verdict.reset} s"
                app = problems.response(Problem(RATE_LIMITED, detail), scope["path"])
        answered: dict[str, Any] = {}

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers.setdefault(name, value)
                answered.update(status=message["status"], generation=headers.get("x-generation"))
            await send(message)

        await app(scope, receive, guarded)
        if isinstance(who, Caller) and who.role is Role.ADMIN:
            line = _line(who, scope, answered)
            _audit.info("%s", orjson.dumps(line).decode(), extra={FIELDS: line})


def caller_of(request: Request) -> Caller:
    """Who asks.

    Raises:
        Problem: 401 without a valid token; 503 when the keys cannot be fetched.
    """
    found: Caller | Problem = request.scope["state"][_CALLER]
    if isinstance(found, Problem):
        raise found
    return found


def note(request: Request, values: Values, parameters: dict[str, Parameter]) -> None:
    """Keep what was asked for, as far as it may be told, for the audit."""
    request.scope["state"][_ASKED] = {
        parameters[name].shown_name: "…" if parameters[name].type in _UNTOLD else value
        for name, value in shown(values).items()
        if value is not None
    }


def tell(request: Request, said: dict[str, Any]) -> None:
    """Keep for the audit what else was asked for; nothing that is about a person."""
    request.scope["state"].setdefault(_ASKED, {}).update(said)


def _key(who: Caller | Problem, authorization: str | None, scope: Scope) -> str:
    if isinstance(who, Caller) and authorization is not None:
        # Two tokens of one person are two; and what is kept must not be of use to anybody.
        return hashlib.blake2b(authorization.partition(" ")[2].strip().encode(), digest_size=16).hexdigest()
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "nobody"
    # Whoever has one address of the newer kind has all of its network.
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def _line(who: Caller, scope: Scope, answered: dict[str, Any]) -> dict[str, Any]:
    return {
        "event": "admin_read" if scope["method"] in _READS else "admin_write",
        "sub": who.subject,
        # The route, not the path: a path may name a person.
        "route": getattr(scope.get("route"), "path", None),
        "parameters": scope["state"].get(_ASKED, {}),
        **answered,
    }
