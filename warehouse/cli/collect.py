"""`warehouse collect`: the HTTP collector as a long-lived service."""

from __future__ import annotations

from typing import Annotated

import typer

from warehouse.cli import listening
from warehouse.cli.listening import listen
from warehouse.cli.output import JsonOption, Output

STOP_SECONDS = 10
# Another process may be landing what an earlier collector left.
LOCK_SECONDS = 60.0
BACKLOG = 1024
# Threads of Python take turns; a request should not wait a whole default turn (5 ms) for the landing thread.
TURN_SECONDS = 0.0005


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(collect)


def collect(
    host: Annotated[
        str | None,
        typer.Option(help="Address to listen on; all of them with COLLECTOR_API_KEYS or a key of tokens set."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Take events on COLLECTOR_PORT until Ctrl-C; without a configured key on loopback, with a printed one."""
    import gc
    import logging
    import os
    import signal
    import sys

    import uvicorn

    from ingestion.doors.collector import lock_of
    from ingestion.doors.collector.access import configured_access, development_access
    from ingestion.doors.collector.app import create_app
    from warehouse.errors import WarehouseError
    from warehouse.locks import exclusive
    from warehouse.settings import get_settings

    output = Output(json)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings = get_settings()
    access, key = configured_access(settings), None
    keys = "COLLECTOR_API_KEYS, API_JWT_SECRET or API_JWKS_URL"
    address = listening.address_of(host, guarded=access is not None, service="the collector", keys=keys)
    if access is None:
        access, key = development_access(settings)
    certificate, key_file = listening.tls(settings)
    sys.setswitchinterval(TURN_SECONDS)
    _try_engine(output)
    landing_died = False

    def died() -> None:
        nonlocal landing_died
        landing_died = server.should_exit = True

    with (
        exclusive(lock_of(settings), settings, wait=LOCK_SECONDS),
        listen(address, settings.collector_port, "COLLECTOR_PORT", BACKLOG) as listener,
    ):
        app = create_app(settings, access, died)
        # No access log: at this rate it would cost more than the requests.
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            lifespan="on",
            backlog=BACKLOG,
            timeout_graceful_shutdown=STOP_SECONDS,
            ssl_certfile=certificate,
            ssl_keyfile=key_file,
        )
        server = uvicorn.Server(config)
        url = listening.url(settings, address, settings.collector_port)
        lines = [f"collector at {url}/api/analytics/events, documentation at {url}/docs"]
        if key is not None:
            lines.append(f"development key of this home:\n{key}")
        output.result({"url": url, "key": key}, text="\n".join(lines))
        # After a clean stop uvicorn raises the signal again that stopped it.
        signal.signal(signal.SIGTERM, lambda *_: None)
        code = 0
        # What is loaded by now stays; looking through it for garbage would stop all requests for tens of ms.
        gc.collect()
        gc.freeze()
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            code = 130
    if not server.started:
        code = 1
    if landing_died:
        raise WarehouseError("landing has ended unexpectedly", "see the log; start the collector again")
    # A statement that ClickHouse does not answer must not keep the process; its segment stays in the spool.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _try_engine(output: Output) -> None:
    """Start the embedded ClickHouse when it is not running; events are taken without it, too."""
    from warehouse.cli.ready import ready
    from warehouse.errors import WarehouseError

    try:
        ready()
    except WarehouseError as error:
        output.log(f"warning: {error}; events wait in the spool until ClickHouse answers")
