"""What `warehouse doctor` looks at. Other parts add theirs with `CHECKS.append(Check(name, function))`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass

from warehouse.engine import library, process
from warehouse.engine.ports import choose_port
from warehouse.engine.state import find
from warehouse.errors import WarehouseError
from warehouse.settings import DEFAULT_HTTP_PORT, DEFAULT_TCP_PORT, Identity, Settings, get_settings

OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Check:
    """A named look at the installation.

    `run` returns what it saw, for people, and raises WarehouseError with a hint when something is wrong.
    """

    name: str
    run: Callable[[Settings], str]


@dataclass(frozen=True, slots=True)
class Finding:
    """Outcome of a check; `hint` says what to do when it is not `ok`."""

    name: str
    ok: bool
    detail: str
    hint: str

    def as_dict(self) -> dict[str, str | bool]:
        """For `--json`."""
        return asdict(self)


def run_checks() -> list[Finding]:
    """Run every registered check, in order; one that fails does not keep the others from running."""
    try:
        settings = get_settings()
    except WarehouseError as error:
        return [Finding("settings", False, error.message, error.hint)]
    return [_run(check, settings) for check in CHECKS]


def _run(check: Check, settings: Settings) -> Finding:
    try:
        return Finding(check.name, True, check.run(settings), "")
    except WarehouseError as error:
        return Finding(check.name, False, error.message, error.hint)


def _python(_: Settings) -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        oldest = ".".join(map(str, OLDEST_PYTHON))
        raise WarehouseError(f"Python {version} is too old", f"use Python {oldest} or newer")
    return version


def _engine(settings: Settings) -> str:
    return str(library.find(settings)) if settings.embedded else "not needed, CLICKHOUSE_URL is set"


def _home(settings: Settings) -> str:
    process.check_home(settings)
    return f"{settings.home} is writable"


def _disk(settings: Settings) -> str:
    free = process.check_space(settings.home)
    return f"{free / (1 << 30):.1f} GiB free"


def _ports(settings: Settings) -> str:
    if not settings.embedded:
        return "not needed, CLICKHOUSE_URL is set"
    state = find(settings)
    if state is not None:
        return f"the engine has {state.ports.http} (HTTP) and {state.ports.tcp} (TCP)"
    http = choose_port(settings.http_port, DEFAULT_HTTP_PORT, "WAREHOUSE_HTTP_PORT")
    tcp = choose_port(settings.tcp_port, DEFAULT_TCP_PORT, "WAREHOUSE_TCP_PORT", besides=http)
    return f"{http} (HTTP) and {tcp} (TCP) are free"


def _answers(settings: Settings) -> str:
    from warehouse.client import connect, http_endpoint

    client = connect(Identity.READER, settings)
    return f"{http_endpoint(Identity.READER, settings).url} is ClickHouse {client.server_version}"


def _identities(settings: Settings) -> str:
    from warehouse.client import connect

    checked = [identity for identity in Identity if identity is not Identity.ADMIN]
    for identity in checked:
        connect(identity, settings)
    return f"{', '.join(checked)} can log in"


def _encryption(settings: Settings) -> str:
    from warehouse.connections import unencrypted

    # In a network of one's own this may be as it should.
    found = unencrypted(settings)
    return f"in clear, or to a server nobody verifies: {', '.join(found)}" if found else "nothing leaves here in clear"


CHECKS: list[Check] = [
    Check("python", _python),
    Check("engine library", _engine),
    Check("home", _home),
    Check("disk space", _disk),
    Check("ports", _ports),
    Check("engine answers", _answers),
    Check("identities", _identities),
    Check("encryption", _encryption),
]
