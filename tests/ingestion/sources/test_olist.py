"""Olist → events: small made folders for the rules, the published folder (where present) for the numbers."""

from __future__ import annotations

import csv
import random
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pandas as pd
import pytest

from ingestion.sources import olist, open_source
from ingestion.sources.errors import BadTableError, MissingInputError, SourceError

PUBLISHED = Path(__file__).parents[3].parent / "shared" / "data" / "olist"
published = pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the Olist folder is not beside the project")

SMALL: dict[str, list[dict[str, str]]] = {
    "customers": [
        {"customer_id": "c1", "customer_unique_id": "ana"},
        {"customer_id": "c2", "customer_unique_id": "ana"},
        {"customer_id": "c3", "customer_unique_id": "never"},
    ],
    "sellers": [{"seller_id": "s1"}, {"seller_id": "s2"}, {"seller_id": "idle"}],
    "orders": [
        {"order_id": "o2", "customer_id": "c2", "order_purchase_timestamp": "2017-02-01 23:59:59",
         "order_approved_at": ""},
        {"order_id": "o1", "customer_id": "c1", "order_purchase_timestamp": "2017-01-31 10:00:00",
         "order_approved_at": "2017-02-01 00:00:01"},
        {"order_id": "bare", "customer_id": "c1", "order_purchase_timestamp": "2017-03-01 10:00:00",
         "order_approved_at": ""},
        {"order_id": "lost", "customer_id": "nobody", "order_purchase_timestamp": "2017-03-01 10:00:00",
         "order_approved_at": ""},
        {"order_id": "undated", "customer_id": "c1", "order_purchase_timestamp": "", "order_approved_at": ""},
    ],
    "order_items": [
        {"order_id": "o1", "order_item_id": "1", "product_id": "p1", "seller_id": "s1", "price": "99.90"},
        {"order_id": "o1", "order_item_id": "2", "product_id": "p2", "seller_id": "s2", "price": "0.1"},
        {"order_id": "o2", "order_item_id": "1", "product_id": "p1", "seller_id": "s1", "price": "5"},
        {"order_id": "unknown", "order_item_id": "1", "product_id": "p1", "seller_id": "s1", "price": "5"},
    ],
    "order_payments": [
        {"order_id": "o1", "payment_sequential": "1", "payment_type": "boleto", "payment_value": "100.00"},
        {"order_id": "o2", "payment_sequential": "1", "payment_type": "voucher", "payment_value": "5"},
        {"order_id": "lost", "payment_sequential": "1", "payment_type": "voucher", "payment_value": "5"},
    ],
    "order_reviews": [
        {"review_id": "r1", "order_id": "o1", "review_score": "4",
         "review_creation_date": "2017-02-02 00:00:00", "review_answer_timestamp": "2017-02-03 01:02:03"},
        {"review_id": "r1", "order_id": "o2", "review_score": "4",
         "review_creation_date": "2017-02-02 00:00:00", "review_answer_timestamp": ""},
        {"review_id": "r2", "order_id": "bare", "review_score": "1",
         "review_creation_date": "2017-02-02 00:00:00", "review_answer_timestamp": ""},
        {"review_id": "r3", "order_id": "o1", "review_score": "1", "review_creation_date": "",
         "review_answer_timestamp": ""},
        {"review_id": "r4", "order_id": "undated", "review_score": "1",
         "review_creation_date": "2017-02-02 00:00:00", "review_answer_timestamp": ""},
    ],
}  # fmt: skip


def folder_of(folder: Path, tables: dict[str, list[dict[str, str]]]) -> Path:
    for table, rows in tables.items():
        with (folder / f"olist_{table}_dataset.csv").open("w", newline="", encoding="utf-8-sig") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def events_of(folder: Path, summary: olist.Summary | None = None) -> list[Any]:
    batches = olist.read(folder, summary=summary)
    return [orjson.loads(line) for batch in batches for line in batch.lines.splitlines()]


