"""`warehouse serve`: the read-only API as a long-lived service."""

from __future__ import annotations

from typing import Annotated

import typer

from warehouse.cli.output import JsonOption, Output

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - only when tokens are checked with a key that somebody configured
STOP_SECONDS = 10


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(serve)


def serve(
    host: Annotated[
        str | None,
        typer.Option(help="Address to listen on; all of them with API_JWT_SECRET or API_JWKS_URL set."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Serve the API on API_PORT until Ctrl-C; without a configured key on loopback, with a printed token."""
    import logging
    import socket

    import uvicorn

    from serving_api import auth
    from serving_api.app import create_app
    from warehouse.errors import SettingsError, WarehouseError
    from warehouse.settings import get_settings

    settings = get_settings()
    token: str | None = None
    if settings.api_jwt_secret is None and settings.api_jwks_url is None:
        if host not in (None, LOOPBACK, "localhost"):
            raise SettingsError(
                f"without a key to check tokens with, the API listens on loopback only, not on {host}",
                "set API_JWT_SECRET or API_JWKS_URL",
            )
        address = LOOPBACK
        secret = auth.development_secret()
        keys = auth.Authority(secret)
        token = auth.sign(secret, "developer", auth.Role.ADMIN)
    else:
        address = host or EVERYWHERE
        keys = auth.authority(settings)
    app = create_app(settings, keys)
    # Bound here and not by uvicorn, so that the printed address is one that answers.
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, settings.api_port))
        listener.listen()
    except OSError as error:
        raise WarehouseError(
            f"port {settings.api_port} of {address} cannot be used: {error.strerror}",
            "set API_PORT to a free port",
        ) from error
    shown = LOOPBACK if address == EVERYWHERE else address
    url = f"http://{shown}:{settings.api_port}"
    lines = [f"API at {url}, documentation at {url}/docs"]
    if token is not None:
        lines.append(f"development token, good until this process ends:\n{token}")
    Output(json).result({"url": url, "token": token}, text="\n".join(lines))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # No access log: paths with their parameters name people.
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    with listener:
        uvicorn.Server(config).run(sockets=[listener])
