"""The way out over HTTP: lines as NDJSON to the collector, which answers 202 once they are durable."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from typing import Any

from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError, InvalidHeader
from urllib3.response import BaseHTTPResponse

from .transport import Receipt, Undelivered

PATH = "/api/analytics/events"

_COMPRESSED_FROM_BYTES = 4096
_COMPRESSION_LEVEL = 5
_CONNECT_SECONDS = 5.0

_ACCEPTED = 202
_TOO_LARGE = 413
_MALFORMED = frozenset({400, 415, 422})
_LATER = frozenset({408, 425, 429})
_SERVER_ERROR = 500


class CollectorTransport:
    """Posts lines to a collector.

    Args:
        url: of the collector, without the path.
        token: API key or JWT, or a function that gives the present one.
        timeout: seconds until an answer.
    """

    def __init__(self, url: str, token: str | Callable[[], str], timeout: float) -> None:
        self._url = url.rstrip("/") + PATH
        self._token = token
        self._http = PoolManager(retries=False, timeout=Timeout(connect=min(_CONNECT_SECONDS, timeout), read=timeout))

    def send(self, lines: Sequence[bytes]) -> Receipt:
        """See Transport. A request that is too large is sent as two halves."""
        response = self._post(lines)
        answer = _json_object(response)
        # Whoever answers without our JSON is not the collector but something before it.
        if response.status == _ACCEPTED and answer is not None and answer.get("received") == len(lines):
            return Receipt(invalid=[(lines[verdict["index"]], str(verdict["reason"])) for verdict in _invalid(answer)])
        reason = f"{self._url} answered {response.status}{_detail(answer)}"
        if response.status == _TOO_LARGE:
            return self._halves(lines, reason)
        if response.status in _MALFORMED and answer is not None:
            return Receipt(rejected=[(line, reason) for line in lines])
        if response.status in _LATER or response.status >= _SERVER_ERROR:
            raise Undelivered(reason, retry_after=_retry_after(response))
        raise Undelivered(reason, misconfigured=True)

    def close(self) -> None:
        """See Transport."""
        self._http.clear()

    def _halves(self, lines: Sequence[bytes], reason: str) -> Receipt:
        if len(lines) == 1:
            return Receipt(rejected=[(lines[0], reason)])
        middle = len(lines) // 2
        first, second = self.send(lines[:middle]), self.send(lines[middle:])
        return Receipt(first.invalid + second.invalid, first.rejected + second.rejected)

    def _post(self, lines: Sequence[bytes]) -> BaseHTTPResponse:
        body = b"".join(lines)
        token = self._token if isinstance(self._token, str) else self._token()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
        if len(body) >= _COMPRESSED_FROM_BYTES:
            body = gzip.compress(body, _COMPRESSION_LEVEL)
            headers["Content-Encoding"] = "gzip"
        try:
            return self._http.request("POST", self._url, body=body, headers=headers, redirect=False)
        except HTTPError as error:
            raise Undelivered(f"{self._url} cannot be reached: {type(error).__name__}") from error


def _json_object(response: BaseHTTPResponse) -> dict[str, Any] | None:
    try:
        answer = json.loads(response.data)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _invalid(answer: dict[str, Any]) -> list[dict[str, Any]]:
    verdicts: list[dict[str, Any]] = answer.get("invalid") or []
    return verdicts


def _detail(answer: dict[str, Any] | None) -> str:
    detail = (answer or {}).get("detail") or (answer or {}).get("title")
    return f": {detail}" if isinstance(detail, str) else ""


def _retry_after(response: BaseHTTPResponse) -> float | None:
    value = response.headers.get("Retry-After")
    try:
        return None if value is None else Retry().parse_retry_after(value)
    except InvalidHeader:
        return None