def test_rules(tmp_path: Path) -> None:
    summary = olist.Summary()
    events = events_of(folder_of(tmp_path, SMALL), summary)
    said = [(e["occurred_at"], e["event_type"], e["user_id"], e["properties"]) for e in events]
    brazil = {"country": "BR"}
    sale = {"currency": "BRL", "quantity": 1}
    january, february = "2017-01-31T10:00:00.000Z", "2017-02-01T23:59:59.000Z"
    expected = [
        (january, "user.signup", "ana", {"role": "customer"} | brazil),
        (january, "user.signup", "s1", {"role": "vendor"} | brazil),
        (january, "user.signup", "s2", {"role": "vendor"} | brazil),
        (january, "order.created", "ana", sale | {"order_id": "o1", "order_item_id": "1", "vendor_id": "s1",
                                                  "product_id": "p1", "amount": "99.90"}),
        (january, "order.created", "ana", sale | {"order_id": "o1", "order_item_id": "2", "vendor_id": "s2",
                                                  "product_id": "p2", "amount": "0.1"}),
        ("2017-02-01T00:00:01.000Z", "payment.completed", "ana",
         {"payment_id": "o1-1", "order_id": "o1", "amount": "100.00", "currency": "BRL", "method": "boleto"}),
        (february, "order.created", "ana", sale | {"order_id": "o2", "order_item_id": "1", "vendor_id": "s1",
                                                   "product_id": "p1", "amount": "5"}),
        (february, "payment.completed", "ana",
         {"payment_id": "o2-1", "order_id": "o2", "amount": "5", "currency": "BRL", "method": "voucher"}),
        ("2017-02-02T00:00:00.000Z", "rating.updated", "ana",
         {"vendor_id": "s1", "rating": 4, "order_id": "o2", "review_id": "r1"}),
        ("2017-02-03T01:02:03.000Z", "rating.updated", "ana",
         {"vendor_id": "s1", "rating": 4, "order_id": "o1", "review_id": "r1"}),
        ("2017-02-03T01:02:03.000Z", "rating.updated", "ana",
         {"vendor_id": "s2", "rating": 4, "order_id": "o1", "review_id": "r1"}),
    ]  # fmt: skip
    assert sorted(said, key=repr) == sorted(expected, key=repr)
    assert [at for at, *_ in said] == sorted(at for at, *_ in said)
    assert len({e["event_id"] for e in events}) == len(events)
    assert summary.events.total() == len(events)
    assert summary.skipped == Counter(
        orders_without_customer=1, orders_without_date=1, customers_without_order=1, sellers_without_order=1,
        items_without_order=1, payments_without_order=1, reviews_without_order=1, reviews_without_items=1,
        reviews_without_date=1,
    )  # fmt: skip
    assert "skipped 1 reviews of orders without items, so without a vendor to rate" in summary.sentences()


def test_the_order_of_rows_changes_no_byte(tmp_path: Path) -> None:
    before = list(olist.read(folder_of(tmp_path, SMALL)))
    mixed = {table: random.Random(7).sample(rows, len(rows)) for table, rows in SMALL.items()}
    assert list(olist.read(folder_of(tmp_path, mixed))) == before
    assert before[0].batch_id.startswith("olist:")
    assert before[0].source == "olist"


def test_missing_things_say_so(tmp_path: Path) -> None:
    with pytest.raises(MissingInputError, match="is not a folder"):
        olist.read(tmp_path / "nowhere")
    folder_of(tmp_path, {table: rows for table, rows in SMALL.items() if table != "sellers"})
    with pytest.raises(MissingInputError, match=r"olist_sellers_dataset\.csv is missing"):
        olist.read(tmp_path)
    folder_of(tmp_path, SMALL | {"sellers": [{"seller": "s1"}]})
    with pytest.raises(BadTableError, match="missing columns seller_id") as caught:
        list(olist.read(tmp_path))
    assert caught.value.hint


