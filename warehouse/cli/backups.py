"""`warehouse backup | backups | restore`: everything saved, and brought back."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from warehouse.cli.output import JsonOption, Output
from warehouse.cli.progress import progress


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(backup)
    app.command()(backups)
    app.command()(restore)


def backup(
    keep: Annotated[int | None, typer.Option(min=1, help="Then delete all but so many of the latest.")] = None,
    json: JsonOption = False,
) -> None:
    """Save everything to WAREHOUSE_BACKUPS, a folder or an s3:// prefix; by default in the home."""
    from warehouse.backups import making
    from warehouse.cli.ready import ready

    settings, started = ready(), time.monotonic()
    with progress("backing up", None, size=True) as report:
        made = making.make(settings, report)
    dropped = making.drop_old(settings, keep) if keep is not None else []
    manifest = made.manifest
    Output(json).result(
        {
            "backup": made.address,
            "events": manifest.events,
            "generation": manifest.generation,
            "files": len(manifest.files),
            "dropped": dropped,
            "seconds": round(time.monotonic() - started, 3),
        }
    )


def backups(json: JsonOption = False) -> None:
    """List the finished backups, oldest first."""
    from warehouse.backups import making
    from warehouse.settings import get_settings

    made = making.all_made(get_settings())
    rows = [
        {
            "backup": one.address,
            "made_at": one.manifest.made_at,
            "events": one.manifest.events,
            "generation": one.manifest.generation,
        }
        for one in made
    ]
    lines = [
        f"{row['made_at']}  {row['events']:>14,} events  generation {row['generation']}  {row['backup']}"
        for row in rows
    ]
    Output(json).result({"backups": rows}, text="\n".join(lines) or "there are none: `warehouse backup` makes one")


def restore(
    source: Annotated[str, typer.Argument(metavar="BACKUP", help="Its folder or s3:// address.")],
    json: JsonOption = False,
) -> None:
    """Bring a backup back into an empty WAREHOUSE_HOME, and check that it is what was saved."""
    from dagster_project.erasing import erase_again
    from warehouse.backups.places import place
    from warehouse.backups.restoring import restore as bring_back
    from warehouse.cli.ready import migrate
    from warehouse.settings import get_settings

    started = time.monotonic()
    with progress("restoring", None, size=True) as report:
        restored = bring_back(get_settings(), place(source), report)
    applied = migrate(restored.settings)
    erased = erase_again(restored.settings, place(source).beside())
    Output(json).result(
        {
            "restored": source,
            "events": restored.manifest.events,
            "generation": restored.manifest.generation,
            "marts": len(restored.manifest.marts),
            "applied": applied,
            "erased_again": erased,
            "seconds": round(time.monotonic() - started, 3),
        }
    )
