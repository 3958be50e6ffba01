"""`warehouse extract`: what sources that do not send have to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from warehouse.cli.output import JsonOption, Output
from warehouse.cli.progress import progress

if TYPE_CHECKING:
    from ingestion.sources.postgres import TableReport

extract = typer.Typer(help="Read sources that do not send.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(extract, name="extract")


@extract.callback()
def _group() -> None:
    """Keeps `postgres` a command of its own while it is the only one."""


@extract.command()
def postgres(
    table: Annotated[list[str] | None, typer.Option(help="Only this table; may be given several times.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Read every row, not only what has changed.")] = False,
    accept_shrunk: Annotated[
        bool, typer.Option("--accept-shrunk", help="Also load a table that has lost more than half of its rows.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Land what has changed in the tables of POSTGRES_URL since the last time."""
    import time
    from dataclasses import asdict

    from ingestion.sources.postgres import extract as load
    from ingestion.sources.postgres import mapping
    from warehouse.cli.ready import ready

    known = list(mapping().tables)
    if unknown := [name for name in table or [] if name not in known]:
        raise typer.BadParameter(f"no table {', '.join(unknown)}; known are {', '.join(known)}", param_hint="--table")
    started = time.monotonic()
    with progress("rows read", None) as report:
        before, current = 0, ("", 0)

        def advance(name: str, read: int, total: int | None) -> None:
            nonlocal before, current
            if name != current[0]:
                before += current[1]
            current = (name, read)
            report(before + read, None)

        done = load(ready(), tables=table or [], full=full, accept_shrunk=accept_shrunk, progress=advance)
    output = Output(json)
    for name, figures in done.tables.items():
        if figures.read or figures.removed:
            output.log(_sentence(name, figures))
    done.check()
    answer = {
        **done.totals.figures(),
        "seconds": round(time.monotonic() - started, 3),
    }
    tables = {name: asdict(figures) for name, figures in done.tables.items()}
    output.result({**answer, "tables": tables} if json else answer)


def _sentence(name: str, figures: TableReport) -> str:
    said = (
        f"{name}: {figures.read:,} of {figures.rows:,} rows read, {figures.events:,} events,"
        f" {figures.held:,} of them held before"
    )
    if figures.removed:
        said += f"; {figures.removed:,} rows fewer than at the last load, their events stay"
    return said
