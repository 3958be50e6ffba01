"""The list of erased people, `raw.erasures`: tags and pseudonyms, by which landing recognises whoever comes again."""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestion.erasure.tags import tag_key
from warehouse.client import Identity, connect, scalar
from warehouse.locks import exclusive
from warehouse.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

#: Held shared by whoever inserts lines, so that none is under way with an older list once the list has grown.
LOCK = "erasures"
_COLUMNS = ["tag", "pseudonym", "erasure_id"]


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An erased person.

    Attributes:
        tag: of the id, made with the key.
        pseudonym: random; stands where the id stood.
        erasure_id: names the erasure, its certificate above all.
    """

    tag: int
    pseudonym: str
    erasure_id: uuid.UUID


def tag_of(client: Client, settings: Settings, person: str) -> int:
    """The tag of an id."""
    first, second = tag_key(settings)
    return int(
        scalar(
            client,
            "SELECT sipHash64Keyed(({first:UInt64}, {second:UInt64}), {person:String})",
            {"first": first, "second": second, "person": person},
        )
    )


def known(client: Client) -> list[Tombstone]:
    """All erased people, the latest last."""
    rows = client.query("SELECT tag, pseudonym, erasure_id FROM raw.erasures ORDER BY erased_at").result_rows
    return [Tombstone(int(tag), str(pseudonym), uuid.UUID(str(erasure))) for tag, pseudonym, erasure in rows]


def bury(client: Client, settings: Settings, person: str) -> Tombstone:
    """Put a person on the list, once; when this returns, no line is landed that does not know of it."""
    tag = tag_of(client, settings, person)
    fresh = Tombstone(tag, f"erased-{secrets.token_hex(16)}", uuid.uuid4())
    return add(client, settings, [fresh])[0]


def add(client: Client, settings: Settings, tombstones: Sequence[Tombstone]) -> list[Tombstone]:
    """Put tombstones on the list that are not there; those that count, in the same order."""
    with exclusive(LOCK, settings, wait=None):
        there = {stone.tag: stone for stone in known(client)}
        new = [stone for stone in tombstones if stone.tag not in there]
        if new:
            client.insert(
                "raw.erasures",
                [[stone.tag, stone.pseudonym, str(stone.erasure_id), _now(client)] for stone in new],
                column_names=[*_COLUMNS, "erased_at"],
            )
        # A client that was killed has let go of its lock, but what it has sent goes on.
        _wait_for_inserts(settings)
    return [there.get(stone.tag, stone) for stone in tombstones]


def returned(client: Client, settings: Settings) -> list[str]:
    """Ids of erased people that events name in the clear, as after a restore from before."""
    first, second = tag_key(settings)
    rows = client.query(
        "SELECT DISTINCT arrayJoin(arrayConcat([user_id], mapValues(properties))) AS value FROM raw.events"
        " WHERE sipHash64Keyed(({first:UInt64}, {second:UInt64}), value) GLOBAL IN (SELECT tag FROM raw.erasures)",
        parameters={"first": first, "second": second},
    ).result_rows
    return [str(value) for (value,) in rows]


def _now(client: Client) -> object:
    return scalar(client, "SELECT now64(3, 'UTC')")


def _wait_for_inserts(settings: Settings) -> None:
    admin, began = connect(Identity.ADMIN, settings), time.monotonic()
    statement = "SELECT count() FROM system.processes WHERE user = {loader:String} AND elapsed > {seconds:Float64}"
    while int(
        scalar(admin, statement, {"loader": settings.user(Identity.LOADER), "seconds": time.monotonic() - began})
    ):
        time.sleep(0.1)
