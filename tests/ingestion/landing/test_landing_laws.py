"""Laws of landing that hold for any events in any order, checked on random marketplaces."""

from __future__ import annotations

import uuid
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings

from ingestion.batch import Batch
from ingestion.landing import Lander
from tests.conftest import TABLES
from tests.oracle.contract import Deliveries
from tests.oracle.strategies import delivered
from warehouse.client import Identity, connect
from warehouse.settings import Settings

ADMITTED = """
SELECT toString(event_id), event_type, user_id, toUnixTimestamp64Milli(occurred_at), mapSort(properties)
FROM raw.events
WHERE batch_seq IN (SELECT batch_seq FROM raw.batches)
    AND received_seq NOT IN (SELECT received_seq FROM raw.duplicates)
ORDER BY event_id
"""


def truncate(home: Settings) -> None:
    admin = connect(Identity.ADMIN, home)
    for table in TABLES:
        admin.command(f"TRUNCATE TABLE {table}")


def admitted(home: Settings) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connect(Identity.ADMIN, home).query(ADMITTED).result_rows]


def batches(parts: list[list[bytes]]) -> list[Batch]:
    return [Batch(str(uuid.uuid4()), "files", "test", b"\n".join(part)) for part in parts]


@pytest.mark.timeout(240)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=delivered())
def test_any_delivery_is_stored_resent_or_refused_as_the_contract_says(
    home: Settings, parts: list[list[bytes]]
) -> None:
    truncate(home)
    oracle, lander = Deliveries(), Lander(home)
    for part, entry in zip(parts, lander.land_all(batches(parts)), strict=True):
        expected = oracle.deliver(part)
        assert (entry.received, entry.stored, entry.duplicates, entry.quarantined) == (
            expected.received,
            expected.stored,
            expected.duplicates,
            expected.quarantined,
        )
    assert Counter(str(row[0]) for row in admitted(home)) == Counter(str(e.event_id) for e in oracle.accepted())


@pytest.mark.timeout(240)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=delivered())
def test_landing_everything_again_changes_nothing(home: Settings, parts: list[list[bytes]]) -> None:
    truncate(home)
    lander = Lander(home)
    first = [lander.land(batch) for batch in batches(parts)]
    held = admitted(home)
    again = [lander.land(batch) for batch in batches(parts)]
    assert admitted(home) == held
    assert [entry.stored for entry in again] == [0] * len(again)
    assert [entry.duplicates for entry in again] == [entry.stored + entry.duplicates for entry in first]
