"""What rules look at that no query can tell: ClickHouse itself, disks, deliveries, and the rules."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from warehouse.alerts.looking import Finding, Look, Probe
from warehouse.alerts.memory import Memory
from warehouse.engine.state import find

DELIVERIES = "deliveries"
_REMEMBERED = timedelta(minutes=15)
_DISKS = "SELECT name, unreserved_space, total_space FROM system.disks WHERE total_space > 0 AND NOT is_remote"


def of(memory: Memory) -> dict[str, Probe]:
    """The probes of this package, by the name that rules have for them."""
    return {
        "clickhouse": clickhouse,
        "restarts": restarts,
        "disk": disk,
        DELIVERIES: partial(deliveries, memory),
        "rules": rules,
    }


def clickhouse(look: Look) -> Iterator[Finding]:
    """1 while ClickHouse does not answer."""
    if look.client is None:
        yield Finding("clickhouse", 1, look.said)


def restarts(look: Look) -> Iterator[Finding]:
    """How often the embedded engine was started again since `warehouse start`, for a while after the last time."""
    state = find(look.settings) if look.settings.embedded else None
    if state is not None and state.restarts and look.now - state.began < _REMEMBERED:
        yield Finding("the engine", state.restarts, f"last at {state.began:%Y-%m-%d %H:%M:%S} UTC")


def disk(look: Look) -> Iterator[Finding]:
    """Percent that is free: of the disks of home and backups, and of a server's."""
    folders = [look.settings.home, look.settings.backup_folder]
    known: set[int] = set()
    for folder in folders:
        existing = next(path for path in (folder, *folder.parents) if path.exists())
        if (device := existing.stat().st_dev) in known:
            continue
        known.add(device)
        usage = shutil.disk_usage(existing)
        # Root may use a reserve that others may not: what is free for us, of what there is for us.
        yield _free(str(existing), usage.free, usage.used + usage.free)
    if look.client is not None and not look.settings.embedded:
        for name, free, total in look.client.query(_DISKS).result_rows:
            yield _free(f"ClickHouse's disk {name}", int(free), int(total))


def deliveries(memory: Memory, look: Look) -> Iterator[Finding]:
    """Minutes for which the oldest message of a channel has waited."""
    channels: set[str] = set()
    for waiting in memory.waiting():
        if waiting.channel not in channels and waiting.attempts:
            channels.add(waiting.channel)
            minutes = (look.now - waiting.created_at).total_seconds() / 60
            yield Finding(waiting.channel, minutes, f"{waiting.error}; tried {waiting.attempts} times")


def rules(look: Look) -> Iterator[Finding]:
    """1 for every rule that could not be evaluated although ClickHouse answers."""
    for name, reason in look.broken.items():
        yield Finding(name, 1, reason)


def _free(where: str, free: int, total: int) -> Finding:
    return Finding(where, 100 * free / max(total, 1), f"{free / (1 << 30):.1f} of {total / (1 << 30):.1f} GiB free")
