"""Which events the warehouse has already, so that reading rows again costs it nothing.

The ledger alone decides what counts; what is left out here would only come back from it as a duplicate, or be
refused once more.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.external import ExternalData

from warehouse.client import Identity, connect
from warehouse.settings import Settings

# Refused events are known by their bytes: once corrected in the table, they are others.
_HELD = """
SELECT line
FROM candidates
WHERE event_id IN (
    SELECT event_id
    FROM raw.receipts
    WHERE event_id GLOBAL IN (SELECT event_id FROM candidates)
        AND batch_seq GLOBAL IN (SELECT batch_seq FROM raw.batches)
)
OR digest IN (
    SELECT SHA256(original)
    FROM raw.quarantine
    WHERE source = {source:String} AND batch_seq IN (SELECT batch_seq FROM raw.batches)
)
"""


class Held:
    """Asks ClickHouse for what it holds of one source, as the loader."""

    def __init__(self, settings: Settings, source: str) -> None:
        self._client: Client = connect(Identity.LOADER, settings, log_comment="extracting")
        self._source = source

    def without(self, events: Sequence[tuple[str, bytes]]) -> list[bytes]:
        """The lines of those events, given as (event id, line), that are not held yet."""
        candidates = ExternalData(
            file_name="candidates",
            fmt="RowBinary",
            structure="line UInt32, event_id UUID, digest FixedString(32)",
            data=b"".join(
                number.to_bytes(4, "little") + _uuid(event) + hashlib.sha256(line).digest()
                for number, (event, line) in enumerate(events)
            ),
        )
        rows = self._client.query(_HELD, parameters={"source": self._source}, external_data=candidates).result_rows
        held = {number for (number,) in rows}
        return [line for number, (_, line) in enumerate(events) if number not in held]


def _uuid(text: str) -> bytes:
    """As ClickHouse writes a UUID: two halves, each little-endian."""
    whole = uuid.UUID(text).bytes
    return whole[7::-1] + whole[:7:-1]
