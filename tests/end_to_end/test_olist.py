"""The published Olist folder through the whole line, against pandas straight from its CSV files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.faults.command import own_home
from warehouse.client import Identity, connect
from warehouse.settings import Settings
from warehouse.transform import project_dir

FOLDER = Path(__file__).parents[2].parent / "shared" / "data" / "olist"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the Olist folder is not beside the project")

CENT = Decimal("0.0001")


def table(name: str) -> pd.DataFrame:
    """A CSV file as text; '' where a cell is empty."""
    return pd.read_csv(FOLDER / f"olist_{name}_dataset.csv", dtype=str, keep_default_na=False)


def days(instants: pd.Series) -> pd.Series:
    return pd.to_datetime(instants).dt.date


@dataclass(frozen=True)
class Olist:
    """What the CSV files say: one row per sold item, payment, and (review, seller of its order)."""

    items: pd.DataFrame
    payments: pd.DataFrame
    reviews: pd.DataFrame
    customers: pd.Series  # first purchase day by person
    sellers: pd.Series  # first sale day by seller


@pytest.fixture(scope="module")
def olist() -> Olist:
    orders = table("orders").merge(table("customers"), on="customer_id")
    orders["date"] = days(orders["order_purchase_timestamp"])
    orders["paid"] = days(orders["order_approved_at"].where(orders["order_approved_at"] != "",
                                                           orders["order_purchase_timestamp"]))  # fmt: skip
    items = table("order_items").merge(orders, on="order_id")
    items["amount"] = items["price"].map(Decimal)
    items["month"] = items["date"].map(lambda day: day.replace(day=1))
    payments = table("order_payments").merge(orders, on="order_id")
    payments["date"], payments["amount"] = payments["paid"], payments["payment_value"].map(Decimal)
    reviews = table("order_reviews").merge(items[["order_id", "seller_id"]].drop_duplicates(), on="order_id")
    reviews["score"] = reviews["review_score"].map(int)
    return Olist(
        items, payments, reviews,
        customers=orders.groupby("customer_unique_id")["date"].min(),
        sellers=items.groupby("seller_id")["date"].min(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, olist: Olist) -> Iterator[Settings]:
    """A home into which the folder was landed, twice, and built."""
    events = sum(map(len, (olist.items, olist.payments, olist.reviews, olist.customers, olist.sellers)))
    with own_home(tmp_path_factory.mktemp("olist") / "home") as warehouse:
        for stored in (events, 0):
            answer = warehouse("ingest", "--source", "olist", FOLDER, "--json")
            assert answer.code == 0, answer.stderr
            counts = [answer.json[name] for name in ("received", "stored", "quarantined")]
            assert counts == [events, stored, 0]
        built = warehouse("build", "--json")
        assert (built.code, built.json["tests_failed"]) == (0, 0), built.stdout
        yield warehouse.settings


def rows(settings: Settings, sql: str, identity: Identity = Identity.READER) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connect(identity, settings).query(sql).result_rows]


def rates() -> list[tuple[date, Decimal]]:
    seed = pd.read_csv(project_dir() / "seeds" / "fx_rates.csv", dtype=str)
    found = seed[seed["currency"] == "BRL"]
    return sorted(
        (date.fromisoformat(day), Decimal(rate)) for day, rate in zip(found["date"], found["usd_rate"], strict=True)
    )


def in_usd(frame: pd.DataFrame) -> list[Decimal | None]:
    """Each row's amount by the latest rate up to its day, to four digits."""
    known = rates()
    by_day = {day: next((rate for first, rate in reversed(known) if first <= day), None) for day in set(frame["date"])}
    return [
        None if (rate := by_day[day]) is None else (amount * rate).quantize(CENT, ROUND_HALF_UP)
        for day, amount in zip(frame["date"], frame["amount"], strict=True)
    ]


def stream_by_day(frame: pd.DataFrame) -> dict[date, tuple[Decimal, Decimal, int, int]]:
    """Gross in BRL, gross in USD, charges, unconverted charges, by day."""
    frame = frame.assign(usd=pd.Series(in_usd(frame), index=frame.index, dtype=object))
    return {
        group["date"].iloc[0]: (
            sum(group["amount"], Decimal()),
            sum((usd for usd in group["usd"] if usd is not None), Decimal()),
            len(group),
            sum(usd is None for usd in group["usd"]),
        )
        for _, group in frame.groupby("date")
    }


