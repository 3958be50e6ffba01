"""A published engine, and the API over real HTTP."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
import yaml
from clickhouse_connect.driver.client import Client
from fastapi import FastAPI

from serving_api.app import create_app
from serving_api.auth import Authority, Role, sign
from tests.conftest import running_home
from tests.servers.dagster import running_dagster
from tests.serving_api.published import publish
from warehouse.client import Identity, connect
from warehouse.settings import Settings

SECRET = "a-secret-of-the-tests-with-more-than-32-bytes, long enough for HS512 as well"

Serve = Callable[[FastAPI], AbstractContextManager[str]]


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Run an application on a free port of loopback; yields its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    started = threading.Event()
    while not server.started and thread.is_alive():
        started.wait(0.01)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def endpoint_file(name: str, sql: str, **header: Any) -> str:
    """Text of an endpoint file at `/api/<name>` for admins, of rows with a column `number` unless told otherwise."""
    number = {"type": "UInt64", "description": "d"}
    told: dict[str, Any] = {
        "path": f"/api/{name}",
        **dict.fromkeys(("summary", "description", "source"), "s"),
        "marts": ["revenue"],
        "roles": ["admin"],
        "grain": "g",
        "order": ["number"],
        "columns": {"number": number},
    }
    return f"/*\n{yaml.safe_dump(told | header, sort_keys=False)}*/\n{sql}\n"


def bearer(role: Role, subject: str = "somebody") -> dict[str, str]:
    """The header of a token."""
    return {"Authorization": f"Bearer {sign(SECRET, subject, role)}"}


class Asking:
    """A request that is under way, whose answer can be waited for or left."""

    def __init__(self, address: str, path: str) -> None:
        self._connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
        self._connection.request("GET", path, headers=bearer(Role.ADMIN))

    def answer(self) -> tuple[int, bytes]:
        """Status and content."""
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def leave(self) -> None:
        """Close the connection."""
        self._connection.close()


@pytest.fixture(scope="session", autouse=True)
def unhurried() -> Iterator[None]:
    """Nobody is too fast, but where a test says so."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("API_RATE_PER_MINUTE", "0")
        yield


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A migrated engine for these tests alone: they publish, switch and roll back."""
    with running_home(tmp_path_factory.mktemp("home")) as settings:
        # No Dagster, and never one that happens to run on this machine.
        yield settings.model_copy(update={"dagster_port": 1, "dagster_url": None})


@pytest.fixture(scope="session")
def admin(engine: Settings) -> Client:
    """A connection that may do everything."""
    return connect(Identity.ADMIN, engine)


@pytest.fixture(scope="session")
def url(engine: Settings, admin: Client) -> Iterator[str]:
    """Address of the API, with generation 1 published."""
    publish(admin, 1)
    with serving(create_app(engine, Authority(SECRET))) as address:
        yield address


@pytest.fixture(scope="session")
def queued(engine: Settings, url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an API with a Dagster that takes runs and never starts them."""
    folder = tmp_path_factory.mktemp("dagster") / "home"
    with (
        running_dagster(engine, folder, launches=False) as settings,
        serving(create_app(settings, Authority(SECRET))) as address,
    ):
        yield address


@pytest.fixture
def analyst(url: str) -> Iterator[httpx.Client]:
    """A client with the token of an analyst."""
    with httpx.Client(base_url=url, headers=bearer(Role.ANALYST), timeout=30) as client:
        yield client


@pytest.fixture
def admin_client(url: str) -> Iterator[httpx.Client]:
    """A client with the token of an admin who has rows of his own."""
    with httpx.Client(base_url=url, headers=bearer(Role.ADMIN, "free-1"), timeout=30) as client:
        yield client


@pytest.fixture
def endpoint_folder(tmp_path: Path) -> Path:
    """An empty folder for endpoint files."""
    folder = tmp_path / "endpoints"
    folder.mkdir()
    return folder
