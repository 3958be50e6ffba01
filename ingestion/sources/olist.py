"""Olist → events: the public data set of a Brazilian marketplace, as its folder of CSV files.

Data flow: customers, sellers, orders, order_items, order_payments, order_reviews → events in order of time.

| from | event | at | user |
|---|---|---|---|
| customers, orders | `user.signup` (customer) | first purchase | customer_unique_id |
| sellers, order_items | `user.signup` (vendor) | purchase time of the first order | seller_id |
| order_items | `order.created` | purchase | customer_unique_id |
| order_payments | `payment.completed` | approval, else purchase | customer_unique_id |
| order_reviews | `rating.updated`, one per seller of the order | answer, else creation | customer_unique_id |

Times in the files are local and carry no offset; they are taken as UTC, so that an order's day and month here
are those in the files. Event ids are derived from natural keys, and events are sorted: the same folder gives
the same bytes, whatever the order of rows. Failure: a missing file or column raises before the first batch.
Memory: the events, about 0.2 GB for the whole data set (100 k orders).
"""

from __future__ import annotations

import csv
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from ingestion.batch import Batch
from ingestion.sources.chunks import CHUNK_BYTES, content_batch, pack_lines
from ingestion.sources.discovery import PathLike
from ingestion.sources.errors import BadTableError, MissingInputError, SourceError, UnreadableInputError
from ingestion.sources.files import Progress

SOURCE = "olist"
NAMESPACE = uuid.UUID("5b0b9a52-6d0c-5f0e-9c46-0f6a4f1d7e21")
CURRENCY = "BRL"
COUNTRY = "BR"

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "customers": ("customer_id", "customer_unique_id"),
    "sellers": ("seller_id",),
    "orders": ("order_id", "customer_id", "order_purchase_timestamp", "order_approved_at"),
    "order_items": ("order_id", "order_item_id", "product_id", "seller_id", "price"),
    "order_payments": ("order_id", "payment_sequential", "payment_type", "payment_value"),
    "order_reviews": (
        "review_id",
        "order_id",
        "review_score",
        "review_creation_date",
        "review_answer_timestamp",
    ),
}

# Rank of equal instants: who acts signs up first.
_RANKS = {"user.signup": 0, "order.created": 1, "payment.completed": 2, "rating.updated": 3}

_REASONS: Mapping[str, str] = {
    "orders_without_customer": "orders whose customer is not in the customers file",
    "orders_without_date": "orders without a purchase time",
    "customers_without_order": "customers without an order, so without a date to sign up at",
    "sellers_without_order": "sellers without an order, so without a date to sign up at",
    "items_without_order": "order items whose order is unknown or skipped",
    "payments_without_order": "payments whose order is unknown or skipped",
    "reviews_without_order": "reviews whose order is unknown or skipped",
    "reviews_without_items": "reviews of orders without items, so without a vendor to rate",
    "reviews_without_date": "reviews without any date",
}


@dataclass(slots=True)
class Summary:
    """What a reading made of the folder; complete once its batches are exhausted.

    Attributes:
        events: number of events per event type.
        skipped: number of rows per reason, only reasons that were met.
    """

    events: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)

    def sentences(self) -> list[str]:
        """What was skipped, for people."""
        return [f"skipped {count} {_REASONS[reason]}" for reason, count in sorted(self.skipped.items())]


@dataclass(frozen=True, slots=True)
class _Order:
    user: str
    purchased_at: str
    approved_at: str | None


Row = tuple[str, ...]
Event = tuple[str, int, bytes]


def only_folder(paths: Sequence[PathLike]) -> Path:
    """The one folder this source reads.

    Raises:
        SourceError: not exactly one path, or standard input.
    """
    if len(paths) != 1 or paths[0] == "-":
        raise SourceError("the source olist reads one folder", "warehouse ingest --source olist DIR")
    return Path(paths[0])


def total_bytes(folder: Path) -> int:
    """Bytes of the files that are read.

    Raises:
        MissingInputError: the folder or one of its files is missing.
    """
    return sum(_file(folder, table).stat().st_size for table in _COLUMNS)


