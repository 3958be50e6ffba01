"""Generations made by hand: tables by the dbt contracts, rows by a rule that a test can compute again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import astuple
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from clickhouse_connect.driver.client import Client

from tests.serving_api import quarter_hours
from warehouse.models import Node

_MARTS = Path(__file__).parents[2] / "dbt_project" / "models" / "marts"
#: What a build keeps of the metrics; another test holds it to the models.
CATALOG = Path(__file__).parents[2] / "docs" / "builder.json"
FIRST_DAY = date(2024, 1, 1)
LAST_DAY = date(2024, 4, 30)
COMPLETE_THROUGH = datetime(2024, 4, 30, 21, 30, 15, 250_000, tzinfo=UTC)
GROUPS = (("creator", "free"), ("creator", "pro"), ("uploader", "free"))
FREELANCERS = ("free-1", "free-2", "o'brien\t\\n", "żółw 🐢")

Row = dict[str, Any]


USERS = ("free-1", "free-2")
#: What the columns of a grain hold, but for days and counters.
WORDS: dict[str, tuple[Any, ...]] = {
    "type": (
        "daily_signups",
        "product_views:p1",
        "seller_revenue:free-1",
        "seller_revenue:free-2",
        "conversion_rate:free-1",
        "declared",
    ),
    "role": ("creator", "uploader"),
    "level": ("junior", "senior"),
    "from_level": ("junior",),
    "to_level": ("senior",),
    "score": (3, 4, 5),
    "week_number": (0, 1, 2),
    "metric": ("active_users", "new_users"),
    "user_id": USERS,
    "vendor_id": USERS,
    "client_id": USERS,
    "freelancer_id": USERS,
    "contract_id": ("con-1", "con-2"),
    "category": ("design", "writing"),
    "upload_id": ("up-1", "up-2"),
    "door": ("collector", "files"),
    "assignment_id": ("as-1", "as-2"),
}

#: The same in single marts.
CATEGORIES = {"client_bookings": ("Earnings", "Fee")}

#: Figures with forecasts and days out of line: so many days before the last one, which way, how grave.
WATCHED = ("active_users", "total_revenue", "new_users")
UNUSUAL = ((9, "surge", "critical"), (4, "drop", "warning"))

#: What is said of work that is not completed.
UNFINISHED = {"uploads": "pending", "assignments": "open"}


@cache
def _models() -> dict[str, dict[str, Any]]:
    """The dbt models of the marts, by the name under which they are published."""
    models = [
        model
        for file in sorted(_MARTS.rglob("*.yml"))
        for model in yaml.safe_load(file.read_text("utf-8")).get("models", [])
    ]
    return {model["config"].get("alias", model["name"]): model for model in models}


def marts() -> list[str]:
    """All marts there are, by name."""
    return sorted(_models())


def contract(mart: str) -> dict[str, str]:
    """Columns and types of a mart's dbt contract."""
    return {column["name"]: column["data_type"] for column in _models()[mart]["columns"]}


def grain(mart: str) -> list[str]:
    """The columns that a mart's rows are ordered by."""
    ordered = _models()[mart]["config"]["order_by"]
    return [ordered] if isinstance(ordered, str) else list(ordered)


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
    if mart == "daily_metrics":
        return [
            {name: _daily(name, type_, number, day, factor) for name, type_ in contract(mart).items()}
            for number, day in days()
        ]
    if mart == "exchange_rates":
        return quarter_hours.rates()
    if mart == "activity_by_quarter_hour":
        return quarter_hours.activity(rows("user_metrics", factor))
    if mart == "revenue_by_quarter_hour":
        return quarter_hours.revenue(rows("revenue", factor))
    if mart == "chat_by_quarter_hour":
        return quarter_hours.chat(days(), factor)
    if mart == "forecasts":
        return [
            _foreseen(mart, metric, LAST_DAY + timedelta(ahead), factor) | {"value": factor * (100.5 + ahead)}
            for metric in WATCHED
            for ahead in range(14)
        ]
    if mart == "anomalies":
        return [
            _foreseen(mart, metric, LAST_DAY - timedelta(ago), factor) | {"kind": kind, "severity": severity}
            for metric in WATCHED
            for ago, kind, severity in UNUSUAL
        ]
    return _by_contract(mart, factor)


def _foreseen(mart: str, metric: str, day: date, factor: int) -> Row:
    row = {name: _value(name, type_, day.day, day, factor) for name, type_ in contract(mart).items()}
    return row | {"metric": metric, "date": day, "lower": factor * 80.3, "upper": factor * 130.7}


