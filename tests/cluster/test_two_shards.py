"""Cluster mode on two real servers: what is landed, built and published is what the oracle computes."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from importlib import resources

import pytest

from ingestion.batch import Batch
from ingestion.erasure import erase
from ingestion.landing import Lander, LandingError
from ingestion.sources.postgres.held import Held
from tests.cluster.golden import held_against
from tests.cluster.shards import Shards
from tests.end_to_end.test_erasure import busiest, totals
from tests.oracle.contract import Deliveries
from tests.oracle.generate import deliveries, marketplace
from tests.oracle.readers import differences
from warehouse import evidence, months, publications, transform
from warehouse.cli.building import build_and_publish
from warehouse.client import Identity, connect, scalar
from warehouse.databases import are_ours
from warehouse.engine import process
from warehouse.retention import closing
from warehouse.retention.policy import Settled, load
from warehouse.settings import Settings


def deliver(settings: Settings, oracle: Deliveries, lines: list[bytes]) -> None:
    expected = oracle.deliver(lines)
    entry = Lander(settings).land(Batch(str(uuid.uuid4()), "files", "test", b"\n".join(lines)))
    assert (entry.received, entry.stored, entry.duplicates, entry.quarantined) == (
        expected.received,
        expected.stored,
        expected.duplicates,
        expected.quarantined,
    )


def counted(node: Settings, table: str) -> int:
    return int(scalar(connect(Identity.ADMIN, node), f"SELECT count() FROM {table}"))


def test_the_marts_of_two_shards_equal_the_oracle_after_each_delivery(two_shards: Shards) -> None:
    settings, nodes = two_shards.settings, two_shards.nodes
    lines = marketplace(
        14, users=25, days=45, start=dt.date(2025, 1, 10), per_day=40,
        invalid=0.03, duplicates=0.05, altered=0.03,
    )  # fmt: skip
    oracle = Deliveries()
    # The second time some days are built anew because they are asked for, the others as something has reached them.
    for part, asked in zip(deliveries(lines, 14, 2), (None, months.parse("2025-02")), strict=True):
        deliver(settings, oracle, part)
        answer = build_and_publish(settings, months=asked)
        assert answer["published"]
        assert answer["tests_failed"] == 0
        assert differences(settings, oracle.accepted()) == {}

    # Every event is on one shard, and both have some; the receipts lie with them.
    for table in ("raw.events", "raw.receipts", "build.stg_events"):
        parts = [counted(node, f"{table}__shard") for node in nodes]
        assert min(parts) > 0.4 * sum(parts)
        assert [counted(node, table) for node in nodes] == [sum(parts)] * 2
    assert days_apart(nodes[0]) == 0
    # What is made of days and of entities was, by each shard, in its own copy.
    assert {f"build.{name}__side" for name in ("int_signups__folded", "transactions")} <= two_shards.written_by_others
    assert "build.users__side" not in two_shards.written_by_others

    # Every table and view is on every node: a reader may be sent to any.
    assert names(nodes[0]) == names(nodes[1])
    of_each_kind = ("stg_events", "stg_signups", "int_signups__folded", "users")
    held_against("building.sql", about(two_shards.on_cluster, of_each_kind))


def days_apart(node: Settings) -> int:
    """Days whose events are on more than one shard, which could then not make of them what is made by day."""
    spread = "SELECT date FROM build.stg_events GROUP BY date HAVING uniqExact(_shard_num) > 1"
    return int(scalar(connect(Identity.ADMIN, node), f"SELECT count() FROM ({spread})"))


def about(statements: list[str], tables: tuple[str, ...]) -> list[str]:
    """The different ones of those that are about some tables, in order of their text and without dbt's remarks."""
    remark = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)
    plain = {" ".join(remark.sub("", statement).split()) for statement in statements}
    name = re.compile(rf"(build`|marts|marts_g\d+`)\.`({'|'.join(tables)})(__\w+)?`")
    # The queries of views and of new tables are those of the models.
    return sorted(re.sub(r" as \( .*", " as ( … )", one) for one in plain if name.search(one.split(" as (")[0]))


def names(node: Settings) -> set[str]:
    found = connect(Identity.ADMIN, node).query(
        f"SELECT concat(database, '.', name, ' ', engine) FROM system.tables WHERE {are_ours('database')}"
    )
    return {str(name) for (name,) in found.result_rows}


def signins(count: int) -> list[bytes]:
    """On two days, which lie on different shards."""
    event = {"event_type": "user.signin", "user_id": "somebody"}
    days = ("2025-01-01T00:00:00Z", "2025-01-02T00:00:00Z")
    events = ({"event_id": str(uuid.uuid4()), "occurred_at": days[at % 2], **event} for at in range(count))
    return [json.dumps(one).encode() for one in events]


def test_events_built_anew_take_the_place_of_those_there_were_on_both_shards(two_shards: Shards) -> None:
    settings, nodes = two_shards.settings, two_shards.nodes
    client = connect(Identity.TRANSFORMER, settings)
    for of_any_day in (False, True):
        Lander(settings).land(Batch(str(uuid.uuid4()), "files", "test", b"\n".join(signins(300))))
        if of_any_day:
            # As in a cluster whose shards had any events once.
            connect(Identity.ADMIN, nodes[1]).command(
                "INSERT INTO raw.events__shard SELECT * FROM raw.events WHERE _shard_num = 1"
            )
            connect(Identity.ADMIN, nodes[0]).command("TRUNCATE TABLE raw.events__shard")
        publications.open_horizon(client, 0)
        built = transform.build(
            settings,
            transform.manifest(settings, transform.fingerprint()),
            select=["stg_events"],
            full_refresh=True,
        )
        assert [result.status for result in built] == ["success"]
        # As many as have been received first, each on the shard that has its day.
        assert [counted(node, "build.stg_events") for node in nodes] == [
            counted(node, "raw.receipts") for node in nodes
        ]
        parts = [counted(node, "build.stg_events__shard") for node in nodes]
        assert min(parts) > 0
        assert sum(parts) == counted(nodes[0], "raw.receipts")
        assert days_apart(nodes[0]) == 0
        assert not any(name.split()[0].endswith("__side") for node in nodes for name in names(node))