def read(
    folder: Path,
    *,
    chunk_bytes: int = CHUNK_BYTES,
    progress: Progress | None = None,
    summary: Summary | None = None,
) -> Iterator[Batch]:
    """Reads the folder as batches of events, in order of time.

    Args:
        folder: holds `olist_<table>_dataset.csv` for the tables above.
        chunk_bytes: size of a batch in bytes of NDJSON.
        progress: told the bytes of each file once it is read.
        summary: filled with what was emitted and what was skipped.

    Raises:
        MissingInputError: the folder or a file is missing; at the call.
        BadTableError: a file lacks a column, or a time is malformed; before the first batch.
    """
    total_bytes(folder)
    return _batches(folder, chunk_bytes, progress, summary if summary is not None else Summary())


def _batches(folder: Path, chunk_bytes: int, progress: Progress | None, summary: Summary) -> Iterator[Batch]:
    tables: dict[str, list[Row]] = {}
    for table in _COLUMNS:
        tables[table] = list(_rows(_file(folder, table), _COLUMNS[table]))
        if progress:
            progress(_file(folder, table).stat().st_size)
    events = sorted(_events(tables, summary))
    del tables
    for lines in pack_lines((line for _, _, line in events), chunk_bytes):
        yield content_batch(SOURCE, str(folder), lines)


def _events(tables: Mapping[str, list[Row]], summary: Summary) -> Iterator[Event]:
    orders = _orders(tables, summary)
    items = [row for row in tables["order_items"] if _known(row[0], orders, "items", summary)]
    sellers: dict[str, set[str]] = {}
    for order_id, _, _, seller_id, _ in items:
        sellers.setdefault(order_id, set()).add(seller_id)
    for kind, event in (
        *_signups(tables, orders, sellers, summary),
        *_sales(items, orders),
        *_payments(tables["order_payments"], orders, summary),
        *_ratings(tables["order_reviews"], orders, sellers, summary),
    ):
        summary.events[kind] += 1
        line = orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE)
        yield event["occurred_at"], _RANKS[kind], line


def _orders(tables: Mapping[str, list[Row]], summary: Summary) -> dict[str, _Order]:
    users: dict[str, str] = {}
    for customer_id, unique_id in tables["customers"]:
        users.setdefault(customer_id, unique_id)
    orders: dict[str, _Order] = {}
    for order_id, customer_id, purchased, approved in tables["orders"]:
        user = users.get(customer_id)
        purchased_at = _instant(purchased, "orders", order_id)
        if not user:
            summary.skipped["orders_without_customer"] += 1
        elif purchased_at is None:
            summary.skipped["orders_without_date"] += 1
        else:
            approved_at = _instant(approved, "orders", order_id)
            orders.setdefault(order_id, _Order(user, purchased_at, approved_at))
    return orders


def _signups(
    tables: Mapping[str, list[Row]],
    orders: Mapping[str, _Order],
    sellers: Mapping[str, set[str]],
    summary: Summary,
) -> Iterator[tuple[str, dict[str, Any]]]:
    customers: dict[str, str] = {}
    vendors: dict[str, str] = {}
    for order_id, order in orders.items():
        customers[order.user] = min(order.purchased_at, customers.get(order.user, order.purchased_at))
        for seller_id in sellers.get(order_id, ()):
            vendors[seller_id] = min(order.purchased_at, vendors.get(seller_id, order.purchased_at))
    listed = {unique_id for _, unique_id in tables["customers"]}
    _count(summary, "customers_without_order", len(listed - customers.keys()))
    _count(summary, "sellers_without_order", len({row[0] for row in tables["sellers"]} - vendors.keys()))
    for role, firsts in (("customer", customers), ("vendor", vendors)):
        for user, first in firsts.items():
            yield _event("user.signup", first, user, (role, user), {"role": role, "country": COUNTRY})


