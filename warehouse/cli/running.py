"""`warehouse run | up`: the whole line once, and the whole line kept running."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from warehouse.cli.output import JsonOption, Output

if TYPE_CHECKING:
    from warehouse.settings import Settings

EventsOption = Annotated[int, typer.Option(min=1, help="Number of generated events.")]
DaysOption = Annotated[int, typer.Option(min=1, help="Number of days they spread over, up to yesterday.")]
SeedOption = Annotated[int, typer.Option(help="Same seed and day, same events.")]

_EVENTS, _DAYS, _SEED = 200_000, 120, 42
# What honcho reports after Ctrl-C and after SIGTERM.
_STOPPED_BY_HAND = (0, 130, 143)
# A generated run shows the ledger at work: a few resends, a few events that are refused.
_DUPLICATES, _INVALID = 0.002, 0.0005


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(run)
    app.command()(up)


def run(
    events: EventsOption = _EVENTS,
    days: DaysOption = _DAYS,
    seed: SeedOption = _SEED,
    json: JsonOption = False,
) -> None:
    """Run the main job once: simulate, ingest, build, test, publish; then print what the marts say."""
    from warehouse.cli.ready import ready
    from warehouse.cli.summary import print_summary

    settings = ready()
    answer = run_once(settings, events=events, days=days, seed=seed)
    if json:
        Output(json).result(answer)
        return
    print_summary(settings, answer)


def run_once(settings: Settings, *, events: int, days: int, seed: int) -> dict[str, Any]:
    """Generate a marketplace up to yesterday, land it, build, publish; returns the figures of all steps."""
    from warehouse.cli.building import build_and_publish
    from warehouse.cli.landing import generate, land

    end = datetime.now(UTC).date() - timedelta(days=1)
    file = settings.home / "simulated" / f"{end}-{seed}-{days}d-{events}.ndjson"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        generate(part, events=events, days=days, seed=seed, end=end, duplicates=_DUPLICATES, invalid=_INVALID)
        part.rename(file)
    landed, _ = land(settings, [str(file)], "simulator")
    built = build_and_publish(settings)
    seconds = {"ingest_seconds": landed.pop("seconds"), "build_seconds": built.pop("seconds")}
    total = round(sum(seconds.values()), 3)
    return {"events": events, "file": str(file), **landed, **built, **seconds, "seconds": total}


def up(events: EventsOption = _EVENTS, days: DaysOption = _DAYS, seed: SeedOption = _SEED) -> None:
    """Run once, then keep collector, Dagster and API running; Ctrl-C stops all, the engine included."""
    import os
    import sys

    from honcho.manager import Manager

    from dagster_project import instance
    from warehouse.cli.ready import ready
    from warehouse.cli.summary import print_summary
    from warehouse.engine import process
    from warehouse.settings import project_root

    settings = ready()
    print_summary(settings, run_once(settings, events=events, days=days, seed=seed))
    environment = {**os.environ, **instance.prepare(settings), "PYTHONUNBUFFERED": "1"}
    if sys.stdout.isatty():
        # The API itself sees a pipe, but somebody reads along.
        environment.setdefault("API_LOG_FORMAT", "text")
    manager = Manager()
    for name, command in _services(settings).items():
        manager.add_process(name, command, env=environment, cwd=str(project_root()))
    own = f"{settings.scheme}://127.0.0.1"
    Output(False).log(
        f"\nDashboards  {own}:{settings.api_port}/ (the api prints a link that opens signed in)\n"
        f"Collector   {own}:{settings.collector_port}/docs\n"
        f"API         {own}:{settings.api_port}/docs\n"
        f"Dagster UI  http://127.0.0.1:{settings.dagster_port}\n"
        f"Put event files into {settings.home / 'landing'}; they are published within a minute."
        " Ctrl-C stops all.\n"
    )
    try:
        manager.loop()
    finally:
        if settings.embedded:
            process.stop(settings)
    raise typer.Exit(0 if manager.returncode in _STOPPED_BY_HAND else 1)


def _services(settings: Settings) -> dict[str, str]:
    """Shell command lines of the long-lived processes, by name."""
    import shlex
    import sys
    from pathlib import Path

    from dagster_project import instance

    commands = {name: shlex.join(command) for name, command in instance.commands(settings).items()}
    socket = instance.code_socket(settings)
    socket.unlink(missing_ok=True)
    # Asked too early, Dagster's daemon looks for its code server again only a minute later.
    wait = f"until [ -S {shlex.quote(str(socket))} ]; do sleep 0.2; done; exec "
    warehouse = str(Path(sys.executable).parent / "warehouse")
    consumers = {"rabbitmq": settings.rabbitmq_url, "kafka": settings.kafka_bootstrap_servers}
    return {
        "api": shlex.join([warehouse, "serve"]),
        "collector": shlex.join([warehouse, "collect"]),
        **{name: shlex.join([warehouse, "consume", name]) for name, broker in consumers.items() if broker is not None},
        "code": commands["code"],
        "dagster": wait + commands["daemon"],
        "dagster-ui": wait + commands["webserver"],
    }
