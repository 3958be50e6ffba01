"""Canaries: events of the warehouse's own, sent through every door and awaited where they must arrive.

A canary is an event `canary.sent`. It lands like any other, and is left out where staging begins, so that no
number changes by it. What became of it is kept in `raw.canaries`, the source of the mart `canary_latency`.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import resources

import orjson

from warehouse.client import Identity, connect
from warehouse.settings import Settings

__all__ = ["Canary", "Sender", "send", "watch"]

_STORED = resources.files(__package__).joinpath("stored.sql").read_text("utf-8")
_LOOK_AGAIN_SECONDS = 0.5

#: The first generation with a commit, and when it was published; None while there is none.
Published = Callable[[int], tuple[int, datetime] | None]

#: Gives one line (an event) to a door; returns when the door has said that it has it, raises when it has not.
Sender = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Canary:
    """One canary and the instants (UTC) at which it was seen; None where it was not.

    Attributes:
        event_id: of its event.
        door: the door it was sent through.
        sent_at: when it was handed to the door.
        accepted_at: when the door had said that it has it.
        commit_seq: the ledger's entry of its batch.
        stored_at: when the ledger had it.
        generation: the first generation with it.
        published_at: when that was published.
        served_at: when the API was seen to answer from it or a later one.
        trouble: why the door did not take it; empty when it did.
    """

    event_id: uuid.UUID
    door: str
    sent_at: datetime
    accepted_at: datetime | None = None
    commit_seq: int | None = None
    stored_at: datetime | None = None
    generation: int | None = None
    published_at: datetime | None = None
    served_at: datetime | None = None
    trouble: str = ""

    @property
    def line(self) -> bytes:
        """Its event."""
        return orjson.dumps(
            {
                "event_id": str(self.event_id),
                "event_type": "canary.sent",
                "occurred_at": self.sent_at.isoformat(timespec="milliseconds"),
                "properties": {"door": self.door},
            }
        )


def send(doors: Mapping[str, Sender]) -> list[Canary]:
    """Send one canary through each door, one after another; a door that refuses stops no other."""
    sent = []
    for door, sender in doors.items():
        canary = Canary(uuid.uuid4(), door, _now())
        try:
            sender(canary.line)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a door is what the canary is there to find
            sent.append(replace(canary, trouble=f"{type(error).__name__}: {error}"))
        else:
            sent.append(replace(canary, accepted_at=_now()))
    return sent


def watch(
    settings: Settings,
    canaries: Sequence[Canary],
    *,
    published: Published,
    served: Callable[[], int | None] | None,
    seconds: float,
) -> list[Canary]:
    """Wait until all canaries have arrived or the time is up, then keep what was seen.

    Args:
        settings: names the ClickHouse.
        canaries: what `send` returned.
        published: asked about the commit of each canary that is stored.
        served: the generation the API answers from, None while it does not; None where no API is run.
        seconds: how long to wait at most.

    Raises:
        Unreachable: ClickHouse does not answer; nothing is kept of these canaries then.
    """
    client = connect(Identity.LOADER, settings, log_comment="canaries")
    deadline = time.monotonic() + seconds
    seen = list(canaries)
    while True:
        missing = [canary.event_id for canary in seen if canary.stored_at is None]
        rows = client.query(_STORED, parameters={"ids": missing}).result_rows if missing else []
        stored = {event_id: (commit_seq, landed_at) for event_id, commit_seq, landed_at in rows}
        seen = [_stored(canary, stored, published) for canary in seen]
        # Asked only when an answer can tell something: the API counts requests.
        unserved = any(canary.generation is not None and canary.served_at is None for canary in seen)
        if served is not None and unserved and (answering := served()) is not None:
            seen = [_served(canary, answering) for canary in seen]
        waiting = any((canary.served_at if served else canary.published_at) is None for canary in seen)
        if not waiting or time.monotonic() >= deadline:
            break
        time.sleep(_LOOK_AGAIN_SECONDS)
    watched_at = _now()
    columns = ["event_id", "door", "sent_at", "accepted_at", "stored_at", "published_at", "served_at"]
    client.insert(
        "raw.canaries",
        [[*(getattr(canary, column) for column in columns), watched_at] for canary in seen],
        column_names=[*columns, "watched_at"],
    )
    return seen


def _stored(canary: Canary, stored: Mapping[uuid.UUID, tuple[int, datetime]], published: Published) -> Canary:
    if canary.event_id in stored:
        commit_seq, landed_at = stored[canary.event_id]
        canary = replace(canary, commit_seq=commit_seq, stored_at=landed_at)
    if canary.commit_seq is not None and canary.published_at is None and (first := published(canary.commit_seq)):
        canary = replace(canary, generation=first[0], published_at=first[1])
    return canary


def _served(canary: Canary, answering: int) -> Canary:
    reached = canary.served_at is None and canary.generation is not None and answering >= canary.generation
    return replace(canary, served_at=_now()) if reached else canary


def _now() -> datetime:
    return datetime.now(UTC)
