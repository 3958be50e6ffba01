"""The verdict at the door against the verdict of landing, which is ClickHouse's."""

from __future__ import annotations

import datetime as dt
import json
import random
import uuid

import pytest

from ingestion.batch import Batch
from ingestion.doors.collector.numbers import float_text
from ingestion.doors.collector.verdict import Judge, is_blank
from ingestion.landing import Lander
from tests.oracle.generate import ambiguous_cases, invalid_cases, marketplace, valid_cases
from warehouse.client import Identity, connect
from warehouse.settings import Settings

VALUES = (
    "", "0", "1.5", "1e3", "-1", "true", "2999-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2023-02-29T00:00:00Z",
    "2024-02-29t00:00:00.123456789z", "{x", "[1]", "é" * 200, "x" * 256, "\u0000", "USD", "2200-01-01T00:00:00Z",
    "123456789012.50000", "100000000000", "99999999999999.99999", "a\nb", "1e-7", "12345678901234567890",
)  # fmt: skip
TOKENS = (
    "null", "true", "false", "0", "-0", "-0.0", "1.50", "1.50000", "1e2", "25e-4", "1e21", "1e-7", "0.12345",
    "12345678901234.5678", "123456789012.50000", "100000000000.10000", "99999999999999.9999", "5e-1",
    "18446744073709551615", "18446744073709551616", "-9223372036854775809", "1e999", "1E400", "01", "NaN",
    "[]", "[1]", "{}", '{"a":1}', '{"amount":1,"amount":2}', '"\\ud800"', '"\\u00e9"', '"a\tb"', "tru", "",
    "123456789012345678901234567890", '"x" ', "[[[1]]]", '["a",{"b":[]}]',
)  # fmt: skip
NAMES = (
    "properties", "data", "metadata", "event_data", "context", "event_id", "id", "type", "event_type", "timestamp",
    "occurred_at", "created_at", "user_id", "userId", "session_id", "source", "amount", "Amount", "AMOUNT", "fromPlan",
    "stripeSubscriptionId", "planId", "plan_id", "PlanId", "ip", "email", "É", "title", "jobID",
)  # fmt: skip


def landed_reasons(settings: Settings, lines: list[bytes]) -> list[str]:
    """ClickHouse's reason for each line, '' where it was taken."""
    batch_id = str(uuid.uuid4())
    Lander(settings).land(Batch(batch_id, "collector", "test", b"\n".join(lines) + b"\n"))
    rows = connect(Identity.LOADER, settings).query(
        "SELECT reason FROM (SELECT received_seq, '' AS reason, batch_seq FROM raw.events"
        " UNION ALL SELECT received_seq, reason, batch_seq FROM raw.quarantine)"
        " WHERE batch_seq = (SELECT batch_seq FROM raw.batches WHERE batch_id = {batch_id:String})"
        " ORDER BY received_seq",
        parameters={"batch_id": batch_id},
    )
    return [reason for (reason,) in rows.result_rows]


def assert_agree(settings: Settings, lines: list[bytes]) -> None:
    found = landed_reasons(settings, lines)
    assert len(found) == len(lines)
    said = Judge().reasons(lines)
    different = [
        (line[:400], door, landing) for line, door, landing in zip(lines, said, found, strict=True) if door != landing
    ]
    assert different == [], f"{len(different)} of {len(lines)}: {different[:5]}"


def spoiled(rng: random.Random, line: bytes) -> bytes:
    """A line with one or two of its members changed, added, renamed or repeated."""
    try:
        event = json.loads(line)
    except ValueError:
        return line
    if not isinstance(event, dict):
        return line
    marks: dict[str, str] = {}

    def value() -> object:
        if rng.random() < 0.4:
            return rng.choice(VALUES)
        mark = f"@{len(marks)}@"
        marks[mark] = rng.choice(TOKENS)
        return mark

    for _ in range(rng.choice((1, 1, 2, 3))):
        inner = next((event[n] for n in ("properties", "data", "metadata") if isinstance(event.get(n), dict)), event)
        target = inner if rng.random() < 0.6 else event
        name = rng.choice([*target, *NAMES])
        how = rng.random()
        if how < 0.6:
            target[name] = value()
        elif how < 0.75 and name in target:
            del target[name]
        elif how < 0.85 and name in target:
            target[rng.choice(NAMES)] = target.pop(name)
        else:
            target[f"twice:{name}"] = value()
    text = json.dumps(event, ensure_ascii=rng.random() < 0.5, separators=rng.choice(((",", ":"), (", ", ": "))))
    text = text.replace('"twice:', '"')
    for mark, token in marks.items():
        text = text.replace(f'"{mark}"', token)
    return text.replace("\n", " ").encode()


def test_the_hand_made_lines_get_the_reason_they_are_quarantined_with(empty: Settings) -> None:
    assert_agree(empty, [line for line, _ in invalid_cases()])
    assert_agree(empty, [line for line, _ in valid_cases()])
    assert_agree(empty, [line for line, _ in ambiguous_cases()])


@pytest.mark.parametrize("seed", range(3))
def test_random_events_get_the_reason_they_are_quarantined_with(empty: Settings, seed: int) -> None:
    rng = random.Random(seed)
    lines = marketplace(seed, users=10, days=10, start=dt.date(2025, 3, 1), per_day=30, invalid=0.05)
    assert_agree(empty, lines + [spoiled(rng, rng.choice(lines)) for _ in range(4_000)])


@pytest.mark.parametrize("depth", [1022, 1023, 1024, 1025])
def test_deeply_nested_lines_are_refused_from_the_same_depth_on(empty: Settings, depth: int) -> None:
    deep = b"[" * depth + b"]" * depth
    line = valid_cases()[0][0]
    assert_agree(empty, [line.replace(b'"creator"', deep), line[:-1] + b',"x":' + deep + b"}", deep])


def test_numbers_are_written_as_clickhouse_writes_them(home: Settings) -> None:
    rng = random.Random(5)
    numbers = [rng.choice((1, -1)) * rng.random() * 10.0 ** rng.randint(-30, 30) for _ in range(2_000)]
    numbers += [float(rng.randrange(10**15)) / 10 ** rng.randrange(16) for _ in range(2_000)]
    numbers += [0.0, -0.0, 1e21, 1e20, 1e-6, 1e-7, 5e-324, 1.7976931348623157e308, 123456789012345680000.0]
    written = "[" + ",".join(map(repr, numbers)) + "]"
    (row,) = (
        connect(Identity.LOADER, home)
        .query("SELECT JSONExtract({text:String}, 'Array(String)')", parameters={"text": written})
        .result_rows
    )
    assert [float_text(number) for number in numbers] == list(row[0])


def test_white_space_alone_is_no_event() -> None:
    assert [is_blank(line) for line in (b"", b" \t\r\f", b"x", b"\x0b", b"{}")] == [True, True, False, False, False]
