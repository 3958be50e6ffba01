"""`warehouse dagster code | daemon | webserver | api`: Dagster's processes one by one, for a supervisor or containers.

`warehouse up` runs all of them. They share a home, and with it the socket of the code server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from warehouse import loopback

if TYPE_CHECKING:
    from typing import NoReturn

    from warehouse.settings import Settings

dagster = typer.Typer(help="Run one of Dagster's processes until Ctrl-C.", no_args_is_help=True)

WAIT_SECONDS = 300
_LOOK_SECONDS = 0.2


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(dagster, name="dagster")


@dagster.command()
def code() -> None:
    """Prepare Dagster's home and serve the definitions to daemon and webserver of the same home."""
    from dagster_project import instance
    from warehouse.settings import get_settings

    settings = get_settings()
    instance.prepare(settings)
    # Left by a code server that was killed; a new one cannot listen there.
    instance.code_socket(settings).unlink(missing_ok=True)
    _become("code", settings)


@dagster.command()
def daemon() -> None:
    """Run schedules, sensors and runs, when the code server answers."""
    from warehouse.settings import get_settings

    settings = get_settings()
    _wait_for_code(settings)
    _become("daemon", settings)


@dagster.command()
def webserver(
    host: Annotated[
        str, typer.Option(help="Address to listen on; whoever reaches it may do everything.")
    ] = loopback.ADDRESS,
) -> None:
    """Serve Dagster's UI on DAGSTER_PORT, when the code server answers."""
    from warehouse.settings import get_settings

    settings = get_settings()
    _wait_for_code(settings)
    _become("webserver", settings, host)


@dagster.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def api(context: typer.Context) -> None:
    """What Dagster itself starts in a container of the image: code servers, runs and steps (`dagster api …`)."""
    import os

    from dagster_project import instance

    command = [instance.program("dagster"), "api", *context.args]
    os.execve(command[0], command, {**os.environ, "DO_NOT_TRACK": "1"})


def _wait_for_code(settings: Settings) -> None:
    """Returns when the code server answers; asked too early, the daemon looks again only a minute later."""
    import time

    from dagster_project import instance
    from warehouse.errors import WarehouseError

    until = time.monotonic() + WAIT_SECONDS
    while not instance.code_server_answers(settings):
        if time.monotonic() > until:
            raise WarehouseError(
                f"no code server answers at {instance.code_socket(settings)}", "start `warehouse dagster code` first"
            )
        time.sleep(_LOOK_SECONDS)


def _become(name: str, settings: Settings, host: str = loopback.ADDRESS) -> NoReturn:
    import os

    from dagster_project import instance

    command = instance.commands(settings, host)[name]
    os.execve(command[0], command, {**os.environ, **instance.environment(settings)})
