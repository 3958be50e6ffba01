"""`warehouse serve`: the read-only API as a long-lived service."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from warehouse.cli import listening
from warehouse.cli.listening import listen
from warehouse.cli.output import JsonOption, Output

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    import uvicorn
    from fastapi import FastAPI

    from warehouse.settings import Settings

#: So long a stop waits for the requests under way: as long as a query of an endpoint may run.
STOP_SECONDS = 30


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
    from functools import partial

    import uvicorn
    from uvicorn.supervisors import Multiprocess

    from serving_api import auth
    from warehouse.settings import get_settings

    settings = get_settings()
    token = secret = None
    guarded = settings.api_jwt_secret is not None or settings.api_jwks_url is not None
    address = listening.address_of(host, guarded=guarded, service="the API", keys="API_JWT_SECRET or API_JWKS_URL")
    if not guarded:
        secret = auth.development_secret()
        token = auth.sign(secret, "developer", auth.Role.ADMIN)
    certificate, key_file = listening.tls(settings)
    with listen(address, settings.api_port, "API_PORT") as listener, _shared_meters(settings.api_workers):
        # Made here as well, so that what is wrong with the settings is said before anything is started.
        app = make_app(settings, secret)
        url = listening.url(settings, address, settings.api_port)
        lines = [f"API at {url}, documentation at {url}/docs"]
        if token is None:
            lines.append(f"dashboards at {url}/, which ask for a token")
        else:
            lines.append(f"development token, good until this process ends:\n{token}")
            lines.append(f"dashboards, signed in with it:\n{url}/#token={token}")
        Output(json).result({"url": url, "token": token}, text="\n".join(lines))
        several = settings.api_workers > 1
        # No access log: paths with their parameters name people.
        config = uvicorn.Config(
            partial(make_app, settings, secret) if several else app,
            factory=several,
            workers=settings.api_workers,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=STOP_SECONDS,
            ssl_certfile=certificate,
            ssl_keyfile=key_file,
        )
        if several:
            Multiprocess(config, sockets=[listener]).run()
        else:
            _server(config, app).run(sockets=[listener])


def _server(config: uvicorn.Config, app: FastAPI) -> uvicorn.Server:
    """A server whose streams end when it stops; it would wait for pages that listen for publications."""
    import uvicorn

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.closing.close()
            await super().shutdown(sockets)

    return Server(config)


def make_app(settings: Settings, secret: str | None) -> FastAPI:
    """The API, in this process.

    Args:
        settings: from the environment.
        secret: of tokens, where no key is configured; all processes must share it.
    """
    from serving_api import auth
    from serving_api.app import create_app
    from serving_api.observing import logs

    logs.configure(settings.api_log_format)
    return create_app(settings, auth.authority(settings) if secret is None else auth.Authority(secret))


@contextmanager
def _shared_meters(workers: int) -> Iterator[None]:
    """Where several processes add up what they count, for as long as they live."""
    import os
    from tempfile import TemporaryDirectory

    from serving_api.observing import SHARED_METERS

    if workers == 1:
        yield
        return
    with TemporaryDirectory(prefix="warehouse-api-") as folder:
        os.environ[SHARED_METERS] = folder
        yield
