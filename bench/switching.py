"""A thousand publications under load: no answer fails, mixes generations, or is older than it may be."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Mapping

import aiohttp
import orjson
from clickhouse_connect.driver.client import Client

from serving_api.generations import REMEMBERED_SECONDS
from warehouse import publications
from warehouse.client import Identity, connect
from warehouse.settings import Settings

_CONNECTIONS = 8
_PATH = "/api/v1/metrics/jobs?startDate=2024-01-01&endDate=2024-01-01"
_MART = "job_performance"
#: In generation N every figure is N; two parts of the answer read it, each for itself.
_FILL = (
    f"INSERT INTO build.{_MART} (date, category, jobs_posted) SELECT toDate('2024-01-01'), 'work', {{number:UInt64}}"
)


def measure(settings: Settings, url: str, headers: Mapping[str, str], switches: int) -> dict[str, float]:
    """Publish again and again while the API is asked; the tables in `build` are others after that."""
    pointed: list[tuple[float, int]] = []
    answers: list[tuple[float, int, str]] = []
    done = threading.Event()
    asking = threading.Thread(target=lambda: asyncio.run(_ask_all(url, headers, done, answers)))
    client = connect(Identity.TRANSFORMER, settings)
    started = time.monotonic()
    _publish(client, pointed)
    time.sleep(2 * REMEMBERED_SECONDS)
    asking.start()
    for _ in range(switches):
        _publish(client, pointed)
    done.set()
    asking.join()
    stale = sum(generation < _due(pointed, begun) for begun, generation, wrong in answers if not wrong)
    wrong = [text for _, _, text in answers if text]
    return {
        "publications": len(pointed) - 1,
        "publications_per_s": round(len(pointed) / (time.monotonic() - started), 1),
        "answers_meanwhile": len(answers),
        "generations_seen": len({generation for _, generation, _ in answers}),
        "failed": sum(text.startswith("failed") for text in wrong),
        "mixed": sum(text.startswith("mixed") for text in wrong),
        "stale": stale,
    }


def _publish(client: Client, pointed: list[tuple[float, int]]) -> None:
    # A generation that a killed process has begun has taken its number.
    taken = [int(name.removeprefix("marts_g")) for name in publications.existing(client)]
    number = max([row.generation for row in publications.history(client)] + taken, default=0) + 1
    client.command(f"TRUNCATE TABLE build.{_MART}")
    client.command(_FILL, parameters={"number": number})
    made = publications.publish(
        client, [_MART], commit_seq=0, code="", seeds={}, run_id=f"bench-{number}", tests_passed=0
    )
    pointed.append((time.monotonic(), made.generation))


def _due(pointed: list[tuple[float, int]], begun: float) -> int:
    """The oldest generation that a request may be answered from that began at an instant."""
    return max((generation for at, generation in pointed if at + REMEMBERED_SECONDS < begun), default=0)


async def _ask_all(
    url: str, headers: Mapping[str, str], done: threading.Event, answers: list[tuple[float, int, str]]
) -> None:
    async with aiohttp.ClientSession(headers=headers) as session:

        async def ask() -> None:
            while not done.is_set():
                begun = time.monotonic()
                try:
                    async with session.get(url + _PATH) as answer:
                        body = await answer.read()
                except aiohttp.ClientError as error:
                    answers.append((begun, 0, f"failed {error}"))
                    continue
                if answer.status != 200:
                    answers.append((begun, 0, f"failed {answer.status}"))
                    continue
                generation, found = int(answer.headers["X-Generation"]), orjson.loads(body)
                figures = {found["jobs_posted"], *(row["jobs_posted"] for row in found["by_category"])}
                answers.append((begun, generation, "" if figures == {generation} else f"mixed {figures}"))

        await asyncio.gather(*(ask() for _ in range(_CONNECTIONS)))
