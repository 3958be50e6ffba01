"""`warehouse quarantine`: what was refused, why, and its way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from warehouse.cli.output import JsonOption, Output

if TYPE_CHECKING:
    from ingestion.quarantine import Preview

quarantine = typer.Typer(help="What was refused, why, and its replay after a fix.", no_args_is_help=True)

ReasonOption = Annotated[str, typer.Option(help="Only this reason, for example missing_field:user_id.")]
SourceOption = Annotated[str, typer.Option(help="Only this source.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(quarantine, name="quarantine")


@quarantine.command("list")
def list_(
    reason: ReasonOption = "",
    source: SourceOption = "",
    limit: Annotated[int, typer.Option(min=0, help="How many of the latest events to show with their bytes.")] = 10,
    json: JsonOption = False,
) -> None:
    """Count what is held, by source and reason, and show the latest."""
    from ingestion.quarantine import Quarantine
    from warehouse.cli.ready import ready

    held = Quarantine(ready())
    summary, lines = held.summary(reason, source), held.lines(reason, source, limit)
    text = "\n".join(
        [f"{row['events']:>9,}  {row['source']}  {row['reason']}" for row in summary]
        + [""]
        + [
            f"{row['received_at']:%Y-%m-%d %H:%M:%S}  {row['origin']}  {row['reason']}\n    {row['original'][:500]}"
            for row in lines
        ]
    )
    Output(json).result(
        {"held": sum(row["events"] for row in summary), "summary": summary, "events": lines},
        text=text if summary else "nothing is held",
    )


@quarantine.command("preview")
def preview(reason: ReasonOption = "", source: SourceOption = "", json: JsonOption = False) -> None:
    """Say what a replay would do under the present catalog; stores nothing."""
    from dataclasses import asdict

    from ingestion.quarantine import Quarantine
    from warehouse.cli.ready import ready

    found = Quarantine(ready()).preview(reason, source)
    Output(json).result(asdict(found), text="\n".join(_sentences(found)))


def _sentences(found: Preview) -> list[str]:
    if not found.held:
        return ["nothing is held"]
    change = "" if found.revenue_change is None else f"; revenue {_percent(found.revenue_change)}"
    days = f"{found.days_touched:,} day{'' if found.days_touched == 1 else 's'}"
    lines = [f"{found.would_pass:,} of {found.held:,} would pass; {days} touched{change}"]
    if found.first_day:
        lines.append(f"days: {found.first_day} to {found.last_day}")
    if found.duplicates:
        lines.append(f"{found.duplicates:,} are duplicates: held already, or coming twice")
    lines += [f"{count:,} would be refused again: {reason}" for reason, count in found.refused.items()]
    for money in found.money:
        usd = "" if money.currency == "USD" else ", not converted: no rate in published revenue"
        if money.currency != "USD" and money.amount_usd is not None:
            usd = f", about {money.amount_usd:,.2f} USD"
        lines.append(f"{money.direction}: {money.amount:,.2f} {money.currency} in {money.events:,} events{usd}")
    return lines


def _percent(fraction: float) -> str:
    percent = fraction * 100
    return f"{percent:+.1f} %" if percent == 0 or abs(percent) >= 0.05 else f"{percent:+.1g} %"


@quarantine.command()
def replay(reason: ReasonOption = "", source: SourceOption = "", json: JsonOption = False) -> None:
    """Hand what is held to the landing again, after a fix; what still fails is held again."""
    from ingestion.quarantine import Quarantine
    from warehouse.cli.ready import ready

    Output(json).result(Quarantine(ready()).replay(reason, source).figures())
