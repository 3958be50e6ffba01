"""How far sources that are asked have been read, kept beside the ledger and valid only together with it.

A position is noted after the ledger has been read back, so a process that dies in between reads a piece
again; it is never ahead of the ledger. It lives in ClickHouse, so it moves and is restored with the data.
"""

from __future__ import annotations

from dataclasses import dataclass

from clickhouse_connect.driver.client import Client

from warehouse.client import Identity, connect
from warehouse.settings import Settings

_LAST = """
SELECT name, argMax((position, rows, note), noted_at) AS last
FROM raw.positions
WHERE source = {source:String}
    AND (commit_seq = 0 OR (commit_seq, batch_id) IN (SELECT commit_seq, batch_id FROM raw.batches))
GROUP BY name
"""

_NOTE = """
INSERT INTO raw.positions
SELECT
    {source:String}, {name:String}, {position:String}, {rows:UInt64}, {note:String},
    max(commit_seq), argMax(batch_id, commit_seq), now64(6, 'UTC')
FROM raw.batches
"""


@dataclass(frozen=True, slots=True)
class Position:
    """Where reading has come to in one piece of a source.

    Attributes:
        position: in the source's own terms: an instant, the version of an object.
        rows: size of the piece at that time, where it has one.
        note: why the piece was set aside; empty when it was landed.
    """

    position: str = ""
    rows: int = 0
    note: str = ""


class Positions:
    """The positions of one source, as the loader.

    Args:
        settings: names the ClickHouse.
        source: the source, as the ledger calls it.
    """

    def __init__(self, settings: Settings, source: str) -> None:
        self._client: Client = connect(Identity.LOADER, settings, log_comment="positions")
        self._source = source

    def last(self) -> dict[str, Position]:
        """The last position of each piece that the ledger still bears out, by name."""
        rows = self._client.query(_LAST, parameters={"source": self._source}).result_rows
        return {name: Position(*last) for name, last in rows}

    def note(self, name: str, position: Position) -> None:
        """Note a position; everything up to it is in the ledger, or there was nothing to land."""
        self._client.command(
            _NOTE,
            parameters={
                "source": self._source,
                "name": name,
                "position": position.position,
                "rows": position.rows,
                "note": position.note,
            },
        )
