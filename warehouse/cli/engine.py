"""`warehouse start | stop | status | doctor`: the engine's life, and the health of the installation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from warehouse.cli.output import JsonOption, Output

if TYPE_CHECKING:
    from warehouse.engine.process import Running
    from warehouse.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(start)
    app.command()(stop)
    app.command()(status)
    app.command()(doctor)


def start(json: JsonOption = False) -> None:
    """Start the embedded ClickHouse in the background; returns when it answers."""
    from warehouse.engine import process
    from warehouse.settings import get_settings

    settings = get_settings()
    if not settings.embedded:
        Output(json).result(_server(settings))
        return
    Output(json).result(_told(process.start(settings)))


def stop(json: JsonOption = False) -> None:
    """Stop the embedded ClickHouse; it is no error when none is running."""
    from warehouse.engine import process
    from warehouse.errors import EngineError
    from warehouse.settings import get_settings

    settings = get_settings()
    if not settings.embedded:
        raise EngineError("CLICKHOUSE_URL names a server, which is not ours to stop", "unset CLICKHOUSE_URL")
    before = process.status(settings)
    stopped = process.stop(settings)
    answer: dict[str, Any] = {"url": None, "pid": None, "version": None}
    if before is not None:
        answer = {"url": before.url, "pid": before.pid, "version": before.version}
    Output(json).result(
        answer | {"running": False, "stopped": stopped}, text="stopped" if stopped else "was not running"
    )


def status(json: JsonOption = False) -> None:
    """Say whether ClickHouse runs, and where."""
    from warehouse.engine import process
    from warehouse.settings import get_settings

    settings = get_settings()
    if not settings.embedded:
        Output(json).result(_server(settings))
        return
    running = process.status(settings)
    if running is None:
        answer = {"url": None, "pid": None, "version": None, "running": False}
        Output(json).result(answer, text="not running; start it with `warehouse start`")
        return
    Output(json).result(_told(running))


def doctor(json: JsonOption = False) -> None:
    """Check the installation and say what to do about what is found; ends 1 if anything is wrong."""
    from warehouse.engine.checks import run_checks

    output = Output(json)
    findings = run_checks()
    ok = all(finding.ok for finding in findings)
    lines = []
    for finding in findings:
        lines.append(f"{'ok  ' if finding.ok else 'FAIL'} {finding.name}: {finding.detail}")
        if finding.hint and not finding.ok:
            lines.append(f"     hint: {finding.hint}")
    checks = [finding.as_dict() for finding in findings]
    output.result({"ok": ok, "checks": checks}, text="\n".join(lines))
    if not ok:
        raise typer.Exit(1)


def _told(running: Running) -> dict[str, Any]:
    answer = {"url": running.url, "pid": running.pid, "version": running.version, "running": True}
    # How often it ended by itself and was started again (ADR 29).
    return answer | {"restarts": running.restarts}


def _server(settings: Settings) -> dict[str, Any]:
    from warehouse.client import Identity, connect, http_endpoint

    # The reader's password is the one that every part of a deployment may have.
    client = connect(Identity.READER, settings)
    url = http_endpoint(Identity.READER, settings).url
    return {"url": url, "pid": None, "version": client.server_version, "running": True}
