"""`warehouse ingest | simulate`: events in."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from warehouse.cli.output import JsonOption, Output
from warehouse.cli.progress import progress

if TYPE_CHECKING:
    from warehouse.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(ingest)
    app.command()(simulate)


def ingest(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH…",
            help="Files (.ndjson, .jsonl, .csv, .parquet, each also .gz or .zst), directories,"
            " s3://bucket/prefix, or - for stdin.",
        ),
    ],
    source: Annotated[
        str, typer.Option(help="Name of the source; `olist` reads a folder of Olist CSV files.")
    ] = "files",
    batch_mib: Annotated[
        int, typer.Option(min=1, max=512, help="Size of a batch; the command holds about three in memory.")
    ] = 64,
    json: JsonOption = False,
) -> None:
    """Land files. Landing the same file twice stores nothing twice."""
    from warehouse.cli.ready import ready

    output = Output(json)
    answer, notes = land(ready(), paths, source, batch_bytes=batch_mib << 20)
    for note in notes:
        output.log(note)
    output.result(answer)


def land(
    settings: Settings, paths: list[str], source: str, *, batch_bytes: int = 64 << 20
) -> tuple[dict[str, Any], list[str]]:
    """Land paths with a progress bar; returns the sums and what the source has to say."""
    import time

    from ingestion.landing import Lander, Totals
    from ingestion.sources import open_source
    from ingestion.sources.discovery import S3, STDIN

    def as_given(path: str) -> Path | str:
        return path if path == STDIN or path.startswith(S3) else Path(path)

    started = time.monotonic()
    lander, totals = Lander(settings), Totals()
    done = 0
    with progress("landing", None, size=True) as report:

        def advance(count: int) -> None:
            nonlocal done
            done += count
            report(done, reading.total_bytes or None)

        reading = open_source(source, [as_given(path) for path in paths], chunk_bytes=batch_bytes, progress=advance)
        for entry in lander.land_all(reading.batches):
            totals.add(entry)
    answer = {
        **totals.figures(),
        "seconds": round(time.monotonic() - started, 3),
    }
    return answer, reading.notes()


def simulate(
    events: Annotated[int, typer.Option(min=1, help="Number of events, exactly.")],
    days: Annotated[int, typer.Option(min=1, help="Number of days they spread over.")],
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")],
    out: Annotated[Path, typer.Option(help="File to write.")],
    end: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day; a fixed one by default.")
    ] = None,
    duplicates: Annotated[float, typer.Option(min=0, max=0.5, help="Share of resent events.")] = 0.0,
    invalid: Annotated[float, typer.Option(min=0, max=0.5, help="Share of events to be refused.")] = 0.0,
    json: JsonOption = False,
) -> None:
    """Write the events of a made-up but believable marketplace."""
    generate(
        out,
        events=events,
        days=days,
        seed=seed,
        end=end.date() if end else None,
        duplicates=duplicates,
        invalid=invalid,
    )
    Output(json).result({"events": events, "file": str(out)})


def generate(
    out: Path, *, events: int, days: int, seed: int, end: date | None, duplicates: float, invalid: float
) -> None:
    """Write simulated events with a progress bar."""
    from ingestion.simulator import DEFAULT_END, write

    with progress("simulating", None, size=True) as report:
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            report(done, None)

        write(
            out,
            events=events,
            days=days,
            seed=seed,
            end=end or DEFAULT_END,
            duplicates=duplicates,
            invalid=invalid,
            progress=advance,
        )
