"""The Kafka door against brokers that speak its protocol, and a real ClickHouse."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from confluent_kafka import Consumer, TopicPartition

from ingestion.doors import kafka
from ingestion.doors.errors import BrokerUnreachable
from ingestion.doors.kafka.broker import Reports, configuration, connect, positions, subscription
from tests.ingestion.doors.samples import batches, event, held, id_of, stored
from tests.ingestion.doors.services import running
from tests.servers.kafka import Kafka, publish
from tests.servers.ports import free_port
from tests.waiting import until
from warehouse.engine import process
from warehouse.errors import SettingsError, WarehouseError
from warehouse.settings import Settings


def topic(settings: Settings, name: str = "events") -> str:
    return f"{settings.kafka_group}.{name}"


def servers(settings: Settings) -> str:
    assert settings.kafka_bootstrap_servers is not None
    return settings.kafka_bootstrap_servers


def committed(settings: Settings) -> dict[tuple[str, int], int]:
    consumer, _ = connect(settings, Reports())
    found = {partition: place.next for partition, place in positions(consumer, settings).items()}
    consumer.close()
    return found


def test_events_of_all_forms_are_landed_and_committed(door: Settings) -> None:
    events = [event() for _ in range(6)]
    bodies = [events[0], b"[%b,%b]" % (events[1], events[2]), b"\n".join(events[3:])]
    publish(servers(door), [(topic(door), body) for body in bodies], partition=0)
    assert kafka.waiting(door) == 3
    drained = kafka.drain(door)
    assert (drained.totals.received, drained.totals.stored, drained.refused, drained.waiting) == (6, 6, 0, 0)
    assert [row["event_id"] for row in stored(door)] == [id_of(line) for line in events]
    assert {row["source"] for row in stored(door)} == {"kafka"}
    ((batch_id, source, origin, *_),) = batches(door)
    assert source == "kafka"
    assert re.fullmatch(re.escape(f"{topic(door)}[0]:0-2:") + "[0-9a-f]{16}", origin)
    assert re.fullmatch("kafka:[^:]+:[0-9a-f]{32}", batch_id)
    assert kafka.drain(door).totals.batches == 0


def test_the_topic_is_the_type_of_an_event_that_has_none(empty: Settings, kafka_settings: Settings) -> None:
    del empty
    door = kafka_settings
    lines = [
        event(event_type=None),
        event(event_type="user.signout"),
        event(event_type=None, type="user.signout"),
        # The name of a property is no type.
        event(event_type=None, properties={"type": "x", "event_type": "y", "amount": 1.10}),
        b'{"type":"user.signout",' + event(event_type=None)[1:],
        b'{"session_id":"\\"event_type\\":",' + event(event_type=None)[1:],
        b'{"context":{"event_type":"user.signout"},' + event(event_type=None)[1:],
        b'{ "event_type" : "user.signout",' + event(event_type=None)[1:],
    ]
    publish(servers(door), [("user.signin", line) for line in lines], partition=0)
    publish(servers(door), [("user.signin", b"{}"), ("user.signin", b"[1]"), ("user.signin", b'{"a":')], partition=0)
    kafka.drain(door)
    assert [row["event_type"] for row in stored(door)] == [
        "user.signin", "user.signout", "user.signout", "user.signin", "user.signout",
        "user.signin", "user.signin", "user.signout",
    ]  # fmt: skip
    assert held(door) == [
        ("missing_field:event_id", '{"event_type":"user.signin"}'), ("not_an_object", "1"), ("invalid_json", '{"a":')
    ]  # fmt: skip


@pytest.fixture
def kafka_settings(door: Settings, kafka: Kafka) -> Settings:
    """A group of its own that reads the topics named after event types."""
    kafka("create", "user.signin", 1)
    return door.model_copy(update={"kafka_topics": "user.registered", "kafka_topic_pattern": None})


def test_topics_of_the_contract_and_those_named_like_event_types_are_read(empty: Settings) -> None:
    (pattern,) = subscription(empty)
    for name in ("user.registered", "product.viewed", "order.created", "rating.updated", "page_view"):
        assert re.search(pattern, name)
    for name in ("orders", "orderXcreated", "order.created.v2", "internal.order.created"):
        assert not re.search(pattern, name)
    given = empty.model_copy(update={"kafka_topics": "a.b, c", "kafka_topic_pattern": "^shop-"})
    assert subscription(given) == ["^(a[.]b|c)$", "^shop-"]


def test_tombstones_and_empty_messages_are_counted_named_and_passed(door: Settings) -> None:
    first, last = event(), event()
    values = [None, first, b"", None, last, b" ", None]
    publish(servers(door), [(topic(door), value) for value in values], partition=2)
    drained = kafka.drain(door)
    assert (drained.totals.stored, drained.refused, drained.waiting) == (2, 5, 0)
    refused = [note for note in drained.notes if "refused" in note]
    assert len(refused) == 5
    assert f"the message at 6 of {topic(door)}[2] refused: it has no value: a tombstone" in refused[-1]
    publish(servers(door), [(topic(door), None)], partition=2)
    assert (kafka.drain(door).refused, kafka.waiting(door)) == (1, 0)


def test_an_event_as_large_as_a_message_may_be_is_landed(door: Settings) -> None:
    large = event(properties={"x": "y" * 990_000})
    # Kafka's own limit is a megabyte.
    publish(servers(door), [(topic(door), large), (topic(door), event())], partition=0)
    assert kafka.drain(door).totals.stored == 2


def test_a_bad_event_is_quarantined_and_costs_its_neighbours_nothing(door: Settings) -> None:
    publish(servers(door), [(topic(door), v) for v in (event(), b"\xff\xfe", b"{", event())], partition=0)
    totals = kafka.drain(door).totals
    assert (totals.received, totals.stored, totals.quarantined) == (4, 2, 2)


def test_what_landed_but_was_not_committed_is_known_when_it_comes_again(door: Settings) -> None:
    events = [event() for _ in range(40)] + [b"{bad"]
    publish(servers(door), [(topic(door), line) for line in events[:30]], partition=0)
    publish(servers(door), [(topic(door), line) for line in events[30:]], partition=1)
    small = door.model_copy(update={"door_batch_events": 7})
    kafka.drain(small)
    before = batches(door)
    forget_offsets(door)
    publish(servers(door), [(topic(door), event()) for _ in range(5)], partition=0)
    again = kafka.drain(door)
    assert (again.totals.received, again.totals.stored, again.waiting) == (5, 5, 0)
    assert batches(door)[: len(before)] == before
    assert len(batches(door)) == len(before) + 1
    assert len(held(door)) == 1


def test_a_large_round_lands_as_several_batches_each_known_when_it_comes_again(
    door: Settings, kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ingestion.doors.kafka import drain, session

    monkeypatch.setattr(session, "_BATCH_BYTES", 1)
    kafka("create", topic(door), 4)
    lines = [event() for _ in range(40)]
    for number in range(4):
        publish(servers(door), [(topic(door), line) for line in lines[number::4]], partition=number)
    assert drain(door).totals.stored == 40
    before = batches(door)
    assert len(before) >= 4, "partitions share a batch"
    forget_offsets(door)
    again = drain(door)
    assert (again.totals.received, again.waiting) == (0, 0)
    assert batches(door) == before


def forget_offsets(settings: Settings) -> None:
    """As if every commit had been lost: the group begins at offset 0 of all it had committed."""
    places = [TopicPartition(*place, 0) for place in committed(settings)]
    # Only members may commit.
    consumer = Consumer(configuration(settings))
    consumer.subscribe(subscription(settings))
    until(lambda: consumer.poll(0.1) is None and len(consumer.assignment()) == len(places))
    consumer.commit(offsets=places, asynchronous=False)
    consumer.close()


def test_a_topic_made_anew_is_not_mistaken_for_the_old_one(door: Settings, kafka: Kafka) -> None:
    from ingestion.doors.kafka import drain

    kafka("create", topic(door), 1)
    publish(servers(door), [(topic(door), event()) for _ in range(20)])
    drain(door)
    kafka("delete", topic(door))
    kafka("create", topic(door), 1)
    forget_offsets(door)
    fresh = [event() for _ in range(20)]
    publish(servers(door), [(topic(door), line) for line in fresh])
    drained = drain(door)
    assert (drained.totals.stored, drained.totals.replayed_batches) == (20, 0)
    assert {id_of(line) for line in fresh} <= {row["event_id"] for row in stored(door)}


def test_messages_deleted_before_they_were_read_are_reported(door: Settings, kafka: Kafka) -> None:
    from ingestion.doors.kafka import drain

    kafka("create", topic(door), 1)
    for _ in range(3):
        publish(servers(door), [(topic(door), event())])
    drain(door)
    for _ in range(5):
        publish(servers(door), [(topic(door), event())])
    kafka("trim", topic(door), 0, 6)
    drained = drain(door)
    assert drained.totals.stored == 2
    assert any("does not hold offset 3 any more, only 6 to 8" in note for note in drained.notes), drained.notes
    assert drained.waiting == 0


def test_two_members_share_the_partitions_and_one_takes_over(door: Settings, kafka: Kafka) -> None:
    from ingestion.doors import kafka as kafka_door

    kafka("create", topic(door), 4)
    events = [event() for _ in range(900)]
    with running(kafka_door, door) as first:
        until(lambda: first.heard("reads 4 partitions"))
        publish(servers(door), [(topic(door), line) for line in events[:300]])
        with running(kafka_door, door) as second:
            publish(servers(door), [(topic(door), line) for line in events[300:500]])
            until(lambda: second.heard("reads 2 partitions"))
            publish(servers(door), [(topic(door), line) for line in events[500:700]])
            until(lambda: len(stored(door)) == 700)
        publish(servers(door), [(topic(door), line) for line in events[700:]])
        until(lambda: len(stored(door)) == 900)
    counted = Counter(row["event_id"] for row in stored(door))
    assert counted == Counter(map(id_of, events))
    assert sum(row[3] for row in batches(door)) == 900, "something was landed twice"
    assert kafka_door.waiting(door) == 0


def test_a_drain_beside_a_service_leaves_the_work_to_it(door: Settings, kafka: Kafka) -> None:
    from ingestion.doors import kafka as kafka_door

    kafka("create", topic(door), 2)
    with running(kafka_door, door) as service:
        until(lambda: service.heard("reads 2 partitions"))
        publish(servers(door), [(topic(door), event()) for _ in range(200)])
        drained = kafka_door.drain(door)
        assert drained.waiting == 0
        assert len(stored(door)) == 200
        assert not service.heard("reads 1 partitions")


def test_without_clickhouse_nothing_is_committed(fresh_door: Settings) -> None:
    door = fresh_door
    events = [event() for _ in range(50)]
    process.stop(door)
    publish(servers(door), [(topic(door), line) for line in events[:25]])
    with running(kafka, door) as service:
        until(lambda: service.heard("the ledger cannot be asked"))
        publish(servers(door), [(topic(door), line) for line in events[25:]])
        assert kafka.waiting(door) == 50
        process.start(door)
        until(lambda: len(stored(door)) == 50)
        process.stop(door)
        publish(servers(door), [(topic(door), event())])
        until(lambda: service.heard("nothing can be landed"))
    assert kafka.waiting(door) == 1
    with pytest.raises(WarehouseError, match="ClickHouse"):
        kafka.drain(door)
    process.start(door)
    assert kafka.drain(door).totals.stored == 1


def test_partitions_change_hands_while_nothing_can_be_landed(fresh_door: Settings, kafka: Kafka) -> None:
    from ingestion.doors import kafka as kafka_door

    door = fresh_door
    kafka("create", topic(door), 4)
    events = [event() for _ in range(400)]
    with running(kafka_door, door) as first:
        until(lambda: first.heard("reads 4 partitions"))
        process.stop(door)
        publish(servers(door), [(topic(door), line) for line in events[:200]])
        until(lambda: first.heard("nothing can be landed"))
        with running(kafka_door, door) as second:
            publish(servers(door), [(topic(door), line) for line in events[200:300]])
            until(lambda: second.heard("the ledger cannot be asked"))
            publish(servers(door), [(topic(door), line) for line in events[300:]])
            process.start(door)
            until(lambda: len(stored(door)) == 400)
            until(lambda: kafka_door.waiting(door) == 0)
    assert {row["event_id"] for row in stored(door)} == set(map(id_of, events))


def test_a_connection_that_cannot_be_made_says_what_to_do(door: Settings) -> None:
    def given(**fields: object) -> Settings:
        return door.model_copy(update=fields)

    with pytest.raises(BrokerUnreachable, match="does not answer"):
        kafka.waiting(given(kafka_bootstrap_servers=f"127.0.0.1:{free_port()}"))
    with pytest.raises(SettingsError, match="KAFKA_BOOTSTRAP_SERVERS is not set"):
        kafka.waiting(given(kafka_bootstrap_servers=None))
    with pytest.raises(SettingsError, match="KAFKA_SASL_USERNAME"):
        kafka.waiting(given(kafka_security_protocol="SASL_PLAINTEXT"))


def test_on_real_brokers(real_door: Settings) -> None:
    door = real_door
    lines = [event(event_type=None) for _ in range(1000)]
    publish(
        servers(door),
        [(topic(door, "user.signin"), json.dumps({**json.loads(v), "type": "user.signin"}).encode()) for v in lines],
    )
    with running(kafka, door):
        until(lambda: len(stored(door)) == 1000)
    assert kafka.waiting(door) == 0
