"""`warehouse erase-user | export-user`: the right to be forgotten, and to be told."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from warehouse.cli.output import JsonOption, Output

UserArgument = Annotated[str, typer.Argument(metavar="ID", help="The user's id, as producers send it.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("erase-user")(erase_user)
    app.command("export-user")(export_user)


def erase_user(
    person: UserArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask: there is no way back.")] = False,
    json: JsonOption = False,
) -> None:
    """Erase a person from everything, keep every number, and say so in a certificate."""
    from dagster_project.erasing import erase_person
    from warehouse.cli.ready import ready

    settings, started = ready(), time.monotonic()
    if not yes and not json:
        typer.confirm("Nothing brings back what is erased. Go on?", abort=True)
    certificate = erase_person(settings, person)
    page = settings.home / "erasures" / f"{certificate.erasure_id}.md"
    Output(json).result(
        {**asdict(certificate), "certificate": str(page), "seconds": round(time.monotonic() - started, 3)},
        text=f"{certificate.page()}\nkept as {page}",
    )


def export_user(
    person: UserArgument,
    to: Annotated[Path, typer.Option("--to", help="The ZIP file to write.")],
    json: JsonOption = False,
) -> None:
    """Write everything that is kept of a person to one file."""
    from dagster_project.erasing import export_person
    from warehouse.cli.ready import ready

    exported = export_person(ready(), person, to)
    Output(json).result(
        {"file": str(exported.path), "generation": exported.generation, "rows": exported.rows},
        text="\n".join([f"{count:>9,}  {name}" for name, count in exported.rows.items()] + [f"in {exported.path}"]),
    )
