"""A RabbitMQ node of one's own: on free loopback ports, in a folder, killed and started again at will."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pika
import pytest

from tests.servers.ports import free_port

START_SECONDS = 90
_PLACES = ("/usr/lib/rabbitmq/bin", "/opt/homebrew/opt/rabbitmq/sbin", "/usr/local/opt/rabbitmq/sbin")


def _program(name: str) -> str:
    for folder in _PLACES:
        if (Path(folder) / name).exists():
            return str(Path(folder) / name)
    found = shutil.which(name)
    assert found, f"{name} is missing: run `make services`"
    return found


class RabbitMQ:
    """One node; its queues survive kills in `folder`.

    Args:
        folder: data, logs and the Erlang cookie of the node.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}/%2F"
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None
        (folder / "plugins").write_text("[].\n")
        # Durable writes of a test need not survive the power supply; a small disk must not block publishers.
        (folder / "rabbitmq.conf").write_text("disk_free_limit.absolute = 50MB\n")
        self._environment = {
            **os.environ,
            "HOME": str(folder),
            "ERL_EPMD_PORT": str(free_port()),
            # Lets its port mapper be stopped although the node was killed.
            "ERL_EPMD_RELAXED_COMMAND_CHECK": "1",
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_NODENAME": f"test{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
        }

    def start(self) -> None:
        """Start the node and wait until it answers."""
        with (self._folder / "output").open("ab") as output:
            self._server = subprocess.Popen(
                [_program("rabbitmq-server")],
                env=self._environment,
                cwd=self._folder,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            assert self._server.poll() is None, (self._folder / "output").read_text()
            assert time.monotonic() < deadline, (self._folder / "output").read_text()
            time.sleep(0.1)

    def answers(self) -> bool:
        """Whether a client can log in."""
        try:
            pika.BlockingConnection(pika.URLParameters(f"{self.url}?socket_timeout=5")).close()
        except Exception:  # noqa: BLE001 - whatever it is, it does not answer yet
            return False
        return True

    def kill(self) -> None:
        """Kill -9 the node; what it had confirmed stays on its disk."""
        if self._server is None:
            return
        # The server's script and the virtual machine are a session of their own.
        with suppress(ProcessLookupError):
            os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()
        self._server = None

    def stop(self) -> None:
        """Kill the node and its port mapper; nobody needs the data any more."""
        self.kill()
        with suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(["epmd", "-kill"], env=self._environment, capture_output=True, timeout=10, check=False)


def publish(url: str, bodies: Iterable[bytes], *, encoding: str | None = None, key: str = "test") -> None:
    """Send messages to the exchange, one after another, each confirmed by the broker before the next."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.exchange_declare("analytics.events", "topic", durable=True)
    channel.confirm_delivery()
    properties = pika.BasicProperties(delivery_mode=2, content_encoding=encoding)
    for body in bodies:
        # Mandatory: a message that reaches no queue is an error.
        channel.basic_publish("analytics.events", key, body, properties, mandatory=True)
    connection.close()


@contextmanager
def running_rabbitmq(folder: Path) -> Iterator[RabbitMQ]:
    """A node in `folder`, killed at the end."""
    server = RabbitMQ(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    """A node shared by the tests of a worker; tests use queues of their own."""
    with running_rabbitmq(tmp_path_factory.mktemp("rabbitmq")) as server:
        yield server


if __name__ == "__main__":
    with running_rabbitmq(Path(sys.argv[1])) as node:
        print(node.url, flush=True)
        sys.stdin.read()