def test_a_batch_that_one_shard_did_not_get_counts_for_nothing_and_lands_once(two_shards: Shards) -> None:
    settings, (_, other) = two_shards.settings, two_shards.nodes
    lines = signins(200)
    batch, loader = Batch(str(uuid.uuid4()), "files", "test", b"\n".join(lines)), connect(Identity.LOADER, settings)
    before = int(scalar(loader, "SELECT count() FROM raw.receipts"))
    process.stop(other, timeout=0)
    try:
        with pytest.raises(LandingError):
            Lander(settings).land(batch)
    finally:
        process.start(other)
    assert scalar(loader, "SELECT count() FROM raw.batches WHERE batch_id = {id:String}", {"id": batch.batch_id}) == 0

    entry = Lander(settings).land(batch)
    assert (entry.received, entry.stored, entry.duplicates, entry.replayed) == (200, 200, 0, False)
    assert Lander(settings).land(batch).replayed
    # The same events in another batch, as after a lost acknowledgement.
    again = Lander(settings).land(Batch(str(uuid.uuid4()), "files", "test", b"\n".join(reversed(lines))))
    assert (again.stored, again.duplicates) == (0, 200)
    assert scalar(loader, "SELECT count() FROM raw.receipts") == before + 200


def test_what_is_asked_of_landed_events_is_answered_by_both_shards(two_shards: Shards) -> None:
    settings = two_shards.settings
    loader, transformer = connect(Identity.LOADER, settings), connect(Identity.TRANSFORMER, settings)
    known, new = signins(40), signins(40)
    Lander(settings).land(Batch(str(uuid.uuid4()), "files", "test", b"\n".join(known)))
    batch = Batch(str(uuid.uuid4()), "files", "test", b"\n".join([*new, *known, b"{"]))
    entry = Lander(settings).land(batch)

    # The collector's answer to its senders.
    outcomes = resources.files("ingestion.doors.collector").joinpath("outcomes.sql").read_text("utf-8")
    told = [outcome for (outcome,) in loader.query(outcomes, parameters={"batch_id": batch.batch_id}).result_rows]
    assert told == ["stored"] * 40 + ["duplicate"] * 40 + ["invalid_json"]

    # Canaries, and rows of a database that are known already.
    ids = [json.loads(line)["event_id"] for line in new]
    stored = resources.files("ingestion.canaries").joinpath("stored.sql").read_text("utf-8")
    found = loader.query(stored, parameters={"ids": ids}).result_rows
    assert {(str(event_id), commit_seq) for event_id, commit_seq, _ in found} == {
        (one, entry.commit_seq) for one in ids
    }
    unknown = signins(1)
    rows = [(json.loads(line)["event_id"], line) for line in [*new, *unknown]]
    assert Held(settings, "files").without(rows) == unknown

    # What a build is told to mend, and what watches over the ledger.
    assert evidence.event_types(transformer, entry.commit_seq - 1, entry.commit_seq) == ["user.signin"]
    imbalance = resources.files("warehouse.alerts").joinpath("rules", "ledger_imbalance.sql").read_text("utf-8")
    looked = transformer.query(imbalance, parameters={"now": dt.datetime.now(dt.UTC)}).result_rows
    assert looked
    assert {value for _, value, _ in looked} == {0}


def test_closed_months_leave_both_shards_and_a_person_is_erased_from_both(two_shards: Shards) -> None:
    settings, nodes = two_shards.settings, two_shards.nodes
    lines = marketplace(17, users=10, days=40, start=dt.date(2025, 3, 1), per_day=10)
    person = "person-7f3a9c51"
    lines = [line.replace(f'"{busiest(lines)}"'.encode(), f'"{person}"'.encode()) for line in lines]
    Lander(settings).land(
        Batch(str(uuid.uuid4()), "files", "test", b"\n".join([*lines, b'{"broken": "person-7f3a9c51"']))
    )
    build_and_publish(settings)
    before = totals(settings)
    assert min(naming(node, "build.stg_events__shard", person) for node in nodes) > 0

    policy = load()
    at_once = policy.model_copy(
        update={"events": policy.events.model_copy(update={"settled": Settled(days=30, share=1)})}
    )
    kept = closing.apply(settings, at_once, today=dt.date(2025, 7, 5))
    assert kept.closed_before == dt.date(2025, 4, 1)
    for node in nodes:
        admin = connect(Identity.ADMIN, node)
        assert scalar(admin, "SELECT min(date) FROM build.stg_events__shard") >= kept.closed_before
    left = sum(one.rows for one in kept.left if one.table == "build.stg_events")
    assert left > 100

    # The person is in closed months, so that everything is built anew, from these and from what the shards still have.
    certificate = erase(settings, person)
    assert totals(settings) == before
    assert certificate.events >= 100
    assert {query.rows for query in certificate.verification} == {0}
    for node in nodes:
        assert [naming(node, table, person) for table in ("raw.events__shard", "build.stg_events__shard")] == [0, 0]
    assert counted(nodes[0], "raw.quarantine WHERE original LIKE '%person-7f3a9c51%'") == 0


def naming(node: Settings, table: str, person: str) -> int:
    return counted(node, f"{table} WHERE user_id = '{person}' OR has(mapValues(properties), '{person}')")
