"""`warehouse migrate | build | query`: from raw to what readers see."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from warehouse.cli.output import JsonOption, Output
from warehouse.cli.progress import progress

if TYPE_CHECKING:
    from warehouse.months import Span
    from warehouse.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(migrate)
    app.command()(build)
    app.command()(query)


def migrate(json: JsonOption = False) -> None:
    """Create or upgrade databases, tables, views and users; running it again changes nothing."""
    from warehouse.cli import ready
    from warehouse.engine import process
    from warehouse.settings import get_settings

    settings = get_settings()
    if settings.embedded:
        process.start(settings)
    applied = ready.migrate(settings)
    Output(json).result({"applied": applied}, text="\n".join(applied) or "nothing to do")


def _month(given: str | None) -> str | None:
    try:
        if given is not None:
            date.fromisoformat(f"{given}-01")
    except ValueError as error:
        raise typer.BadParameter(f"{given!r} is no month: write it as 2025-01") from error
    return given


def build(
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Build from all events, whatever has changed.")
    ] = False,
    since: Annotated[
        str | None,
        typer.Option("--from", metavar="MONTH", callback=_month, help="Build anew from this month on, e.g. 2025-01."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--to", metavar="MONTH", callback=_month, help="Build anew up to this month and with it."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Build what is stale with dbt, test it, and publish it as a new generation.

    With --from and --to, their months are built anew, too, whether they are stale or not; without one of them,
    from the first month or to the last.
    """
    from warehouse.cli.ready import ready

    if full_refresh and (since or until):
        raise typer.BadParameter("--full-refresh builds all months: leave out --from and --to")
    settings = ready()
    months = _months(settings, since, until) if since or until else None
    answer = build_and_publish(settings, full_refresh=full_refresh, months=months)
    Output(json).result(answer, text=_described(answer))


def _months(settings: Settings, since: str | None, until: str | None) -> Span:
    """The span from one month to another, by default the first and the last that can be built.

    Raises:
        WarehouseError: there are no events, or the last month is before the first.
    """
    from warehouse import months
    from warehouse.client import Identity, connect
    from warehouse.errors import WarehouseError

    known = months.buildable(connect(Identity.TRANSFORMER, settings, log_comment="build"))
    if not known:
        raise WarehouseError("there is no month to build anew", "build without --from and --to first")
    return months.parse(f"{since or f'{min(known):%Y-%m}'}..{until or f'{max(known):%Y-%m}'}")


def _described(answer: dict[str, Any]) -> str:
    """What was rebuilt and why, in lines."""
    if not answer["published"]:
        return f"nothing new: generation {answer['generation']} is up to date"
    lines = [
        f"generation {answer['generation']}: {answer['reason']}",
        f"{answer['days_rebuilt']} days rebuilt, {answer['tests_passed']} tests passed, {answer['seconds']} s",
    ]
    if answer["full"]:
        lines.append("everything was built anew")
    for row in answer["rebuilt"]:
        days = f"{row['days']} day" + ("s" if row["days"] > 1 else "")
        span = f"{row['first']} … {row['last']}" if row["days"] > 1 else f"{row['first']}"
        causes = [*row["causes"][:3], *(["…"] if len(row["causes"]) > 3 else [])]
        lines.append(f"  {row['model']:<34} {days:>9}  {span:<25}  {', '.join(causes)}")
    if answer["revised"]:
        values = sum(row["values"] for row in answer["revised"])
        lines.append(
            f"{values} values revised in {len(answer['revised'])} marts:"
            f" warehouse publications diff {answer['previous']} {answer['generation']}"
        )
    return "\n".join(lines)


def build_and_publish(settings: Settings, *, full_refresh: bool = False, months: Span | None = None) -> dict[str, Any]:
    """One build under the build lock; another build waits for it to end.

    Raises:
        BuildFailed: a model or test failed; readers stay where they are.
        WarehouseError: a month that is asked for is closed.
    """
    from warehouse import builds, publications, revisions
    from warehouse.client import Identity, connect

    started = time.monotonic()
    client = connect(Identity.TRANSFORMER, settings, log_comment="build")
    now = publications.current(client)
    asked = full_refresh or months is not None
    # A build asked for by hand ends a rollback, too.
    if now is not None and now.action == "publish" and not asked and not builds.state(client).reason:
        return {
            "generation": now.generation,
            "published": False,
            "days_rebuilt": 0,
            "tests_passed": 0,
            "tests_failed": 0,
            "seconds": round(time.monotonic() - started, 3),
        }
    with progress("building", None) as report:
        outcome = builds.build_and_publish(
            settings,
            run_id=str(uuid4()),
            full_refresh=full_refresh,
            months=months,
            progress=lambda done, whole, _name: report(done, whole),
        )
    return {
        "generation": outcome.publication.generation,
        "published": True,
        "previous": outcome.previous,
        "reason": outcome.reason,
        "full": outcome.full,
        "days_rebuilt": outcome.days_rebuilt,
        "rebuilt": [
            {
                "model": entry.model,
                "days": len(entry.days),
                "first": entry.days[0],
                "last": entry.days[-1],
                "causes": entry.causes,
            }
            for entry in outcome.rebuilt
        ],
        "revised": revisions.summary(outcome.revised),
        "tests_passed": outcome.built.tests_passed,
        "tests_failed": outcome.built.tests_failed,
        "seconds": round(time.monotonic() - started, 3),
        "engine_seconds": round(outcome.built.engine_seconds, 3),
    }


def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="A SELECT; marts can be named without their database.")],
    format_: Annotated[str, typer.Option("--format", help="Any ClickHouse output format.")] = "PrettyCompactMonoBlock",
    json: JsonOption = False,
) -> None:
    """Ask the current generation, as the reader."""
    import sys

    from warehouse.cli.ready import ready
    from warehouse.client import Identity, connect

    client = connect(Identity.READER, ready(), database="marts")
    # Errors arrive as errors, not in the middle of the rows; a FORMAT in the statement wins.
    options = {"wait_end_of_query": 1, "output_format_json_quote_64bit_integers": 0}
    if json:
        # Passed on as ClickHouse writes it: decimals keep their digits.
        rows = client.raw_query(sql, fmt="JSONEachRow", settings=options | {"output_format_json_array_of_rows": 1})
        sys.stdout.buffer.write(b'{"rows":' + rows.strip() + b"}\n")
        return
    sys.stdout.buffer.write(
        client.raw_query(sql, settings=options, transport_settings={"X-ClickHouse-Format": format_})
    )
