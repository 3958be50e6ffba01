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

#: So long one of several processes may say nothing before it counts as hung: on a busy machine it takes a while to
#: load, and one that is killed meanwhile, and started anew, never gets there.
SILENT_SECONDS = 60
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
    from warehouse.errors import SettingsError
    from warehouse.settings import get_settings

    settings = get_settings()
    token = secret = None
    guarded = settings.api_jwt_secret is not None or settings.api_jwks_url is not None
    address = listening.address_of(host, guarded=guarded, service="the API", keys="API_JWT_SECRET or API_JWKS_URL")
    if not guarded:
        secret = auth.development_secret()
        token = auth.sign(secret, "developer", auth.Role.ADMIN)
    if settings.api_port_shared and secret is not None:
        raise SettingsError(
            "several processes at one port need a key that all of them check tokens with",
            "set API_JWT_SECRET or API_JWKS_URL, or unset API_PORT_SHARED",
        )
    certificate, key_file = listening.tls(settings)
    with (
        listen(address, settings.api_port, "API_PORT", shared=settings.api_port_shared) as listener,
        _shared_meters(settings),
    ):
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
            partial(_worker, settings, secret) if several else app,
            factory=several,
            workers=settings.api_workers,
            timeout_worker_healthcheck=SILENT_SECONDS,
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


def _worker(settings: Settings, secret: str | None) -> FastAPI:
    """The API in one of several processes, which stops when the one that started it has died.

    Left alone it would keep the port, and nobody could start the API anew.
    """
    import os
    import signal
    from multiprocessing import parent_process
    from threading import Thread

    def follow() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=follow, name="follows its parent", daemon=True).start()
    return make_app(settings, secret)


@contextmanager
def _shared_meters(settings: Settings) -> Iterator[None]:
    """Where several processes add up what they count, for as long as one of them lives."""
    import os
    import shutil
    from tempfile import TemporaryDirectory

    from serving_api.observing import SHARED_METERS
    from warehouse.errors import LockHeld
    from warehouse.locks import exclusive, shared

    if settings.api_port_shared:
        name = f"api-{settings.api_port}"
        folder = settings.home / "meters" / name
        try:
            with exclusive(name, settings):
                shutil.rmtree(folder, ignore_errors=True)
        except LockHeld:
            pass
        with shared(name, settings):
            folder.mkdir(parents=True, exist_ok=True)
            os.environ[SHARED_METERS] = str(folder)
            yield
    elif settings.api_workers > 1:
        with TemporaryDirectory(prefix="warehouse-api-") as temporary:
            os.environ[SHARED_METERS] = temporary
            yield
    else:
        yield
