"""Questions to the report builder, asked of a generation whose marts have gaps."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from zlib import crc32

import httpx

from tests.serving_api import published
from tests.serving_api.builder import oracle
from tests.serving_api.builder.oracle import GRAINS, Row
from tests.serving_api.published import FIRST_DAY, LAST_DAY

PATH, CATALOG_PATH = "/api/v1/admin/reports/query", "/api/v1/admin/reports/catalog"
GENERATION = 31


def kept(mart: str, number: int) -> bool:
    """Two rows of three, but every day of the calendar: marts have gaps, and not the same ones."""
    return mart == "daily_metrics" or crc32(f"{mart} {number}".encode()) % 3 > 0


@cache
def rows(mart: str) -> list[Row]:
    return [row for number, row in enumerate(published.rows(mart, GENERATION)) if kept(mart, number)]


def ask(client: httpx.Client, question: Row, **parameters: str | int) -> httpx.Response:
    return client.post(PATH, json=question, params={"as_of": GENERATION, **parameters})


def found(answer: httpx.Response) -> list[Row]:
    assert answer.status_code == 200, answer.text
    data: list[Row] = json.loads(answer.content, parse_float=Decimal)["data"]
    return data


def any_question(rnd: random.Random) -> Row:
    """A question of names that exist; most have no answer."""
    _, metrics = oracle.semantics()
    first = rnd.choice(sorted(metrics))
    akin = [m for m in sorted(metrics) if bool(oracle.grains(m)) == bool(oracle.grains(first))]
    near = [m for m in akin if oracle.dimensions(m) & oracle.dimensions(first)]
    chosen = {first} | {rnd.choice(rnd.choice([akin, near or akin])) for _ in range(rnd.randrange(4))}
    question: Row = {"metrics": rnd.sample(sorted(chosen), len(chosen))}
    common = sorted(set.intersection(*(oracle.dimensions(m) for m in chosen)))
    if rnd.random() < 0.7:
        question["dimensions"] = rnd.sample(common, rnd.randint(0, min(2, len(common))))
    if rnd.random() < 0.1:
        question.setdefault("dimensions", []).append(rnd.choice(["role", "user_id", "level", "currency"]))
        question["dimensions"] = list(dict.fromkeys(question["dimensions"]))
    if rnd.random() < (0.8 if oracle.grains(first) else 0.02):
        question["grain"] = rnd.choice(GRAINS)
    if "grain" in question or (oracle.grains(first) and rnd.random() < 0.7):
        question |= any_days(rnd)
    if common and rnd.random() < 0.4:
        question["filters"] = [any_filter(rnd, rnd.choice(common), first) for _ in range(rnd.randint(1, 2))]
    return question


def any_days(rnd: random.Random) -> Row:
    if rnd.random() < 0.3:
        return {"range": rnd.choice(["7d", "30d", "90d", "12m", "all"])}
    if rnd.random() < 0.3:
        months = [date(2024, month, 1) for month in range(1, 6)]
        start, end = sorted(rnd.sample(months, 2))
        return {"start_date": f"{start}", "end_date": f"{end - timedelta(days=1)}"}
    if rnd.random() < 0.2:
        day = FIRST_DAY + timedelta(days=rnd.randrange(121))
        return {"start_date": f"{day}", "end_date": f"{day}"}
    start, end = sorted(FIRST_DAY + timedelta(days=rnd.randint(-10, 130)) for _ in range(2))
    return rnd.choice([{"start_date": f"{start}", "end_date": f"{end}"}, {"end_date": f"{end}"}, {}])


def any_filter(rnd: random.Random, dimension: str, metric: str) -> Row:
    marts, metrics = oracle.semantics()
    mart = marts[metrics[metric].numerator.mart]
    present = sorted({row[mart.dimensions[dimension]] for row in rows(mart.name)})
    values = rnd.sample(present, rnd.randint(1, min(2, len(present))))
    return {"dimension": dimension, "values": values, "operator": rnd.choice(["in", "in", "not_in"])}


def questions(seed: int, count: int, *, valid: bool | None) -> list[Row]:
    rnd = random.Random(seed)
    made: list[Row] = []
    while len(made) < count:
        question = any_question(rnd)
        if valid is None or oracle.valid(question, LAST_DAY) is valid:
            made.append(question)
    return made