@pytest.mark.parametrize(("stream", "source"), [("order", "items"), ("charge", "payments")])
def test_revenue_per_day_in_reais_and_dollars(settings: Settings, olist: Olist, stream: str, source: str) -> None:
    expected = stream_by_day(getattr(olist, source))
    found = {
        row[0]: row[1:]
        for row in rows(
            settings,
            "SELECT date, gross_amount, gross_usd, transaction_count, unconverted_count FROM marts.revenue"
            f" WHERE stream = '{stream}' AND currency = 'BRL' AND plan_id = ''",
        )
    }
    assert {day: values for day, values in found.items() if values != expected.get(day)} == {}
    assert found.keys() == expected.keys()
    assert sum(values[0] for values in found.values()) == sum(getattr(olist, source)["amount"], Decimal())


def test_there_is_no_other_revenue_and_it_adds_up(settings: Settings, olist: Olist) -> None:
    assert set(rows(settings, "SELECT DISTINCT stream, currency, plan_id FROM marts.revenue")) == {
        ("order", "BRL", ""), ("charge", "BRL", ""),
    }  # fmt: skip
    total = sum(
        (usd for frame in (olist.items, olist.payments) for usd in in_usd(frame) if usd is not None),
        Decimal(),
    )
    assert rows(settings, "SELECT sum(total_revenue), sum(total_refunds) FROM marts.daily_metrics") == [(total, 0)]


def test_orders_per_day_and_in_total(settings: Settings, olist: Olist) -> None:
    expected = olist.items.groupby("date")["order_id"].nunique().to_dict()
    found = rows(settings, "SELECT date, orders_count FROM marts.daily_metrics ORDER BY date")
    assert {day: count for day, count in found if count} == expected
    assert sum(count for _, count in found) == olist.items["order_id"].nunique()
    every_day = pd.date_range(found[0][0], found[-1][0]).date
    assert [day for day, _ in found] == list(every_day)


def test_revenue_per_seller_and_month(settings: Settings, olist: Olist) -> None:
    expected = {key: sum(group, Decimal()) for key, group in olist.items.groupby(["seller_id", "month"])["amount"]}
    found = rows(
        settings,
        "SELECT properties['vendor_id'] AS vendor, toStartOfMonth(occurred_at) AS month,"
        " sum(toDecimal128(properties['amount'], 4)) FROM build.stg_events"
        " WHERE event_type = 'order.created' GROUP BY vendor, month",
        Identity.TRANSFORMER,
    )
    assert {(vendor, month): amount for vendor, month, amount in found} == expected


def test_signups(settings: Settings, olist: Olist) -> None:
    for role, firsts in (("customer", olist.customers), ("vendor", olist.sellers)):
        found = rows(
            settings,
            "SELECT date, sum(new_users) AS users FROM marts.user_metrics"
            f" WHERE role = '{role}' GROUP BY date HAVING users > 0",
        )
        assert dict(found) == firsts.value_counts().to_dict()
    total = rows(settings, "SELECT sum(new_users) FROM marts.daily_metrics")
    assert total == [(len(olist.customers) + len(olist.sellers),)]


def test_ratings(settings: Settings, olist: Olist) -> None:
    expected = {
        vendor: (len(scores), int(scores.sum())) for vendor, scores in olist.reviews.groupby("seller_id")["score"]
    }
    found = rows(
        settings,
        "SELECT properties['vendor_id'] AS vendor, count(), sum(toUInt8(properties['rating'])) FROM build.stg_events"
        " WHERE event_type = 'rating.updated' GROUP BY vendor",
        Identity.TRANSFORMER,
    )
    assert {vendor: (count, total) for vendor, count, total in found} == expected
    count = sum(count for _, count, _ in found)
    mean = sum(total for _, _, total in found) / count
    assert (count, mean) == (len(olist.reviews), pytest.approx(olist.reviews["score"].mean()))
