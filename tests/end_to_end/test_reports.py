"""Reports of a real build: each number is the API's of the same days and generation, and the oracle's to the cent.

And charts of it: the figure that is drawn is the one that is watched.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest

from ingestion.batch import Batch
from ingestion.landing import Lander
from ingestion.simulator import simulate
from serving_api.app import create_app
from serving_api.auth import Authority, Role
from serving_api.reports.estimate import estimate
from serving_api.reports.produce import produce
from serving_api.reports.request import RequestError, read_request
from tests.conftest import running_home
from tests.oracle.contract import Deliveries, Event
from tests.oracle.registry import ALL
from tests.oracle.seeds import Seeds
from tests.serving_api.conftest import SECRET, bearer, serving
from tests.serving_api.dashboard.drawn import rows_at
from warehouse.cli.building import build_and_publish
from warehouse.settings import Settings
from warehouse.transform import project_dir

Row = dict[str, str]


@dataclass(frozen=True)
class Built:
    """A built warehouse with its API, and the events in it."""

    settings: Settings
    api: httpx.Client
    events: list[Event]
    first: date
    last: date
    folder: Path

    def report(self, report: str, granularity: str = "month") -> list[Row]:
        """The rows of a financial report over all days."""
        days = {"start": str(self.first), "end": str(self.last), "granularity": granularity}
        return self._rows({"kind": "financial", "report": report, "format": "csv"} | days)

    def export(self, entity: str, **filters: str) -> list[Row]:
        """The rows of an export."""
        return self._rows({"kind": "export", "entity": entity, "filters": filters, "format": "csv"})

    def _rows(self, document: dict[str, Any]) -> list[Row]:
        request = read_request(document)
        made = produce(request, self.settings, self.folder)
        with made.path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == made.rows == estimate(request, self.settings)
        return rows

    def ask(self, path: str, **parameters: str) -> Any:
        """What the API answers for all days."""
        days = {"startDate": str(self.first), "endDate": str(self.last)} if "export" in path or "marts" in path else {}
        answer = self.api.get(path, params=days | parameters)
        assert answer.status_code == 200, answer.text
        return json.loads(answer.content, parse_float=Decimal)

    def oracle(self, mart: str) -> pd.DataFrame:
        """A mart as the oracle has it."""
        return ALL[mart][0](self.events, Seeds.read(project_dir() / "seeds"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """Two months of a marketplace, built once."""
    content = b"".join(simulate(events=15_000, days=60, seed=7, duplicates=0.01, invalid=0.01))
    oracle = Deliveries()
    oracle.deliver(content.splitlines())
    events = oracle.accepted()
    days = [event.day for event in events]
    with running_home(tmp_path_factory.mktemp("home")) as settings:
        Lander(settings).land(Batch("reports", "files", "test", content))
        assert build_and_publish(settings)["published"]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("API_RATE_PER_MINUTE", "0")
            app = create_app(settings.model_copy(update={"api_rate_per_minute": 0}), Authority(SECRET))
            with (
                serving(app) as url,
                httpx.Client(base_url=url, headers=bearer(Role.ADMIN, "boss"), timeout=60) as client,
            ):
                folder = tmp_path_factory.mktemp("reports")
                yield Built(settings, client, events, min(days), max(days), folder)


def summed(rows: list[Row], by: tuple[str, ...], *columns: str) -> dict[tuple[str, ...], list[Decimal]]:
    """Sums of columns by others."""
    found: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * len(columns))
    for row in rows:
        key = tuple(str(row[name]) for name in by)
        found[key] = [total + Decimal(str(row[name])) for total, name in zip(found[key], columns, strict=True)]
    return dict(found)


MONEY = ("gross_amount", "refund_amount", "net_amount", "gross_usd", "refund_usd", "net_usd")
COUNTS = ("transaction_count", "refund_count", "unconverted_count")


@pytest.mark.parametrize("granularity", ["day", "week", "month"])
def test_revenue_and_refunds_are_those_of_the_api(built: Built, granularity: str) -> None:
    told = built.ask("/api/v1/marts/revenue", granularity=granularity, limit="10000")["data"]
    renamed = [row | {"period": row["date"]} for row in told]
    by = ("period", "stream", "currency", "plan_id")
    assert summed(built.report("revenue", granularity), by, *MONEY, *COUNTS) == summed(renamed, by, *MONEY, *COUNTS)
    refunds = {
        key: sums
        for key, sums in summed(renamed, by[:3], "refund_count", "refund_amount", "refund_usd", "gross_amount").items()
        if sums[0]
    }
    report = built.report("refunds", granularity)
    assert summed(report, by[:3], "refund_count", "refund_amount", "refund_usd", "gross_amount") == refunds
    assert refunds


def test_revenue_is_the_oracles_to_the_last_digit(built: Built) -> None:
    frame = built.oracle("revenue")
    for name in (*MONEY, *COUNTS):
        if not name.endswith("amount"):
            assert sum(Decimal(row[name]) for row in built.report("revenue")) == sum(frame[name]), name


def test_payouts_are_those_of_the_api_and_the_oracle(built: Built) -> None:
    told = built.ask("/api/v1/export/payouts", format="json")
    by, values = ("period", "user_id", "currency"), ("payouts", "amount", "amount_usd", "unconverted_count")
    monthly = [row | {"period": f"{row['date'][:7]}-01"} for row in told]
    assert summed(built.report("payouts"), by, *values) == summed(monthly, by, *values)
    frame = built.oracle("transactions")
    paid = frame[frame["kind"] == "payout"]
    assert sum(Decimal(row["amount_usd"]) for row in built.report("payouts")) == sum(paid["amount_usd"].dropna())
    assert {row["event_id"] for row in built.export("payouts")} == set(paid["event_id"])


def test_transactions_are_the_oracles_one_by_one_and_add_up_to_the_api(built: Built) -> None:
    rows = built.report("transactions")
    frame = built.oracle("transactions").set_index("event_id")
    assert {row["event_id"] for row in rows} == set(frame.index)
    for row in rows:
        wanted = frame.loc[row["event_id"]]
        usd = None if row["amount_usd"] in ("", "\\N") else Decimal(row["amount_usd"])
        assert (row["kind"], row["stream"], row["user_id"], row["currency"]) == tuple(
            wanted[["kind", "stream", "user_id", "currency"]]
        )
        assert (Decimal(row["amount"]), usd) == (wanted["amount"], wanted["amount_usd"])
    told = built.ask("/api/v1/marts/revenue", granularity="day", limit="10000")["data"]
    for kind, column in (("charge", "gross_amount"), ("refund", "refund_amount")):
        by = ("date", "stream", "currency")
        singles = summed([row for row in rows if row["kind"] == kind], by, "amount")
        assert singles == {key: sums for key, sums in summed(told, by, column).items() if sums[0]}
    assert built.export("transactions") == rows


def test_balances_are_those_of_the_api_and_the_oracle(built: Built) -> None:
    rows = {row["user_id"]: Decimal(row["balance_usd"]) for row in built.report("balances")}
    levels = built.oracle("creator_levels")
    known = dict(zip(levels["user_id"], levels["available_balance_usd"], strict=True))
    creators = sorted(rows.keys() & known.keys())
    assert {user: rows[user] for user in creators} == {user: known[user] for user in creators}
    for user in creators[:20]:
        told = built.ask("/api/v1/analytics/creator/dashboard", userId=user)
        assert Decimal(told["summary"]["available_balance"]) == rows[user]
    assert creators


def test_yearly_totals_of_us_payees_are_their_payouts(built: Built) -> None:
    users = built.oracle("users").set_index("user_id")["country"]
    told = built.ask("/api/v1/export/payouts", format="json")
    expected: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in told:
        if users.get(row["user_id"], "") in ("US", ""):
            key = hashlib.sha256(row["user_id"].encode()).hexdigest()[:16]
            expected[row["date"][:4], key] += Decimal(row["amount_usd"])
    rows = built.report("form_1099")
    found = {(row["year"], row["payee_key"]): Decimal(row["amount_usd"]) for row in rows}
    assert found == {key: total for key, total in expected.items() if total >= 600}
    assert found


def test_users_and_assignments_are_the_oracles(built: Built) -> None:
    users = built.oracle("users").set_index("user_id")
    rows = built.export("users")
    assert {row["user_id"]: (row["role"], row["plan_tier"], row["country"]) for row in rows} == {
        user: tuple(told) for user, *told in users[["role", "plan_tier", "country"]].itertuples()
    }
    creators = {row["user_id"] for row in built.export("users", role="creator")}
    assert creators == set(users.index[users["role"] == "creator"])
    assignments = built.oracle("assignments").set_index("assignment_id")
    found = {row["assignment_id"]: row["status"] for row in built.export("assignments")}
    assert found == dict(assignments["status"])


def test_a_statement_is_made_for_every_kind_of_payee(built: Built) -> None:
    frame = built.oracle("transactions")
    payee = frame[frame["kind"] == "payout"]["user_id"].iloc[0]
    vendor = frame[frame["stream"] == "order"]["counterparty_id"].iloc[0]
    for user in (payee, vendor):
        for month in {f"{built.first:%Y-%m}", f"{built.last:%Y-%m}"}:
            request = read_request({"kind": "statement", "user": user, "month": month})
            made = produce(request, built.settings, built.folder)
            assert made.rows == estimate(request, built.settings)
            assert made.path.read_bytes().startswith(b"%PDF-")


def test_an_answer_of_the_builder_is_that_of_the_api(built: Built) -> None:
    question = {
        "metrics": ["revenue", "refunds"],
        "dimensions": ["stream"],
        "grain": "week",
        "start_date": str(built.first),
        "end_date": str(built.last),
    }
    answer = built.api.post("/api/v1/admin/reports/query", json=question)
    assert answer.status_code == 200, answer.text
    told = json.loads(answer.content, parse_float=Decimal)["data"]
    for form in ("json", "xlsx"):
        request = read_request({"kind": "query", "query": question, "format": form})
        made = produce(request, built.settings, built.folder)
        assert made.rows == len(told) == estimate(request, built.settings)
    request = read_request({"kind": "query", "query": question, "format": "json"})
    path = produce(request, built.settings, built.folder).path
    assert json.loads(path.read_text("utf-8"), parse_float=Decimal) == told
    with pytest.raises(RequestError, match="stream"):
        produce(read_request({"kind": "query", "query": question | {"metrics": ["mau"]}}), built.settings, built.folder)


def test_what_a_chart_with_an_outlook_draws_is_the_figure_that_is_watched(built: Built) -> None:
    days = {"start": str(built.first), "end": str(built.last)}
    watched = {
        (row["metric"], row["date"]): row["value"]
        for row in built.api.get(
            "/api/v1/outlook", params={"startDate": days["start"], "endDate": days["end"], "limit": 10_000}
        ).json()["data"]
    }
    charts = [
        (page["title"], page["sources"][item["source"]], item)
        for page in built.api.get("/api/v1/dashboards").json()["pages"]
        for section in page["sections"]
        for item in section["items"]
        if "outlook" in item
    ]
    assert len(charts) > 10
    for title, source, item in charts:
        if "query" in source:
            question = source["query"] | {"grain": "day", "start_date": days["start"], "end_date": days["end"]}
            answer = built.api.post(source["path"], json=question)
        else:
            known = {"startDate": days["start"], "endDate": days["end"], "limit": "10000"}
            chosen = {name: value for name, value in known.items() if name in source["takes"]}
            answer = built.api.get(source["path"], params=chosen | source["parameters"])
        assert answer.status_code == 200, answer.text
        first = item["series"][0] if item["series"] else {"field": item["value"]}
        drawn: dict[str, float] = defaultdict(float)
        for row in rows_at(answer.json(), first.get("rows") or item["rows"]):
            drawn[row["date"]] += row[first["field"]] or 0
        assert len(drawn) > 5, title
        for day, value in drawn.items():
            assert value == pytest.approx(watched[item["outlook"], day]), f"{title}: {item['title']} of {day}"