@pytest.mark.parametrize("moment", ["31/01/2017 10:00", "2017-01-31T10:00:00Z"])
def test_a_malformed_time_is_named(tmp_path: Path, moment: str) -> None:
    order = SMALL["orders"][0] | {"order_purchase_timestamp": moment}
    folder_of(tmp_path, SMALL | {"orders": [order]})
    with pytest.raises(BadTableError, match="o2"):
        list(olist.read(tmp_path))


def test_sources_are_found_by_name(tmp_path: Path) -> None:
    folder_of(tmp_path, SMALL)
    moved: list[int] = []
    reading = open_source("olist", [tmp_path], progress=moved.append)
    assert next(reading.batches).source == "olist"
    assert list(reading.batches) == []
    assert sum(moved) == reading.total_bytes > 0
    assert len(reading.notes()) == 9
    with pytest.raises(SourceError, match="one folder"):
        open_source("olist", ["-"])
    path = tmp_path / "a.ndjson"
    path.write_bytes(b"{}\n")
    other = open_source("shop", [path])
    assert [batch.source for batch in other.batches] == ["shop"]
    assert (other.total_bytes, other.notes()) == (3, [])


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    names = ("customers", "sellers", "orders", "order_items", "order_payments", "order_reviews")
    return {
        name: pd.read_csv(PUBLISHED / f"olist_{name}_dataset.csv", dtype=str, keep_default_na=False) for name in names
    }


@published
def test_published_numbers_equal_pandas(tables: dict[str, pd.DataFrame]) -> None:
    summary = olist.Summary()
    events = events_of(PUBLISHED, summary)
    orders = tables["orders"].merge(tables["customers"], on="customer_id")
    items = tables["order_items"].merge(orders, on="order_id")
    pairs = items[["order_id", "seller_id"]].drop_duplicates()
    ratings = tables["order_reviews"].merge(pairs, on="order_id")
    assert summary.events == {
        "user.signup": orders["customer_unique_id"].nunique() + items["seller_id"].nunique(),
        "order.created": len(items),
        "payment.completed": len(tables["order_payments"].merge(orders, on="order_id")),
        "rating.updated": len(ratings),
    }
    unrated = ~tables["order_reviews"]["order_id"].isin(items["order_id"])
    assert summary.skipped["reviews_without_items"] == unrated.sum()
    assert len({event["event_id"] for event in events}) == len(events)

    revenue: Counter[tuple[str, str]] = Counter()
    for event in events:
        if event["event_type"] == "order.created":
            key = (event["properties"]["vendor_id"], event["occurred_at"][:7])
            revenue[key] += Decimal(event["properties"]["amount"])  # type: ignore[assignment]
    items["amount"] = items["price"].map(Decimal)
    months = items["order_purchase_timestamp"].str[:7]
    assert revenue == items.groupby(["seller_id", months])["amount"].sum().to_dict()

    scores: dict[str, list[int]] = {}
    for event in events:
        if event["event_type"] == "rating.updated":
            scores.setdefault(event["properties"]["vendor_id"], []).append(event["properties"]["rating"])
    expected = ratings.groupby("seller_id")["review_score"].apply(lambda group: sorted(map(int, group)))
    assert {seller: sorted(found) for seller, found in scores.items()} == expected.to_dict()

    firsts = orders.groupby("customer_unique_id")["order_purchase_timestamp"].min().to_dict()
    signups = {
        event["user_id"]: event["occurred_at"][:19].replace("T", " ")
        for event in events
        if event["properties"].get("role") == "customer"
    }
    assert signups == firsts
    paid = sum(Decimal(e["properties"]["amount"]) for e in events if e["event_type"] == "payment.completed")
    assert paid == sum(map(Decimal, tables["order_payments"]["payment_value"]))


@published
def test_the_published_folder_gives_the_same_batches_again() -> None:
    first = [batch.batch_id for batch in olist.read(PUBLISHED, chunk_bytes=1 << 20)]
    assert len(first) > 5
    assert [batch.batch_id for batch in olist.read(PUBLISHED, chunk_bytes=1 << 20)] == first
