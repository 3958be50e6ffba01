"""Events, and what the ledger says of a door."""

from __future__ import annotations

import json
import uuid
from typing import Any

from warehouse.client import Identity, connect
from warehouse.settings import Settings


def event(**fields: Any) -> bytes:
    """A valid event of its own; a field that is None is left out."""
    whole = {
        "event_id": str(uuid.uuid4()),
        "event_type": "user.signin",
        "occurred_at": "2025-03-01T10:00:00Z",
        "user_id": "u1",
        **fields,
    }
    return json.dumps({name: value for name, value in whole.items() if value is not None}).encode()


def id_of(line: bytes) -> str:
    found: str = json.loads(line)["event_id"]
    return found


def stored(settings: Settings) -> list[dict[str, Any]]:
    """Admitted events that count, in order of receipt."""
    return list(
        connect(Identity.TRANSFORMER, settings)
        .query(
            "SELECT toString(event_id) AS event_id, event_type, source, properties FROM raw.events"
            " WHERE batch_seq IN (SELECT batch_seq FROM raw.batches)"
            " AND (event_id, received_seq) NOT IN (SELECT event_id, received_seq FROM raw.duplicates)"
            " ORDER BY received_seq"
        )
        .named_results()
    )


def held(settings: Settings) -> list[tuple[str, str]]:
    """Reason and text of what is in quarantine, in order of receipt."""
    rows = connect(Identity.LOADER, settings).query("SELECT reason, original FROM raw.held ORDER BY received_seq")
    return [(str(reason), str(original)) for reason, original in rows.result_rows]


def batches(settings: Settings) -> list[tuple[str, str, str, int, int]]:
    """Batch id, source, origin, received, stored of the ledger, in its order."""
    rows = connect(Identity.LOADER, settings).query(
        "SELECT batch_id, source, origin, received, stored FROM raw.batches ORDER BY commit_seq"
    )
    return list(rows.result_rows)
