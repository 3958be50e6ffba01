"""Dagster's home inside the warehouse's: written, migrated and ready for webserver and daemon."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import sys
import tempfile
from contextlib import redirect_stdout
from importlib.metadata import version
from pathlib import Path
from string import Template

from dagster_project import manifest
from warehouse.locks import exclusive
from warehouse.settings import Settings, project_root, shipped

HOME_VARIABLE = "DAGSTER_HOME"
LOCATION = "warehouse"
MIGRATION_SECONDS = 120.0
# The longest path of a socket, on the narrowest of our systems.
_SOCKET_BYTES = 103


def template() -> Path:
    """The instance configuration that ships with the project."""
    return shipped() / "deploy" / "dagster.yaml"


def dagster_home(settings: Settings) -> Path:
    """`DAGSTER_HOME` if somebody has set it, else a folder of the warehouse's home."""
    given = os.environ.get(HOME_VARIABLE)
    return Path(given) if given else settings.home / "dagster"


def prepare(settings: Settings) -> dict[str, str]:
    """Write the configuration, migrate the storage, parse the models; returns the children's environment.

    A `DAGSTER_HOME` of one's own keeps its configuration.

    Raises:
        WarehouseError: the models cannot be parsed.
    """
    home = dagster_home(settings)
    home.mkdir(parents=True, exist_ok=True)
    target, wanted = home / "dagster.yaml", configuration(home)
    own = HOME_VARIABLE in os.environ and target.exists()
    if not own and (not target.exists() or target.read_text("utf-8") != wanted):
        target.write_text(wanted, encoding="utf-8")
    server = {"grpc_server": {"socket": str(code_socket(settings)), "location_name": LOCATION}}
    _workspace(settings).write_text(json.dumps({"load_from": [server]}, indent=1) + "\n", encoding="utf-8")
    with exclusive("dagster", settings, wait=MIGRATION_SECONDS):
        _migrate(home)
    manifest.prepare(settings)
    return environment(settings)


def configuration(home: Path) -> str:
    """The instance configuration for a Dagster home."""
    return Template(template().read_text("utf-8")).safe_substitute({HOME_VARIABLE: str(home)})


def environment(settings: Settings) -> dict[str, str]:
    """What webserver, daemon and their code servers need besides the warehouse's own variables."""
    return {
        HOME_VARIABLE: str(dagster_home(settings)),
        "WAREHOUSE_HOME": str(settings.home),
        "DO_NOT_TRACK": "1",
        # Compiled once, imports are three times as fast, and every run is a process that imports.
        "PYTHONDONTWRITEBYTECODE": "",
    }


def _migrate(home: Path) -> None:
    """Create or upgrade the storage before two processes try to at once; nothing to do for a known version.

    The upgrade opens the file of every run there is, so it is not for every start.
    """
    stamp, installed = home / ".migrated", version("dagster")
    if stamp.exists() and stamp.read_text("utf-8") == installed:
        return
    from dagster import DagsterInstance

    with redirect_stdout(sys.stderr), DagsterInstance.from_config(str(home)) as instance:
        instance.upgrade()
    stamp.write_text(installed, encoding="utf-8")


def code_server_answers(settings: Settings) -> bool:
    """Whether the code server listens; started earlier, the daemon complains and looks again in a minute."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(code_socket(settings))) == 0


def commands(settings: Settings, host: str = "127.0.0.1") -> dict[str, list[str]]:
    """Command lines of the processes, by name; run them with `environment`, `code` first.

    `host` is where the webserver listens. Webserver and daemon share one code server: with the project's
    `workspace.yaml`, which is for a look at the definitions, each has its own, and the daemon starts another every
    minute.
    """
    scripts, root = Path(sys.executable).parent, str(project_root())
    workspace = ["--log-level", "warning", "-w", str(_workspace(settings))]
    return {
        "code": [
            str(scripts / "dagster"),
            *("code-server", "start", "-m", "dagster_project.definitions", "-d", root),
            *("--location-name", LOCATION, "--socket", str(code_socket(settings)), "--log-level", "warning"),
        ],
        "webserver": [
            str(scripts / "dagster-webserver"),
            *("-h", host, "-p", str(settings.dagster_port), *workspace),
        ],
        "daemon": [str(scripts / "dagster-daemon"), "run", *workspace],
    }


def _workspace(settings: Settings) -> Path:
    return dagster_home(settings) / "workspace.yaml"


def code_socket(settings: Settings) -> Path:
    """Where the code server listens: in the home, which daemon and webserver share with it wherever they run.

    In the temporary folder where that path is too long to be a socket's.
    """
    beside = dagster_home(settings) / "code.sock"
    if len(os.fsencode(beside)) <= _SOCKET_BYTES:
        return beside
    name = hashlib.sha256(str(settings.home).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"warehouse-{name}.sock"
