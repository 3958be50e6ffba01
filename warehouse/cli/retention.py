"""`warehouse retention`: what has grown too old, and letting it go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from warehouse.cli.output import JsonOption, Output

if TYPE_CHECKING:
    from warehouse.retention.planning import Partition, Plan


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(retention)


def retention(
    apply: Annotated[
        bool, typer.Option("--apply", help="Close the months and let go what is listed; else it is only listed.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """List what is older than warehouse/retention/policy.yaml keeps; with --apply, close months and let it go."""
    from datetime import UTC, datetime

    from warehouse.cli.ready import ready
    from warehouse.client import Identity, connect
    from warehouse.cluster import cluster
    from warehouse.retention import aggregates, closing, planning
    from warehouse.retention.policy import load

    settings, policy, output = ready(), load(), Output(json)
    if apply:
        kept = closing.apply(settings, policy)
        plan, closed, left = kept.plan, kept.closed_before, kept.left
    else:
        client, today = connect(Identity.TRANSFORMER, settings), datetime.now(UTC).date()
        plan = planning.plan(client, policy, today)
        closed = plan.closed_before
        left = planning.leaving(client, policy, today, closed, cluster(settings))
        left += [month for table in aggregates.leaving(client, policy, today, closed) for month in table.months]
    answer = {
        "applied": apply,
        "closed_before": closed,
        "months": [
            {"month": month.first_day, "events": month.events, "why_open": month.why_open} for month in plan.months
        ],
        "can_close_before": plan.close_before,
        "left" if apply else "leaving": [_described(one) for one in left],
    }
    output.result(answer, text=_text(plan, closed, left, applied=apply))


def _described(partition: Partition) -> dict[str, Any]:
    return {
        "table": partition.table,
        "month": partition.partition_id,
        "rows": partition.rows,
        "bytes": partition.bytes,
    }


def _text(plan: Plan, closed: object, left: list[Partition], *, applied: bool) -> str:
    lines = ["nothing is closed" if closed is None else f"closed: all days before {closed}"]
    for month in plan.months:
        state = month.why_open or ("closed now" if applied else "can be closed")
        lines.append(f"{month.first_day:%Y-%m}  {month.events:>12,} events  {state}")
    for one in left:
        lines.append(f"{one.table} {one.partition_id}: {one.rows:,} rows {'left' if applied else 'can go'}")
    if not applied and (plan.close_before is not None or left):
        lines.append("nothing was changed; do it with --apply")
    return "\n".join(lines)
