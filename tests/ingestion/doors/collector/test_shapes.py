"""Financial records and metric values: what they become."""

from __future__ import annotations

import json
import uuid

import httpx
import pytest

from ingestion.doors.collector.access import Access
from ingestion.doors.collector.shapes import financial, metric
from ingestion.doors.collector.verdict import Judge
from tests.ingestion.doors.collector.conftest import FINANCIALS, METRICS, SECRET, collecting, event
from warehouse.client import Identity, connect
from warehouse.settings import Settings
from warehouse.tokens import Role, sign

RECORD = {
    "user_id": "freelancer-1", "counterparty_id": "client-1", "amount": 120.5, "currency": "EUR",
    "category": "Earnings", "job_id": "j1", "transaction_id": "t1", "timestamp": "2025-02-03T04:05:06Z",
}  # fmt: skip
STORED = {"wait": "stored"}


def made(record: dict[str, object]) -> dict[str, object]:
    loaded = json.loads(financial(json.dumps(record).encode()))
    assert isinstance(loaded, dict)
    return loaded


def test_a_flat_record_becomes_an_event(client: httpx.Client, empty: Settings) -> None:
    assert client.post(FINANCIALS, json=RECORD, params=STORED).json()["stored"] == 1
    (row,) = connect(Identity.LOADER, empty).query("SELECT * FROM raw.events").named_results()
    assert (row["event_type"], row["user_id"], row["source"]) == ("financial.recorded", "freelancer-1", "collector")
    assert row["occurred_at"].isoformat() == "2025-02-03T04:05:06+00:00"
    assert row["properties"] == {
        "transaction_id": "t1", "category": "Earnings", "amount": "120.5", "currency": "EUR",
        "counterparty_id": "client-1", "job_id": "j1",
    }  # fmt: skip


def test_a_retry_is_the_same_event_whatever_its_time_and_spelling(client: httpx.Client) -> None:
    camel = {"userId": "freelancer-1", "counterpartyId": "client-1", "amount": "120.50", "currency": "EUR",
             "category": "Earnings", "jobId": "j1", "transactionId": "t1"}  # fmt: skip
    answer = client.post(
        FINANCIALS, json=[RECORD, camel, RECORD | {"timestamp": "2025-03-03T00:00:00Z"}], params=STORED
    )
    assert (answer.json()["stored"], answer.json()["duplicates"]) == (1, 2)


@pytest.mark.parametrize(
    "change",
    [{"category": "Fee"}, {"transaction_id": "t2"}, {"user_id": "other"}, {"amount": 120.51}, {"currency": "USD"}],
)
def test_another_record_is_another_event(change: dict[str, object]) -> None:
    assert made(RECORD | change)["event_id"] != made(RECORD)["event_id"]


def test_a_producers_own_id_is_kept() -> None:
    own = str(uuid.uuid4())
    assert made(RECORD | {"event_id": own})["event_id"] == own
    assert made(RECORD | {"id": own})["event_id"] == own


def test_amounts_keep_their_digits_and_extras_are_kept() -> None:
    text = json.dumps(RECORD | {"metadata": {"a": [1]}, "type": "x"}).replace("120.5", "12345678901234.5670")
    line = financial(text.encode())
    assert b'"amount":12345678901234.5670' in line
    assert json.loads(line)["properties"]["metadata"] == {"a": [1]}
    assert Judge().reasons([line]) == [""]


def test_a_whole_event_passes_unchanged() -> None:
    line = json.dumps(event(event_type="financial", properties={"transaction_id": "t"})).encode()
    assert financial(line) == line


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({}, "missing_field:user_id"),
        ({name: value for name, value in RECORD.items() if name != "transaction_id"}, "missing_field:transaction_id"),
        (RECORD | {"category": "earnings"}, "invalid_field:category"),
        (RECORD | {"amount": -1}, "invalid_field:amount"),
        (RECORD | {"amount": "NaN"}, "invalid_field:amount"),
        (RECORD | {"timestamp": "2025-02-03"}, "invalid_field:occurred_at"),
        (RECORD | {"user_id": {"a": 1}}, "invalid_field:user_id"),
    ],
)
def test_bad_records_have_the_reasons_of_the_contract(record: dict[str, object], reason: str) -> None:
    assert Judge().reasons([financial(json.dumps(record).encode())]) == [reason]


def test_what_is_no_object_stays_as_it_is() -> None:
    for line in (b"5", b"{broken", b"[]", b'"x"'):
        assert financial(line) == metric(line) == line


def test_a_declared_metric_becomes_an_event(empty: Settings, admin_access: Access) -> None:
    body = {"type": "conversion_rate:v1", "value": 0.25, "metadata": {"by": "hand"}}
    with collecting(empty, admin_access) as client:
        assert client.post(METRICS, json=body, params=STORED).json()["stored"] == 1
    (row,) = connect(Identity.LOADER, empty).query("SELECT * FROM raw.events").named_results()
    assert row["event_type"] == "metric.declared"
    assert row["properties"] == {"metric": "conversion_rate:v1", "value": "0.25", "metadata": '{"by":"hand"}'}


def test_metrics_are_for_admins(empty: Settings) -> None:
    body = {"type": "daily_signups", "value": 3}
    with collecting(empty) as client:
        answer = client.post(METRICS, json=body)
        assert (answer.status_code, "admin" in answer.json()["detail"]) == (403, True)
        assert answer.headers["www-authenticate"].endswith('error="insufficient_scope"')
        del client.headers["X-API-Key"]
        for role in Role:
            token = {"Authorization": f"Bearer {sign(SECRET, 'somebody', role)}"}
            assert client.post(METRICS, json=body, headers=token).status_code == (202 if role == "admin" else 403)


def test_a_metric_with_a_time_is_the_same_event_when_sent_again() -> None:
    body = b'{"type":"m","value":1,"updatedAt":"2025-01-01T00:00:00Z"}'
    assert metric(body) == metric(body)
    assert metric(b'{"type":"m","value":1}') != metric(b'{"type":"m","value":1}')
    reasons = Judge().reasons([metric(b"{}"), metric(b'{"type":"m"}'), metric(b'{"type":"m","value":"x"}')])
    assert reasons == ["missing_field:metric", "missing_field:value", "invalid_field:value"]
