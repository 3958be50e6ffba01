"""Readers of the API: a question several times a second, each asked once, on a connection of its own."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import urllib3

from bench.soak.background import Background

_ANSWER_SECONDS = 15.0
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: when it was asked (seconds since the epoch), its path, status (0: none came), and seconds it took."""

    at: float
    path: str
    status: int
    seconds: float
    trouble: str = ""

    @property
    def good(self) -> bool:
        """Whether the answer was one."""
        return 200 <= self.status < 400


def paths(rng: random.Random) -> str:
    """A question: of watchers, of dashboards that ask the same again, and one that nobody has asked before."""
    return rng.choice(
        (
            "/health",
            "/health/ready",
            "/api/v1/marts/revenue",
            "/api/v1/marts/daily_metrics",
            "/api/v1/admin/analytics/dashboard",
            f"/api/v1/marts/revenue?limit={rng.randrange(1, 10_000)}",
        )
    )


class Asker(Background):
    """Asks all the time.

    Args:
        url: of the API.
        token: of an admin.
        rate: questions a second.
        seed: of their order.
    """

    def __init__(self, url: str, token: str, rate: float, seed: int) -> None:
        super().__init__("asks")
        self._url, self._rate, self._rng = url, rate, random.Random(seed)
        self._headers = {"Authorization": f"Bearer {token}", "Connection": "close"}
        self._http = urllib3.PoolManager(maxsize=_AT_ONCE, num_pools=1)
        self.asked: list[Asked] = []

    def ask(self, path: str) -> Asked:
        """Ask once."""
        at, began = time.time(), time.monotonic()
        try:
            answer = self._http.request(
                "GET", self._url + path, headers=self._headers, retries=False, timeout=_ANSWER_SECONDS
            )
        except urllib3.exceptions.HTTPError as error:
            return Asked(at, path, 0, time.monotonic() - began, type(error).__name__)
        trouble = "" if answer.status < 400 else answer.data[:200].decode("utf-8", "replace")
        return Asked(at, path, answer.status, time.monotonic() - began, trouble)

    def _run(self) -> None:
        next_at = time.monotonic()
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="asks") as pool:
            while not self._stopping.wait(max(0.0, next_at - time.monotonic())):
                next_at += 1 / self._rate
                pool.submit(self._one, paths(self._rng))

    def _one(self, path: str) -> None:
        self.asked.append(self.ask(path))


def uptime(asked: Sequence[Asked]) -> dict[str, float]:
    """Shares of good answers and of seconds without a bad one, longest outage, and how long good answers took.

    An outage goes from the first bad answer after a good one until the next good one, by when they were asked.
    """
    ordered = sorted(asked, key=lambda one: one.at)
    if not ordered:
        return {"answers": 0}
    bad = [one for one in ordered if not one.good]
    seconds = {int(one.at) for one in ordered}
    longest, since = 0.0, None
    for one in ordered:
        if one.good and since is not None:
            longest, since = max(longest, one.at - since), None
        elif not one.good and since is None:
            since = one.at
    if since is not None:
        longest = max(longest, ordered[-1].at - since)
    took = sorted(one.seconds for one in ordered if one.good) or [0.0]
    return {
        "answers": len(ordered),
        "bad": len(bad),
        "uptime": round(1 - len(bad) / len(ordered), 6),
        "uptime_seconds": round(1 - len({int(one.at) for one in bad}) / len(seconds), 6),
        "longest_outage_s": round(longest, 2),
        "p50_ms": round(took[len(took) // 2] * 1000, 1),
        "p99_ms": round(took[int(0.99 * (len(took) - 1))] * 1000, 1),
        "max_s": round(took[-1], 2),
    }
