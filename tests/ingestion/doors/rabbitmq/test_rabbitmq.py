"""The RabbitMQ door against a real broker and a real ClickHouse."""

from __future__ import annotations

import gzip
from pathlib import Path

import pika
import pytest
from pydantic import SecretStr

from ingestion.doors import rabbitmq
from ingestion.doors.errors import BrokerRefuses, BrokerUnreachable
from ingestion.doors.rabbitmq.broker import DEAD_LETTERS, connected
from tests.ingestion.doors.samples import batches, event, held, id_of, stored
from tests.ingestion.doors.services import running
from tests.servers.certificates import throw_away
from tests.servers.ports import free_port
from tests.servers.proxy import proxied
from tests.servers.rabbitmq import RabbitMQ, publish
from tests.waiting import until
from warehouse.engine import process
from warehouse.errors import SettingsError, WarehouseError
from warehouse.settings import Settings


def url_of(settings: Settings) -> str:
    assert settings.rabbitmq_url is not None
    return settings.rabbitmq_url.get_secret_value()


def dead_letters(settings: Settings) -> list[bytes]:
    """Takes all dead letters off their queue."""
    bodies = []
    with connected(settings) as connection:
        channel = connection.channel()
        while (found := channel.basic_get(DEAD_LETTERS, auto_ack=True))[0] is not None:
            bodies.append(found[2])
    return bodies


def test_one_event_an_array_and_lines_are_landed_plain_and_zipped(door: Settings) -> None:
    events = [event() for _ in range(10)]
    publish(url_of(door), [events[0], b"[%b, %b]" % (events[1], events[2]), b"\n".join(events[3:5])])
    publish(url_of(door), [gzip.compress(events[5]), gzip.compress(b"\n".join(events[6:]) + b"\n")], encoding="gzip")
    assert rabbitmq.waiting(door) == 5
    drained = rabbitmq.drain(door)
    assert (drained.totals.received, drained.totals.stored, drained.refused, drained.waiting) == (10, 10, 0, 0)
    assert [row["event_id"] for row in stored(door)] == [id_of(line) for line in events]
    assert {row["source"] for row in stored(door)} == {"rabbitmq"}
    ((batch_id, source, origin, *_),) = batches(door)
    assert source == "rabbitmq"
    assert batch_id.startswith("rabbitmq:")
    assert origin == f"analytics.events → {door.rabbitmq_queue}"


def test_a_bad_event_is_quarantined_and_costs_its_neighbours_nothing(door: Settings) -> None:
    good = event()
    publish(url_of(door), [b"{not json", event(event_type="no.such"), b'[5, {"a": 1}, %b]' % good, b"\xff\xfe"])
    drained = rabbitmq.drain(door)
    assert (drained.totals.received, drained.totals.stored, drained.totals.quarantined) == (6, 1, 5)
    assert [row["event_id"] for row in stored(door)] == [id_of(good)]
    assert [reason for reason, _ in held(door)] == [
        "invalid_json", "unknown_event_type", "not_an_object", "missing_field:event_id", "invalid_json"
    ]  # fmt: skip
    assert dead_letters(door) == []


def test_what_is_no_message_goes_to_the_dead_letters_with_its_bytes(door: Settings) -> None:
    before, between, after = event(), event(), event()
    bad = [b"", b"[]", b" \n"]
    publish(url_of(door), [before, *bad[:2], between, bad[2]])
    publish(url_of(door), [b"no gzip"], encoding="gzip")
    publish(url_of(door), [b"packed"], encoding="br")
    publish(url_of(door), [after])
    drained = rabbitmq.drain(door)
    assert (drained.totals.stored, drained.refused, drained.waiting) == (3, 5, 0)
    assert sum("refused" in note for note in drained.notes) == 5
    found: list[bytes] = []
    # The broker moves them a moment later.
    until(lambda: found.extend(dead_letters(door)) or len(found) == 5)
    assert sorted(found) == sorted([*bad, b"no gzip", b"packed"])


def test_a_service_lands_what_arrives_and_a_drain_beside_it_does_no_harm(door: Settings) -> None:
    events = [event() for _ in range(300)]
    with running(rabbitmq, door) as service:
        until(lambda: service.heard("connected"))
        publish(url_of(door), events[:150])
        rabbitmq.drain(door)
        publish(url_of(door), events[150:])
        until(lambda: len(stored(door)) == 300)
    assert sorted(row["event_id"] for row in stored(door)) == sorted(map(id_of, events))
    assert sum(row[3] for row in batches(door)) == 300
    assert rabbitmq.waiting(door) == 0


def test_a_resent_event_counts_once_and_the_same_bytes_are_the_same_batch(door: Settings) -> None:
    line = event()
    publish(url_of(door), [line])
    rabbitmq.drain(door)
    publish(url_of(door), [line])
    again = rabbitmq.drain(door)
    assert (again.totals.duplicates, again.totals.replayed_batches) == (1, 1)
    publish(url_of(door), [line, event()])
    assert rabbitmq.drain(door).totals.duplicates == 1
    assert len(stored(door)) == 2


