"""The whole line against the oracle: deliveries in any order, a build after each, every cell compared."""

from __future__ import annotations

import datetime as dt
import random
import uuid

import pytest

from ingestion.batch import Batch
from ingestion.landing import Lander
from ingestion.simulator import simulate
from tests.oracle.contract import Deliveries
from tests.oracle.generate import deliveries, marketplace
from tests.oracle.readers import differences
from warehouse.cli.building import build_and_publish
from warehouse.settings import Settings
from warehouse.transform import run_dbt


def deliver(settings: Settings, oracle: Deliveries, lines: list[bytes]) -> None:
    expected = oracle.deliver(lines)
    entry = Lander(settings).land(Batch(str(uuid.uuid4()), "files", "test", b"\n".join(lines)))
    assert (entry.received, entry.stored, entry.duplicates, entry.quarantined) == (
        expected.received,
        expected.stored,
        expected.duplicates,
        expected.quarantined,
    )


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_marts_equal_the_oracle_after_each_delivery(empty: Settings, seed: int) -> None:
    lines = marketplace(
        seed, users=25, days=45, start=dt.date(2025, 1, 10), per_day=40,
        invalid=0.03, duplicates=0.05, altered=0.03, old=seed == 12,
    )  # fmt: skip
    oracle = Deliveries()
    for part in deliveries(lines, seed, 2):
        deliver(empty, oracle, part)
        answer = build_and_publish(empty)
        assert answer["published"]
        assert answer["tests_failed"] == 0
        assert differences(empty, oracle.accepted()) == {}
    assert build_and_publish(empty, full_refresh=True)["published"]
    assert differences(empty, oracle.accepted()) == {}


def test_a_simulated_marketplace_shuffled_resent_and_late_equals_the_oracle(empty: Settings) -> None:
    chunks = simulate(events=20_000, days=90, seed=5, duplicates=0.01, invalid=0.01)
    lines = b"".join(chunks).splitlines()
    random.Random(5).shuffle(lines)
    late, rest = lines[:4_000], lines[4_000:]
    oracle = Deliveries()
    for part in (rest, [*late, *rest[:1_000]]):
        deliver(empty, oracle, part)
        build_and_publish(empty)
        assert differences(empty, oracle.accepted()) == {}


def test_the_models_keep_the_rules_of_their_unit_tests(empty: Settings) -> None:
    build_and_publish(empty)  # dbt takes the types of what is given from the tables
    result, errors = run_dbt(empty, ["test", "--select", "test_type:unit", "--no-write-json"])
    outcomes = {node.node.name: str(node.status) for node in result.result.results}
    assert len(outcomes) > 80
    assert {name: status for name, status in outcomes.items() if status != "pass"} == {}, errors
