"""Whether anything was lost or doubled: what was acknowledged against what is there, the marts against a rebuild."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import urllib3
from numpy.typing import NDArray

from bench.soak.stack import Stack
from tests.law.law import contents
from warehouse import builds
from warehouse.client import Identity, connect, scalar
from warehouse.settings import Settings

_ID_BYTES = 36
_LOOK_SECONDS = 1.0
# Canaries are the warehouse's own events.
_COUNTED = """
    SELECT toString(event_id)
    FROM raw.events
    WHERE batch_seq IN (SELECT batch_seq FROM raw.batches)
        AND (event_id, received_seq) NOT IN (SELECT event_id, received_seq FROM raw.duplicates)
        AND event_type != 'canary.sent'
    FORMAT TSVRaw
"""
# Made of what became of canaries, which is known after the build that has their events.
_LATER = "canary_latency"
_STAGED = "SELECT toString(event_id) FROM build.stg_events FORMAT TSVRaw"
_WRONG_BATCHES = "SELECT count() FROM raw.batches WHERE received != stored + duplicates + quarantined"
_HELD = "SELECT count() FROM raw.quarantine WHERE batch_seq IN (SELECT batch_seq FROM raw.batches)"

Ids = NDArray[np.bytes_]


@dataclass
class Verdict:
    """What does not hold; nothing of it when all is well."""

    faults: dict[str, float] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    differing_tables: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether nothing was lost, doubled, invented or left out of a mart."""
        return not any(self.faults.values()) and not self.differing_tables


def wait_until_published(stack: Stack, patience: float, tell: Callable[[str], None]) -> float | None:
    """Seconds until all that was acknowledged is in a published generation; None when it does not come to pass."""
    began = time.monotonic()
    while time.monotonic() < began + patience:
        waiting = _waiting(stack)
        if waiting == "":
            return round(time.monotonic() - began, 1)
        tell(waiting)
        time.sleep(_LOOK_SECONDS)
    return None


def _waiting(stack: Stack) -> str:
    try:
        health = urllib3.request("GET", f"{stack.collector_url}/health", retries=False, timeout=20.0).json()
        if health.get("segments") != 0:
            return f"{health.get('segments')} segments wait in the spool"
        client = connect(Identity.TRANSFORMER, stack.settings)
        landed = int(
            scalar(
                client,
                # Canaries go on; what they carry is no event of ours.
                "SELECT max(commit_seq) FROM raw.batches WHERE batch_seq IN"
                " (SELECT batch_seq FROM raw.events WHERE event_type != 'canary.sent')",
            )
        )
        shown = int(scalar(client, "SELECT argMax(commit_seq, sequence) FROM marts.publications"))
    except Exception as error:  # noqa: BLE001 - whatever has just been killed may not be back yet
        return f"{type(error).__name__} while looking"
    return "" if shown >= landed else f"published through commit {shown} of {landed}"


def judge(settings: Settings, history: Path, tried: Path, acknowledged: Path) -> Verdict:
    """Compare; nobody sends, lands or builds any more.

    Args:
        settings: name a home whose engine runs.
        history: ids that were landed before, one a line.
        tried: ids that were sent, whether they were acknowledged or not.
        acknowledged: ids that the collector said it has.
    """
    verdict = Verdict()
    before, sent, owed = (read_ids(path) for path in (history, tried, acknowledged))
    expected, allowed = np.union1d(before, owed), np.union1d(before, sent)
    builds.build_and_publish(settings, run_id="soak")
    for place, sql in (("raw", _COUNTED), ("staging", _STAGED)):
        found = _ids(settings, sql)
        unique = np.unique(found)
        verdict.faults[f"lost_in_{place}"] = int(np.setdiff1d(expected, unique, assume_unique=True).size)
        verdict.faults[f"doubled_in_{place}"] = int(found.size - unique.size)
        verdict.faults[f"not_sent_in_{place}"] = int(np.setdiff1d(unique, allowed, assume_unique=True).size)
        verdict.figures[f"events_in_{place}"] = int(found.size)
    loader, transformer = connect(Identity.LOADER, settings), connect(Identity.TRANSFORMER, settings)
    verdict.faults["ledger_rows_that_do_not_add_up"] = int(scalar(loader, _WRONG_BATCHES))
    verdict.faults["held_in_quarantine"] = int(scalar(loader, _HELD))
    mended = contents(transformer)
    began = time.monotonic()
    builds.build_and_publish(settings, run_id="soak in full", full_refresh=True)
    verdict.figures["full_build_s"] = round(time.monotonic() - began, 1)
    anew = contents(transformer)
    verdict.differing_tables = {
        name: [mended.get(name, (0, 0)), anew.get(name, (0, 0))]
        for name in sorted(mended.keys() | anew.keys())
        if name != _LATER and mended.get(name) != anew.get(name)
    }
    verdict.figures |= {"acknowledged": int(owed.size), "history": int(before.size), "tables_compared": len(anew)}
    return verdict


def read_ids(path: Path) -> Ids:
    """The ids of a file, one of 36 characters a line; a last one that is cut off is none."""
    return _parsed(path.read_bytes())


def _ids(settings: Settings, sql: str) -> Ids:
    return _parsed(bytes(connect(Identity.TRANSFORMER, settings).raw_query(sql)))


def _parsed(text: bytes) -> Ids:
    whole = text[: len(text) // (_ID_BYTES + 1) * (_ID_BYTES + 1)]
    return np.frombuffer(whole, dtype=f"S{_ID_BYTES + 1}").astype(f"S{_ID_BYTES}")
