"""Generations made by hand: tables by the dbt contracts, rows by a rule that a test can compute again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from clickhouse_connect.driver.client import Client

CONTRACTS = Path(__file__).parents[2] / "dbt_project" / "models" / "marts" / "core"
FIRST_DAY = date(2024, 1, 1)
LAST_DAY = date(2024, 4, 30)
COMPLETE_THROUGH = datetime(2024, 4, 30, 21, 30, 15, 250_000, tzinfo=UTC)
GROUPS = (("creator", "free"), ("creator", "pro"), ("uploader", "free"))
FREELANCERS = ("free-1", "free-2", "o'brien\t\\n", "żółw 🐢")

Row = dict[str, Any]


def contract(mart: str) -> dict[str, str]:
    """Columns and types of a mart's dbt contract."""
    model = yaml.safe_load((CONTRACTS / f"{mart}.yml").read_text("utf-8"))["models"][0]
    return {column["name"]: column["data_type"] for column in model["columns"]}


def days() -> Iterator[tuple[int, date]]:
    """Number and date of each day there is."""
    for number in range((LAST_DAY - FIRST_DAY).days + 1):
        yield number, FIRST_DAY + timedelta(days=number)


def rows(mart: str, factor: int) -> list[Row]:
    """Rows of a mart; every count and amount is a multiple of `factor`, which tells generations apart."""
    if mart == "user_metrics":
        return [
            {
                "date": day,
                "role": role,
                "plan_tier": plan,
                "new_users": factor * (number % 3),
                "active_users": factor * (10 + (number * 7 + place) % 11),
                "signins": factor * (number + place),
            }
            for number, day in days()
            for place, (role, plan) in enumerate(GROUPS)
        ]
    if mart == "revenue":
        kinds = (("charge", "USD", ""), ("charge", "EUR", ""), ("subscription", "USD", "pro"))
        return [
            {
                "date": day,
                "stream": stream,
                "currency": currency,
                "plan_id": plan,
                "gross_amount": factor * (Decimal("0.0001") + number + place),
                "refund_amount": factor * Decimal("0.25"),
                "net_amount": factor * (Decimal("0.0001") + number + place - Decimal("0.25")),
                "gross_usd": factor * (Decimal("12345678901.2345") + number),
                "refund_usd": factor * Decimal("0.3"),
                "net_usd": factor * (Decimal("12345678900.9345") + number),
                "transaction_count": factor * (number + 1),
                "refund_count": factor * place,
                "unconverted_count": 0,
            }
            for number, day in days()
            for place, (stream, currency, plan) in enumerate(kinds)
        ]
    if mart == "job_success_score":
        return [
            {
                "freelancer_id": freelancer,
                "as_of": LAST_DAY,
                "jss": 87.65,
                "contracts_completed": factor * 4,
                "contracts_successful": factor * 3,
                "avg_feedback_score": None if place == 0 else 4.5,
                "contract_value_usd": factor * Decimal("1000.5"),
                "clients": factor * 2,
                "long_term_clients": factor,
            }
            for place, freelancer in enumerate(FREELANCERS)
        ]
    columns = contract("daily_metrics")
    return [
        {name: _daily(name, type_, number, day, factor) for name, type_ in columns.items()} for number, day in days()
    ]


def publish(admin: Client, generation: int, complete_through: datetime | None = COMPLETE_THROUGH) -> str:
    """Make a generation and point readers at it; returns its database."""
    database = f"marts_g{generation:06d}"
    admin.command(f"CREATE DATABASE IF NOT EXISTS {database}")
    for mart in ("user_metrics", "revenue", "job_success_score", "daily_metrics"):
        columns = contract(mart)
        declared = ", ".join(f"{name} {type_}" for name, type_ in columns.items())
        admin.command(f"CREATE OR REPLACE TABLE {database}.{mart} ({declared}) ENGINE = MergeTree ORDER BY tuple()")
        values = [[row[name] for name in columns] for row in rows(mart, generation)]
        admin.insert(f"{database}.{mart}", values, column_names=list(columns))
    point(admin, generation, complete_through)
    return database


def point(
    admin: Client,
    generation: int,
    complete_through: datetime | None = COMPLETE_THROUGH,
    action: str = "publish",
) -> None:
    """Append the pointer row of an existing generation."""
    sequence = admin.query("SELECT max(sequence) + 1 FROM marts.publications").result_rows[0][0]
    row = {
        "sequence": sequence,
        "generation": generation,
        "database": f"marts_g{generation:06d}",
        "action": action,
        "published_at": datetime.now(UTC),
        "complete_through": complete_through,
        "commit_seq": generation,
        "code": "",
        "run_id": f"run-{generation}",
        "tests_passed": 1,
        "tests_failed": 0,
    }
    admin.insert("marts.publications", [list(row.values())], column_names=list(row))


def _daily(name: str, type_: str, number: int, day: date, factor: int) -> Any:
    if type_ == "Date":
        return day
    if type_.startswith("Nullable"):
        return None if number % 2 else 0.5
    if type_.startswith("Decimal"):
        return factor * (Decimal("0.1") + number)
    return factor * (number + len(name))