def publish(
    admin: Client,
    generation: int,
    complete_through: datetime | None = COMPLETE_THROUGH,
    *,
    empty: bool = False,
    kept: Callable[[str, int], bool] = lambda mart, number: True,
) -> str:
    """Make a generation, of rows or of empty tables, and point readers at it; returns its database.

    Of each mart it has the rows whose numbers are to be kept.
    """
    database = f"marts_g{generation:06d}"
    admin.command(f"CREATE DATABASE IF NOT EXISTS {database}")
    for mart in marts():
        columns = contract(mart)
        declared = ", ".join(f"{name} {type_}" for name, type_ in columns.items())
        admin.command(f"CREATE OR REPLACE TABLE {database}.{mart} ({declared}) ENGINE = MergeTree ORDER BY tuple()")
        chosen = [] if empty else [row for number, row in enumerate(rows(mart, generation)) if kept(mart, number)]
        values = [[row[name] for name in columns] for row in chosen]
        if values:
            admin.insert(f"{database}.{mart}", values, column_names=list(columns))
    describe(admin, generation)
    point(admin, generation, complete_through)
    return database


def describe(admin: Client, generation: int) -> None:
    """What a build says of its models, from their contracts, and of a number it has changed."""
    if not admin.query("SELECT count() FROM marts.models").result_rows[0][0]:
        nodes = [
            Node(
                name=mart,
                kind="mart",
                description=f"About {mart}.",
                grain=grain(mart),
                columns=[(name, type_, f"About {name}.") for name, type_ in contract(mart).items()],
                event_types=[],
                reads_all_events=False,
                parents=["stg_things"],
                ancestors=["raw.events", "stg_things"] + (["revenue"] if mart == "daily_metrics" else []),
            )
            for mart in marts()
        ]
        nodes.append(
            Node("stg_things", "staging", "Things.", [], [], ["thing.done"], False, ["raw.events"], ["raw.events"])
        )
        nodes.append(Node("raw.events", "raw", "Events.", [], [], [], False, [], []))
        nodes.append(Node("people", "exposure", "People.", [], [], [], False, ["revenue"], ["revenue", "stg_things"]))
        rows_ = [["", datetime.now(UTC), *astuple(node)] for node in nodes]
        admin.insert("marts.models", rows_, column_names=["code", "written_at", *Node.__slots__])
        catalog = ["", datetime.now(UTC), CATALOG.read_text("utf-8")]
        admin.insert("marts.semantics", [catalog], column_names=["code", "written_at", "catalog"])
    revised = [generation, generation - 1, datetime.now(UTC), "revenue", LAST_DAY, "gross_usd", 1, 3, ["late_events"]]
    names = ["generation", "previous", "published_at", "mart", "date", "column", "old", "new", "causes"]
    admin.command(f"DELETE FROM marts.revisions WHERE generation = {generation}")
    admin.insert("marts.revisions", [revised], column_names=names)
    admin.command(f"DELETE FROM marts.adjustments WHERE generation = {generation}")
    adjusted = [generation, LAST_DAY, FIRST_DAY, "payment.completed", 2]
    names = ["generation", "date", "closed_date", "event_type", "events"]
    admin.insert("marts.adjustments", [adjusted], column_names=names)


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


def _by_contract(mart: str, factor: int) -> list[Row]:
    """Rows for every day and word of the grain; a mart that is not by day has one for each combination of words."""
    columns, keys = contract(mart), grain(mart)
    steps = [(number, day) for number, day in days() if _begins(keys, day)]
    timed = [name for name in keys if columns[name].startswith("Date")]
    words = [name for name in keys if name not in timed and name != "event_id"]
    found = []
    for number, day in steps if timed else [(7, LAST_DAY)]:
        for place, chosen in enumerate(product(*(_words(mart, name) for name in words))):
            key = dict(zip(words, chosen, strict=True))
            seed = number + 3 * place
            row = {n: key.get(n, _value(n, t, seed, day, factor)) for n, t in columns.items()}
            if mart in UNFINISHED:
                row["status"] = "completed" if seed % 3 else UNFINISHED[mart]
            found.append(row)
    return found


def _words(mart: str, name: str) -> tuple[Any, ...]:
    if name == "category" and mart in CATEGORIES:
        return CATEGORIES[mart]
    return WORDS.get(name, (f"{name}-a", f"{name}-b"))


def _begins(keys: list[str], day: date) -> bool:
    if "cohort_week" in keys:
        return day.weekday() == 0
    return day.day == 1 if "month" in keys else True


def _value(name: str, type_: str, seed: int, day: date, factor: int) -> Any:
    if type_ == "UUID":
        return UUID(int=seed)
    if type_.startswith("Map"):
        return {"number": str(seed), "vendor_id": f"vendor-{seed % 2}"}
    if "DateTime" in type_:
        # Uploads that have no second instant, and everything else at one hour of its day.
        return None if name == "completed_at" and seed % 2 else datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    if "Date" in type_:
        return day
    if name == "user_id":
        return USERS[seed % 2]
    if "String" in type_:
        return "up-1" if name == "upload_id" else f"{name}-{seed % 2}"
    if type_ == "Bool":
        return seed % 2 == 0
    if type_.startswith("Nullable"):
        return None if seed % 5 == 0 else Decimal("3.5") if "Decimal" in type_ else 3 if "Int" in type_ else 0.5
    if type_.startswith("Decimal"):
        return factor * (Decimal("0.1") + seed)
    return factor * (seed + len(name)) if "Int" in type_ else factor * (seed + 0.5)