def test_batches_are_cut_by_size(door: Settings) -> None:
    small = door.model_copy(update={"door_batch_events": 100, "rabbitmq_prefetch": 100, "door_batch_seconds": 30})
    publish(url_of(door), [event() for _ in range(300)])
    drained = rabbitmq.drain(small)
    assert (drained.totals.stored, drained.totals.batches) == (300, 3)


def test_without_clickhouse_nothing_is_acknowledged_and_the_connection_is_kept(fresh_door: Settings) -> None:
    door = fresh_door
    events = [event() for _ in range(50)]
    process.stop(door)
    publish(url_of(door), events[:25])
    with pytest.raises(WarehouseError, match="ClickHouse"):
        rabbitmq.drain(door)
    until(lambda: rabbitmq.waiting(door) == 25)
    with running(rabbitmq, door) as service:
        until(lambda: service.heard("nothing can be landed"))
        publish(url_of(door), events[25:])
        process.start(door)
        until(lambda: service.heard("landing again"))
        until(lambda: len(stored(door)) == 50)
        assert sum("connected" in line for line in service.said) == 1
    assert rabbitmq.waiting(door) == 0


def test_stopping_without_clickhouse_gives_everything_back(fresh_door: Settings) -> None:
    door = fresh_door
    process.stop(door)
    publish(url_of(door), [event() for _ in range(20)])
    with running(rabbitmq, door) as service:
        until(lambda: service.heard("nothing can be landed"))
    until(lambda: rabbitmq.waiting(door) == 20)


def test_a_queue_that_is_deleted_is_made_anew(door: Settings) -> None:
    with running(rabbitmq, door) as service:
        until(lambda: service.heard("connected"))
        with connected(door) as connection:
            connection.channel().queue_delete(door.rabbitmq_queue)
        until(lambda: sum("connected" in line for line in service.said) == 2)
        publish(url_of(door), [event()])
        until(lambda: len(stored(door)) == 1)


def test_a_connection_that_cannot_be_made_says_what_to_do(door: Settings) -> None:
    def given(url: str) -> Settings:
        return door.model_copy(update={"rabbitmq_url": SecretStr(url)})

    with pytest.raises(BrokerRefuses, match=r"refuses the login .check user and password in RABBITMQ_URL"):
        rabbitmq.drain(given(url_of(door).replace("guest:guest", "guest:secret")))
    with pytest.raises(BrokerRefuses, match="virtual host"):
        rabbitmq.drain(given(url_of(door).replace("%2F", "nowhere")))
    with pytest.raises(BrokerUnreachable, match="does not answer"):
        rabbitmq.waiting(given(f"amqp://guest:secret@127.0.0.1:{free_port()}/"))
    for url in ("http://guest:secret@127.0.0.1/", "amqp://guest:secret@host:port/"):
        with pytest.raises(SettingsError) as failure:
            rabbitmq.waiting(given(url))
        assert "secret" not in str(failure.value)
    with pytest.raises(SettingsError, match="RABBITMQ_URL is not set"):
        rabbitmq.waiting(door.model_copy(update={"rabbitmq_url": None}))


def test_a_queue_declared_otherwise_is_refused_with_what_to_do(door: Settings, rabbitmq: RabbitMQ) -> None:
    from ingestion.doors.rabbitmq import drain

    other = door.model_copy(update={"rabbitmq_queue": f"{door.rabbitmq_queue}.classic"})
    connection = pika.BlockingConnection(pika.URLParameters(rabbitmq.url))
    connection.channel().queue_declare(other.rabbitmq_queue, durable=True)
    with pytest.raises(BrokerRefuses, match="RABBITMQ_QUEUE"):
        drain(other)
    connection.channel().queue_delete(other.rabbitmq_queue)
    connection.close()


def test_a_broker_that_is_not_there_yet_is_waited_for(door: Settings) -> None:
    nowhere = door.model_copy(update={"rabbitmq_url": SecretStr(f"amqp://guest:secret@127.0.0.1:{free_port()}/")})
    with running(rabbitmq, nowhere) as service:
        until(lambda: sum("trying again" in line for line in service.said) >= 2)
    assert not service.heard("secret")


def test_the_broker_is_reached_by_tls_where_somebody_vouches_for_it(
    door: Settings, rabbitmq: RabbitMQ, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificates = throw_away(tmp_path)
    with proxied(rabbitmq.port, certificates.context()) as proxy:
        secure = door.model_copy(update={"rabbitmq_url": SecretStr(f"amqps://guest:guest@127.0.0.1:{proxy.port}/%2F")})
        with pytest.raises(BrokerUnreachable, match="does not answer"), connected(secure):
            pass
        monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
        with connected(secure) as connection:
            assert connection.is_open
