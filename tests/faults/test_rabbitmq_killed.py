"""Consumer, ClickHouse, broker and connections die under load: what RabbitMQ confirmed is landed, and counts once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from ingestion.doors import rabbitmq as door
from tests.faults.brokers import ROUNDS, Consumer, Load, moments, until_more
from tests.faults.command import Command
from tests.faults.state import admitted, assert_landed_once, ledger
from tests.servers.engine import kill_until_back
from tests.servers.proxy import proxied
from tests.servers.rabbitmq import RabbitMQ, publish, running_rabbitmq
from tests.waiting import until
from warehouse.settings import Settings


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RabbitMQ]:
    """A node that the test may break."""
    with running_rabbitmq(tmp_path / "rabbitmq") as node:
        yield node


def given(warehouse: Command, url: str) -> tuple[Command, Settings]:
    """The command and the settings of a home whose consumer reads from this address."""
    settings = warehouse.settings.model_copy(update={"rabbitmq_url": SecretStr(url)})
    return Command(warehouse.settings, RABBITMQ_URL=url, DOOR_BATCH_SECONDS="0.1"), settings


def sender(url: str) -> Callable[[list[bytes]], list[bytes]]:
    def send(lines: list[bytes]) -> list[bytes]:
        # One event a message, several in one, and an array; a message is confirmed as a whole.
        good = [line for line in lines[20:] if line.endswith(b"}")]
        messages = [*([line] for line in lines[:20]), lines[20:30], good]
        bodies = [*lines[:20], b"\n".join(lines[20:30]), b"[" + b",".join(good) + b"]"]
        publish(url, bodies)
        return [line for message in messages for line in message]

    return send


def test_under_load_everything_that_can_die_dies(warehouse: Command, broker: RabbitMQ) -> None:
    with proxied(broker.port) as proxy:
        command, settings = given(warehouse, broker.url.replace(str(broker.port), str(proxy.port)))
        door.drain(settings)  # the queue must be there before the first event is sent
        consumer, load = Consumer(command, "rabbitmq"), Load(sender(broker.url), seed=1)

        def restart() -> None:
            broker.kill()
            time.sleep(0.2)
            broker.start()

        def cut() -> None:
            assert proxy.cut()

        faults = [consumer.kill, cut, lambda: kill_until_back(command.settings), consumer.kill, restart, cut]
        wait = moments(len(faults) * ROUNDS, 1.5)
        with load.running():
            consumer.start()
            for fault in faults * ROUNDS:
                until_more(lambda: len(admitted(settings)))
                time.sleep(next(wait))
                fault()
            until_more(lambda: len(load.confirmed))
        until(lambda: door.waiting(settings) == 0)
        consumer.stop()
        assert door.drain(settings).waiting == 0
        assert consumer.kills == 2 * ROUNDS
        load.assert_landed(settings)


@pytest.mark.parametrize(
    ("when", "table"), [("before", "raw.landing"), ("after", "raw.landing"), ("after", "raw.batches")]
)
def test_killed_around_a_statement_then_delivered_again(
    warehouse: Command, rabbitmq: RabbitMQ, lines: list[bytes], when: str, table: str
) -> None:
    command, settings = given(warehouse, rabbitmq.url)
    door.drain(settings)
    publish(rabbitmq.url, [b"\n".join(lines)])
    assert command.killed(when, f"INSERT INTO {table}", "consume", "rabbitmq", "--once").code == -9
    assert ledger(settings).batches == (table == "raw.batches")
    until(lambda: door.waiting(settings) == 1)
    answer = command("consume", "rabbitmq", "--once", "--json")
    assert (answer.code, answer.json["received"], answer.json["waiting"]) == (0, len(lines), 0), answer
    assert_landed_once(settings, lines)
    assert ledger(settings).batches == 1


def test_the_command_says_what_is_wrong(warehouse: Command, rabbitmq: RabbitMQ) -> None:
    answer = warehouse("consume", "rabbitmq", "--json")
    assert (answer.code, answer.json["error"]) == (1, "RABBITMQ_URL is not set")
    for once in (["--once"], []):
        refused, _ = given(warehouse, rabbitmq.url.replace("guest:guest", "guest:secret"))
        answer = refused("consume", "rabbitmq", *once)
        assert (answer.code, answer.stdout) == (1, "")
        assert "hint: check user and password in RABBITMQ_URL" in answer.stderr
        assert "secret" not in answer.stderr
    absent, _ = given(warehouse, "amqp://guest:secret@127.0.0.1:1/")
    answer = absent("consume", "rabbitmq", "--once", "--json")
    assert (answer.code, answer.json["error"]) == (1, "RabbitMQ at 127.0.0.1:1 does not answer")