def _sales(items: Sequence[Row], orders: Mapping[str, _Order]) -> Iterator[tuple[str, dict[str, Any]]]:
    for order_id, item_id, product_id, seller_id, price in items:
        order = orders[order_id]
        properties = {
            "order_id": order_id,
            "order_item_id": item_id,
            "vendor_id": seller_id,
            "product_id": product_id,
            "amount": price,
            "currency": CURRENCY,
            "quantity": 1,
        }
        yield _event("order.created", order.purchased_at, order.user, (order_id, item_id), properties)


def _payments(
    rows: Sequence[Row], orders: Mapping[str, _Order], summary: Summary
) -> Iterator[tuple[str, dict[str, Any]]]:
    for order_id, sequential, method, value in rows:
        if not _known(order_id, orders, "payments", summary):
            continue
        order = orders[order_id]
        properties = {
            "payment_id": f"{order_id}-{sequential}",
            "order_id": order_id,
            "amount": value,
            "currency": CURRENCY,
            "method": method,
        }
        at = order.approved_at or order.purchased_at
        yield _event("payment.completed", at, order.user, (order_id, sequential), properties)


def _ratings(
    rows: Sequence[Row], orders: Mapping[str, _Order], sellers: Mapping[str, set[str]], summary: Summary
) -> Iterator[tuple[str, dict[str, Any]]]:
    for review_id, order_id, score, created, answered in rows:
        if not _known(order_id, orders, "reviews", summary):
            continue
        at = _instant(answered, "order_reviews", review_id) or _instant(created, "order_reviews", review_id)
        if at is None:
            summary.skipped["reviews_without_date"] += 1
            continue
        if order_id not in sellers:
            summary.skipped["reviews_without_items"] += 1
            continue
        for seller_id in sorted(sellers[order_id]):
            properties = {
                "vendor_id": seller_id,
                "rating": int(score) if score.isascii() and score.isdigit() else score,
                "order_id": order_id,
                "review_id": review_id,
            }
            # review_id alone is not a key: the data set gives one review to several orders
            key = (review_id, order_id, seller_id)
            yield _event("rating.updated", at, orders[order_id].user, key, properties)


def _event(
    kind: str, at: str, user: str, key: tuple[str, ...], properties: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    return kind, {
        "event_id": str(uuid.uuid5(NAMESPACE, "/".join((kind, *key)))),
        "event_type": kind,
        "occurred_at": at,
        "user_id": user,
        "properties": {name: value for name, value in properties.items() if value != ""},
    }


def _known(order_id: str, orders: Mapping[str, _Order], what: str, summary: Summary) -> bool:
    if order_id in orders:
        return True
    summary.skipped[f"{what}_without_order"] += 1
    return False


def _count(summary: Summary, reason: str, count: int) -> None:
    if count:
        summary.skipped[reason] += count


def _instant(text: str, table: str, key: str) -> str | None:
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is not None:
        raise BadTableError(
            f"olist_{table}_dataset.csv: {text!r} ({key}) is not a time",
            "expected 2017-10-02 10:56:33, no offset",
        )
    return instant.isoformat(timespec="milliseconds") + "Z"


def _file(folder: Path, table: str) -> Path:
    path = folder / f"olist_{table}_dataset.csv"
    if not folder.is_dir():
        raise MissingInputError(f"{folder} is not a folder", "name the folder with the Olist CSV files")
    if not path.is_file():
        raise MissingInputError(f"{path} is missing", "the folder holds the CSV files under their published names")
    return path


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text)
            header = next(reader, [])
            missing = [column for column in columns if column not in header]
            if missing:
                raise BadTableError(f"{path}: missing columns {', '.join(missing)}", "use the files as published")
            places = [header.index(column) for column in columns]
            for record in reader:
                if not record:
                    continue
                if len(record) != len(header):
                    raise BadTableError(
                        f"{path}, line {reader.line_num}: {len(record)} fields, the header has {len(header)}",
                        "use the files as published",
                    )
                yield tuple([record[place].strip() for place in places])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableInputError(f"{path} cannot be read: {error}", "use the files as published") from None
