"""`warehouse publications`: what readers have been shown, what changed between two, and the way back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from warehouse.cli.output import JsonOption, Output

publications = typer.Typer(
    help="Generations of the marts: list them, compare two, go back to one.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(publications, name="publications")


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
    from warehouse.cluster import cluster
    from warehouse.locks import exclusive

    settings = ready()
    with exclusive("build", settings, wait=None):
        row = published.rollback(connect(Identity.TRANSFORMER, settings), generation, cluster(settings))
    Output(json).result(asdict(row), text=f"readers now see generation {row.generation}")
