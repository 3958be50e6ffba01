"""The consumers beside bare ones that acknowledge and discard and beside the landing of the same events without a
broker, and how fast they catch up after an outage."""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median
from types import ModuleType

import pika
from confluent_kafka import Consumer, KafkaError, Message, Producer
from pydantic import SecretStr

from ingestion.batch import Batch
from ingestion.doors import kafka, rabbitmq
from ingestion.doors.kafka.broker import configuration
from ingestion.doors.rabbitmq.broker import EXCHANGE, connected, declare
from ingestion.landing import Lander
from ingestion.simulator import simulate
from tests.servers.kafka import running_kafka
from tests.servers.rabbitmq import running_rabbitmq
from warehouse.client import Identity, connect, scalar
from warehouse.engine import process
from warehouse.settings import Settings

#: The test cluster keeps 5 MB of a partition.
_PARTITIONS = 64
#: Kafka delivers faster, and the door has to come to its stride.
_KAFKA_TIMES = 3
_STREAM_TOPIC = "bench.stream"
_TOPIC = "bench.events"
_WAIT_SECONDS = 600
_POLL_SECONDS = 0.1
_PIECE = 50
#: How long the stream is watched before the outage.
_STEADY_SECONDS = 15.0
_EVENTS_A_MESSAGE = 10
_LANDED_AT_ONCE = 50_000
_LANDING_SEED = 1_000

#: Publishes events and returns when the broker has them.
Publish = Callable[[str, Iterable[bytes]], None]
#: The same, telling how many more the broker has confirmed.
Stream = Callable[[str, Iterable[bytes], Callable[[int], None]], None]


def _to_rabbitmq(url: str, lines: Iterable[bytes]) -> None:
    parameters = pika.URLParameters(url)
    parameters.heartbeat = 0  # pika sends none while the broker holds it back
    connection = pika.BlockingConnection(parameters)
    channel = connection.channel()
    properties = pika.BasicProperties(delivery_mode=2)
    for line in lines:
        channel.basic_publish(EXCHANGE, "bench", line, properties)
    connection.close()


