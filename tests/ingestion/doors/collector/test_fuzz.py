"""Whatever is sent, the collector answers as its OpenAPI says, and what it took is accounted for to the last event."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

import httpx
import hypothesis
import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from ingestion.doors.collector import openapi
from ingestion.doors.collector.access import Access, ApiKey, api_keys
from tests.conftest import emptied
from tests.ingestion.doors.collector.conftest import EVENTS, FINANCIALS, KEY, METRICS, collecting, line
from warehouse.client import Identity, connect
from warehouse.settings import Settings
from warehouse.tokens import Role

schema = schemathesis.openapi.from_dict(openapi.document())

some_examples = hypothesis.settings(
    max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck)
)

# Not negative_data_rejection: an event that is not as described is taken into quarantine, not refused.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]

_COUNTS = ("received", "accepted", "quarantined")

_JUNK = st.binary(max_size=400) | st.text(max_size=200).map(str.encode)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
_EVENT_LIKE = st.builds(lambda changes: line(**changes), st.dictionaries(
    st.sampled_from(["event_id", "event_type", "occurred_at", "user_id", "properties", "context", "x"]), _JSON
))  # fmt: skip
_PIECES = st.lists(_EVENT_LIKE | _JUNK | _JSON.map(lambda value: json.dumps(value).encode()), max_size=5)
_BODIES = st.builds(lambda pieces, between: between.join(pieces), _PIECES, st.sampled_from([b"\n", b",", b"\r\n", b""]))
_WRAPPED = _BODIES | _BODIES.map(lambda body: b"[" + body + b"]") | _BODIES.map(gzip.compress)
_TYPES = st.sampled_from(["application/json", "application/x-ndjson", "text/plain", "", "application/json; charset=x"])


@pytest.fixture(scope="module")
def client(home: Settings) -> Iterator[httpx.Client]:
    """A client of a collector on an empty warehouse, as an admin."""
    key: ApiKey = api_keys(f"tests:{KEY}")[0]
    with collecting(emptied(home), Access([ApiKey(key.name, key.digest, Role.ADMIN)], None)) as client:
        yield client


@schema.parametrize()
@some_examples
def test_any_request_is_answered_as_documented(case: Case, client: httpx.Client) -> None:
    case.call_and_validate(base_url=str(client.base_url), headers={"X-API-Key": KEY}, checks=CHECKS)


def test_any_bytes_are_answered_and_every_event_taken_is_accounted_for(
    home: Settings, client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    told = dict.fromkeys(_COUNTS, 0)

    @hypothesis.settings(some_examples, max_examples=200)
    @hypothesis.given(
        path=st.sampled_from([EVENTS, FINANCIALS, METRICS]),
        body=_WRAPPED,
        kind=_TYPES,
        encoding=st.sampled_from([None, "gzip", "br", "identity"]),
        query=st.sampled_from(["", "wait=stored", "wait=", "%", "wait=stored&wait=stored"]),
    )
    def send(path: str, body: bytes, kind: str, encoding: str | None, query: str) -> None:
        headers = {"Content-Type": kind} | ({"Content-Encoding": encoding} if encoding else {})
        answer = client.post(f"{path}?{query}", content=body, headers=headers)
        assert answer.status_code in (200, 202, 400, 413, 415), (answer.status_code, answer.text)
        if answer.is_success:
            counts = answer.json()
            assert counts["received"] == counts["accepted"] + counts["quarantined"]
            for name in _COUNTS:
                told[name] += counts[name]
        else:
            assert answer.headers["content-type"] == "application/problem+json"

    before = _ledger(home, client)
    send()
    after = _ledger(home, client)
    # One more was sent to wait for the others.
    assert after[0] - before[0] - 1 == told["received"]
    assert after[2] - before[2] == told["quarantined"]
    assert [record.message for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")] == []


def _ledger(home: Settings, client: httpx.Client) -> tuple[int, int, int]:
    """Received, stored or duplicate, and quarantined events of everything that was sent before; lands the rest."""
    last = client.post(f"{EVENTS}?wait=stored", content=line())
    assert last.status_code == 200
    admin = connect(Identity.ADMIN, home)
    query = "SELECT sum(received), sum(stored) + sum(duplicates), sum(quarantined) FROM raw.batches"
    received, kept, quarantined = admin.query(query).first_row or (0, 0, 0)
    assert received == kept + quarantined
    return int(received), int(kept), int(quarantined)
