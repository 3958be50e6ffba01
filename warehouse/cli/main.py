"""Entry point of `warehouse`.

A module of commands has `register(app)` and keeps heavy imports inside its commands, so that every command
(and `--help`) starts fast. To add one, add a line to `COMMANDS`.
"""

from __future__ import annotations

import sys

import typer

from warehouse.cli import (
    alerts,
    backups,
    building,
    collect,
    consume,
    dagster,
    docs,
    engine,
    extract,
    foresight,
    landing,
    privacy,
    publications,
    quarantine,
    reports,
    retention,
    running,
    serve,
)
from warehouse.cli.output import Output
from warehouse.errors import WarehouseError

COMMANDS = (
    *(engine, landing, extract, collect, consume, quarantine, building, foresight, publications),
    *(reports, backups, retention, privacy, alerts, running, dagster, serve, docs),
)

app = typer.Typer(
    name="warehouse",
    help="Events in, checked marts out: the analytics warehouse.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
for module in COMMANDS:
    module.register(app)


def main() -> None:
    """Run the command line: 0 success, 1 failure, 2 wrong usage, 130 interrupted."""
    arguments = sys.argv[1:]
    if "--" in arguments:
        arguments = arguments[: arguments.index("--")]
    output = Output(json="--json" in arguments)
    try:
        app()
    except WarehouseError as error:
        output.error(error.message, error.hint)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        # Looked up, not imported: commands that never talk to ClickHouse should not load its client.
        driver = sys.modules.get("clickhouse_connect.driver.exceptions")
        if driver is None or not isinstance(error, driver.ClickHouseError):
            raise
        from warehouse.failures import explained

        failure = explained(error)
        output.error(failure.message, failure.hint)
        sys.exit(1)


if __name__ == "__main__":
    main()