def _stream_to_rabbitmq(url: str, lines: Iterable[bytes], confirmed: Callable[[int], None]) -> None:
    """Ten events a message: waiting for the confirmation of each, pika publishes a thousand a second."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.confirm_delivery()
    properties = pika.BasicProperties(delivery_mode=2)
    rest = iter(lines)
    while piece := list(islice(rest, _EVENTS_A_MESSAGE)):
        channel.basic_publish(EXCHANGE, "bench", b"\n".join(piece), properties)
        confirmed(len(piece))
    connection.close()


def _arrived(settings: Settings) -> int:
    """Messages in the queue once it has come to rest: what is published without confirmations may be dropped."""
    before = -1
    while (now := rabbitmq.waiting(settings)) != before:
        before = now
        time.sleep(1)
    return now


def _produce(
    producer: Producer, topic: str, line: bytes, partition: int, confirmed: Callable[[int], None] = lambda _: None
) -> None:
    def delivered(error: KafkaError | None, _: Message) -> None:
        if error is not None:
            raise RuntimeError(f"an event was not taken: {error}")
        confirmed(1)

    while True:
        try:
            producer.produce(topic, line, partition=partition, on_delivery=delivered)
        except BufferError:
            producer.poll(0.1)
        else:
            producer.poll(0)
            return


def _to_kafka(servers: str, lines: Iterable[bytes]) -> None:
    producer = Producer({"bootstrap.servers": servers, "linger.ms": 5})
    for number, line in enumerate(lines):
        _produce(producer, _TOPIC, line, number % _PARTITIONS)
    producer.flush(60)


def _stream_to_kafka(servers: str, lines: Iterable[bytes], confirmed: Callable[[int], None]) -> None:
    # Fewer requests: the test cluster is one thread.
    producer = Producer({"bootstrap.servers": servers, "linger.ms": 50})
    for number, line in enumerate(lines):
        _produce(producer, _STREAM_TOPIC, line, number % _PARTITIONS, confirmed)
    producer.flush(60)


def _bare_rabbitmq(settings: Settings, events: int) -> float:
    """Seconds that pika takes to deliver the messages, acknowledging as often as the door does at best."""
    taken = 0
    with connected(settings) as connection:
        channel = connection.channel()
        channel.basic_qos(prefetch_count=settings.rabbitmq_prefetch)

        def take(_: object, method: pika.spec.Basic.Deliver, __: object, ___: bytes) -> None:
            nonlocal taken
            taken += 1
            if taken % settings.door_batch_events == 0 or taken == events:
                channel.basic_ack(method.delivery_tag, multiple=True)

        started = time.perf_counter()
        channel.basic_consume(settings.rabbitmq_queue, take)
        while taken < events:
            connection.process_data_events(time_limit=1)
        return time.perf_counter() - started


def _bare_kafka(settings: Settings, events: int) -> float:
    """Seconds that librdkafka takes to deliver the messages, committing as often as the door does at best."""
    consumer = Consumer({**configuration(settings), "group.id": "bare", "auto.offset.reset": "earliest"})
    assigned = threading.Event()
    consumer.subscribe([_TOPIC], on_assign=lambda *_: assigned.set())
    taken = since = 0
    while not assigned.is_set():
        taken += consumer.poll(0.05) is not None
    started = time.perf_counter()
    while taken < events:
        messages = consumer.consume(settings.door_batch_events, timeout=0.1)
        taken += len(messages)
        since += len(messages)
        if since >= settings.door_batch_events or (since and taken == events):
            for message in messages[-1:]:
                consumer.commit(message=message, asynchronous=True)
            since = 0
    seconds = time.perf_counter() - started
    consumer.close()
    return seconds


class _Running:
    """A consumer in a thread, and what the ledger has of it."""

    def __init__(self, door: ModuleType, settings: Settings, ready: str) -> None:
        self._client = connect(Identity.LOADER, settings)
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._word = ready
        self._thread = threading.Thread(target=door.consume, args=(settings, self._stop, self._say), daemon=True)
        self._thread.start()
        if not self._ready.wait(_WAIT_SECONDS):
            raise RuntimeError("the consumer did not start")

    def _say(self, line: str) -> None:
        print(f"  {line}", file=sys.stderr, flush=True)
        if self._word in line:
            self._ready.set()

    def wait_for(self, received: int) -> None:
        """Until the ledger has so many events."""
        deadline = time.monotonic() + _WAIT_SECONDS
        while ledger_sum(self._client) < received:
            if time.monotonic() > deadline:
                raise RuntimeError("the consumer does not catch up")
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


def ledger_sum(client: object) -> int:
    """Events received so far, by the ledger; without ClickHouse, none."""
    return int(scalar(client, "SELECT sum(received) FROM raw.batches"))  # type: ignore[arg-type]


def _throughput(
    door: ModuleType, settings: Settings, ready: str, publish: Publish, address: str,
    bare: Callable[[Settings, int], float], lines: list[bytes],
) -> dict[str, float]:  # fmt: skip
    publish(address, lines)
    count = _arrived(settings) if door is rabbitmq else len(lines)
    bare_per_s = count / bare(settings, count)
    if door is rabbitmq:
        publish(address, lines)  # the bare one took them
        count = _arrived(settings)
    before = ledger_sum(connect(Identity.LOADER, settings))
    running = _Running(door, settings, ready)
    started = time.perf_counter()
    running.wait_for(before + count)
    seconds = time.perf_counter() - started
    running.stop()
    return {"bare_per_s": bare_per_s, "door_per_s": count / seconds}


def _landing(settings: Settings, lines: list[bytes], turn: int) -> float:
    """Events a second that land without a broker, in batches as large as the doors make them at best."""
    batches = (
        Batch(f"bench:{turn}:{first}", "bench", "bench", b"\n".join(lines[first : first + _LANDED_AT_ONCE]) + b"\n")
        for first in range(0, len(lines), _LANDED_AT_ONCE)
    )
    started = time.perf_counter()
    landed = sum(entry.received for entry in Lander(settings).land_all(batches))
    return landed / (time.perf_counter() - started)


def _stream(
    publish: Stream, address: str, rate: int, published: Synchronized[int], behind: Synchronized[float], stop: Event
) -> None:
    """Publish at a steady rate until told to stop; a process of its own."""

    def lines() -> Iterator[bytes]:
        seed, started, count = 100, time.time(), 0
        while True:
            events = (line for chunk in simulate(events=50_000, days=30, seed=seed) for line in chunk.splitlines())
            while piece := list(islice(events, _PIECE)):
                if stop.is_set():
                    return
                due = started + count / rate
                time.sleep(max(0.0, due - time.time()))
                behind.value = max(behind.value, time.time() - due)
                yield from piece
                count += len(piece)
            seed += 1

    def confirmed(more: int) -> None:
        published.value += more

    publish(address, lines(), confirmed)


def _outage(
    door: ModuleType, settings: Settings, ready: str, publish: Stream, address: str, *, rate: int, seconds: float
) -> dict[str, float]:
    """How long after an outage of ClickHouse the door is where it would be without one, the stream going on.

    A stream that goes on leaves a lag at every moment, of what the broker has confirmed and the ledger does not have
    yet: the door has caught up when it is no more than the largest one before the outage, or than what comes while a
    batch is gathered.
    """
    context = multiprocessing.get_context("spawn")
    published, behind, stop = context.Value("q", 0), context.Value("d", 0.0), context.Event()
    client = connect(Identity.LOADER, settings)
    before = ledger_sum(client)
    running = _Running(door, settings, ready)
    publisher = context.Process(target=_stream, args=(publish, address, rate, published, behind, stop))

    def lag() -> int:
        return int(published.value) - (ledger_sum(client) - before)

    publisher.start()
    try:
        usual = max(_largest(lag, _STEADY_SECONDS), round(rate * settings.door_batch_seconds))
        process.stop(settings)
        time.sleep(seconds)
        sent = published.value
        process.start(settings)
        started = time.perf_counter()
        client = connect(Identity.LOADER, settings)
        missed = lag()
        landed = _seconds_until(lambda: ledger_sum(client) - before >= sent, started)
        caught_up = _seconds_until(lambda: lag() <= usual, started)
    finally:
        stop.set()
        publisher.join()
    # The client above is of the engine that was started last.
    running._client = client
    running.wait_for(before + published.value)
    running.stop()
    return {
        "outage_s": seconds,
        "outage_events_per_s": rate,
        "outage_publisher_behind_s": round(behind.value, 1),
        "outage_usual_lag_events": usual,
        "outage_missed_events": missed,
        "outage_missed_landed_s": round(landed, 1),
        "outage_caught_up_s": round(caught_up, 1),
    }


def _largest(look: Callable[[], int], seconds: float) -> int:
    """The largest of what is seen in the second half of so many seconds: the first is for warming up."""
    time.sleep(seconds / 2)
    deadline = time.monotonic() + seconds / 2
    found = 0
    while time.monotonic() < deadline:
        found = max(found, look())
        time.sleep(_POLL_SECONDS)
    return found


def _seconds_until(reached: Callable[[], bool], started: float) -> float:
    while not reached():
        if time.perf_counter() - started > _WAIT_SECONDS:
            raise RuntimeError("the consumer does not catch up")
        time.sleep(_POLL_SECONDS)
    return time.perf_counter() - started


@contextmanager
def _rabbitmq(settings: Settings) -> Iterator[tuple[Settings, str]]:
    with tempfile.TemporaryDirectory(prefix="bench-rabbitmq-") as folder, running_rabbitmq(Path(folder)) as node:
        given = settings.model_copy(update={"rabbitmq_url": SecretStr(node.url)})
        with connected(given) as connection:
            declare(connection.channel(), given)
        yield given, node.url


@contextmanager
def _kafka(settings: Settings) -> Iterator[tuple[Settings, str]]:
    with running_kafka() as cluster:
        cluster("create", _TOPIC, _PARTITIONS)
        cluster("create", _STREAM_TOPIC, _PARTITIONS)
        yield (
            settings.model_copy(
                update={
                    "kafka_bootstrap_servers": cluster.bootstrap_servers,
                    "kafka_topic_pattern": "^bench[.]",
                    "kafka_session_seconds": 6,
                }
            ),
            cluster.bootstrap_servers,
        )


def measure(settings: Settings, *, events: int, turns: int, rate: int, outage: float) -> dict[str, float]:
    """Events a second of bare consumers and of the doors, in turns, and seconds to catch up after an outage."""
    figures: dict[str, float] = {}
    doors = (
        ("rabbitmq", rabbitmq, _rabbitmq, _to_rabbitmq, _stream_to_rabbitmq, _bare_rabbitmq, "connected"),
        ("kafka", kafka, _kafka, _to_kafka, _stream_to_kafka, _bare_kafka, "reads"),
    )
    for number, (name, door, broker, publish, stream, bare, ready) in enumerate(doors):
        found: list[dict[str, float]] = []
        for turn in range(number * turns, (number + 1) * turns):
            count = events * _KAFKA_TIMES if door is kafka else events
            lines = b"".join(simulate(events=count, days=30, seed=turn)).splitlines()
            # A broker of its own: the test cluster of Kafka holds little, and deletes nothing that was read.
            with broker(settings) as (given, address):
                found.append(_throughput(door, given, ready, publish, address, bare, lines))
            lines = b"".join(simulate(events=count, days=30, seed=_LANDING_SEED + turn)).splitlines()
            found[-1]["landing_per_s"] = _landing(settings, lines, turn)
        for figure in ("bare_per_s", "landing_per_s", "door_per_s"):
            figures[f"{name}_{figure}"] = round(median(turn[figure] for turn in found))
        for other in ("bare", "landing"):
            ratio = median(turn["door_per_s"] / turn[f"{other}_per_s"] for turn in found)
            figures[f"{name}_to_{other}"] = round(ratio, 2)
        if outage:
            with broker(settings) as (given, address):
                after = _outage(door, given, ready, stream, address, rate=rate, seconds=outage)
            figures |= {f"{name}_{figure}": value for figure, value in after.items()}
    return figures
