"""What the ledger knows of partitions: runs of messages that had landed and were not committed."""

from __future__ import annotations

from collections import defaultdict
from importlib import resources

from clickhouse_connect.driver.exceptions import ClickHouseError

from ingestion.doors.kafka.broker import Partition
from ingestion.doors.kafka.pieces import origin, prefix
from warehouse.client import Identity, connect
from warehouse.failures import explained
from warehouse.settings import Settings

_LANDED = resources.files(__package__).joinpath("landed.sql").read_text("utf-8")


def landed_runs(
    settings: Settings, cluster: str, committed: dict[Partition, int]
) -> dict[Partition, list[tuple[int, int]]]:
    """First and last offsets of what landed from the committed offsets on, in the order of landing.

    Raises:
        WarehouseError: ClickHouse does not answer.
    """
    partitions = {origin(partition): partition for partition in committed}
    runs: dict[Partition, list[tuple[int, int]]] = defaultdict(list)
    if not committed:
        return runs
    try:
        rows = connect(Identity.LOADER, settings, log_comment="kafka").query(
            _LANDED,
            parameters={
                "prefix": prefix(cluster),
                "origins": list(partitions),
                "committed": list(committed.values()),
            },
        )
    except ClickHouseError as error:
        raise explained(error) from None
    for name, first, last in rows.result_rows:
        runs[partitions[name]].append((first, last))
    return runs
