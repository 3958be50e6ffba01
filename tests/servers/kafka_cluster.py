"""`python -m tests.servers.kafka_cluster`: librdkafka's own test cluster, in a process of its own.

The brokers speak the Kafka protocol over TCP: produce, fetch, groups with rebalances, committed offsets. They keep
what they are given in memory: at most 5 MB and 100,000 messages a partition. Its C interface, which the Python
binding leaves out, can create topics and take brokers down.

Prints the bootstrap servers, then obeys lines on stdin and answers each with `ok`, until it is closed:
`create TOPIC PARTITIONS`, `delete TOPIC`, `down`, `up`, `trim TOPIC PARTITION OFFSET`.
"""

from __future__ import annotations

import ctypes
import glob
import sys
from pathlib import Path

import confluent_kafka

BROKERS = 2
_PRODUCER = 0


def _library() -> ctypes.CDLL:
    package = Path(confluent_kafka.__file__).parent
    places = (f"{package}.libs/librdkafka*", f"{package}/.dylibs/librdkafka*")
    # The binding's own copy; where it was built against the system's, that one.
    found = [name for place in places for name in glob.glob(place)]  # noqa: PTH207 - hidden folders too
    return ctypes.CDLL(found[0] if found else "librdkafka.so.1")


class Cluster:
    """A running cluster of this process."""

    def __init__(self) -> None:
        self._library = _library()
        for name in ("rd_kafka_conf_new", "rd_kafka_new", "rd_kafka_mock_cluster_new"):
            getattr(self._library, name).restype = ctypes.c_void_p
        self._library.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
        error = ctypes.create_string_buffer(512)
        conf = ctypes.c_void_p(self._library.rd_kafka_conf_new())
        self._library.rd_kafka_conf_set(conf, b"log_level", b"2", error, ctypes.c_size_t(len(error)))
        client = ctypes.c_void_p(self._library.rd_kafka_new(_PRODUCER, conf, error, ctypes.c_size_t(len(error))))
        assert client.value, error.value
        self._cluster = ctypes.c_void_p(self._library.rd_kafka_mock_cluster_new(client, BROKERS))
        # A real broker waits for three seconds, too, but tests have no time.
        self._library.rd_kafka_mock_group_initial_rebalance_delay_ms(self._cluster, ctypes.c_int32(200))

    @property
    def bootstrap_servers(self) -> str:
        """Addresses of the brokers."""
        text: bytes = self._library.rd_kafka_mock_cluster_bootstraps(self._cluster)
        return text.decode()

    def create(self, topic: str, partitions: str) -> None:
        """Create a topic."""
        self._check(
            self._library.rd_kafka_mock_topic_create(self._cluster, topic.encode(), int(partitions), ctypes.c_int(1))
        )

    def delete(self, topic: str) -> None:
        """Delete a topic with all it holds."""
        self._check(self._library.rd_kafka_mock_topic_delete(self._cluster, topic.encode()))

    def trim(self, topic: str, partition: str, offset: str) -> None:
        """Delete what is before an offset, as retention does."""
        self._check(
            self._library.rd_kafka_mock_partition_delete_records(
                self._cluster, topic.encode(), ctypes.c_int32(int(partition)), ctypes.c_int64(int(offset))
            )
        )

    def down(self) -> None:
        """Cut all connections and refuse new ones."""
        for broker in range(1, BROKERS + 1):
            self._check(self._library.rd_kafka_mock_broker_set_down(self._cluster, ctypes.c_int32(broker)))

    def up(self) -> None:
        """Accept connections again."""
        for broker in range(1, BROKERS + 1):
            self._check(self._library.rd_kafka_mock_broker_set_up(self._cluster, ctypes.c_int32(broker)))

    @staticmethod
    def _check(error: int) -> None:
        if error:
            raise RuntimeError(f"librdkafka error {error}")


def main() -> None:
    """Run until stdin is closed."""
    cluster = Cluster()
    print(cluster.bootstrap_servers, flush=True)
    for line in sys.stdin:
        name, *arguments = line.split()
        getattr(cluster, name)(*arguments)
        print("ok", flush=True)


if __name__ == "__main__":
    main()
