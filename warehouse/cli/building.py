"""`warehouse migrate | build | publications | query`: from raw to what readers see."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from warehouse.cli.output import JsonOption, Output
from warehouse.cli.progress import progress

if TYPE_CHECKING:
    from warehouse.settings import Settings

publications = typer.Typer(help="Generations of the marts: list them, go back to one.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(migrate)
    app.command()(build)
    app.command()(query)
    app.add_typer(publications, name="publications")


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


def build(
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Build from all events, whatever has changed.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Build what is stale with dbt, test it, and publish it as a new generation."""
    from warehouse.cli.ready import ready

    answer = build_and_publish(ready(), full_refresh=full_refresh)
    text = None if answer["published"] else f"nothing new: generation {answer['generation']} is up to date"
    Output(json).result(answer, text=text)


def build_and_publish(settings: Settings, *, full_refresh: bool = False) -> dict[str, Any]:
    """One build under the build lock; another build waits for it to end.

    Raises:
        BuildFailed: a model or test failed; readers stay where they are.
    """
    from warehouse import builds, publications, revisions
    from warehouse.client import Identity, connect

    started = time.monotonic()
    client = connect(Identity.TRANSFORMER, settings, log_comment="build")
    now = publications.current(client)
    # A build asked for by hand ends a rollback, too.
    if now is not None and now.action == "publish" and not full_refresh and not builds.state(client).reason:
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
            progress=lambda done, whole, _name: report(done, whole),
        )
    return {
        "generation": outcome.publication.generation,
        "published": True,
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


@publications.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, help="How many of the latest rows.")] = 50,
    json: JsonOption = False,
) -> None:
    """Show what readers have been shown, latest first."""
    from warehouse.cli.ready import ready
    from warehouse.client import Identity, connect
    from warehouse.publications import existing, history

    client = connect(Identity.TRANSFORMER, ready())
    kept = existing(client)
    rows = [{**asdict(row), "kept": row.database in kept} for row in history(client, limit)]
    lines = [
        f"{'*' if number == 0 else ' '} {row['generation']:>6}  {row['action']:<8}  {row['published_at']:%F %T}"
        f"  through {row['complete_through'] or '-'}  {row['tests_passed']} tests{'' if row['kept'] else '  (dropped)'}"
        for number, row in enumerate(rows)
    ]
    Output(json).result({"publications": rows}, text="\n".join(lines) or "nothing has been published yet")


@publications.command()
def diff(
    older: Annotated[int, typer.Argument(metavar="A", help="A generation.")],
    newer: Annotated[int, typer.Argument(metavar="B", help="A later one.")],
    mart: Annotated[str, typer.Option(help="Only this mart.")] = "",
    json: JsonOption = False,
) -> None:
    """Show which values differ from generation A to B, by mart, day and column, and why.

    A value is the sum over the rows of a day. Works for generations that are no longer kept, too.
    """
    from warehouse.cli.ready import ready
    from warehouse.client import Identity, connect
    from warehouse.errors import WarehouseError
    from warehouse.publications import history
    from warehouse.revisions import between

    client = connect(Identity.TRANSFORMER, ready())
    known = {row.generation for row in history(client, 100_000)}
    for generation in (older, newer):
        if generation not in known:
            raise WarehouseError(f"there is no generation {generation}", "see `warehouse publications list`")
    if older >= newer:
        raise WarehouseError("A must be older than B", f"try `warehouse publications diff {newer} {older}`")
    found = between(client, older, newer, mart)
    rows = [{**asdict(row), "delta": row.new - row.old} for row in found]
    lines = [
        f"{row['mart']:<26} {row['date']}  {row['column']:<26}"
        f" {row['old'].normalize():>16f} → {row['new'].normalize():<16f} {row['delta'].normalize():>+14f}"
        f"  {', '.join(row['causes'])}"
        for row in rows
    ]
    Output(json).result(
        {"older": older, "newer": newer, "revisions": rows}, text="\n".join(lines) or "no value differs"
    )


@publications.command()
def rollback(
    generation: Annotated[
        int | None, typer.Argument(help="Generation to go back to; the one before by default.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Point readers at an older generation; the next build publishes a new one."""
    from warehouse import publications as published
    from warehouse.cli.ready import ready
    from warehouse.client import Identity, connect
    from warehouse.locks import exclusive

    settings = ready()
    with exclusive("build", settings, wait=None):
        row = published.rollback(connect(Identity.TRANSFORMER, settings), generation)
    Output(json).result(asdict(row), text=f"readers now see generation {row.generation}")
