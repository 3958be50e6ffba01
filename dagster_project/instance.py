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
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import yaml

from dagster_project import manifest
from warehouse.errors import SettingsError, WarehouseError
from warehouse.locks import exclusive
from warehouse.settings import Settings, get_settings, project_root, shipped

if TYPE_CHECKING:
    from dagster import DagsterInstance

HOME_VARIABLE = "DAGSTER_HOME"
#: Named in the configuration, which so holds no password.
POSTGRES_VARIABLE = "DAGSTER_POSTGRES_URL"
LOCATION = "warehouse"
MIGRATION_SECONDS = 120.0
# The longest path of a socket, on the narrowest of our systems.
_SOCKET_BYTES = 103


def template(name: str = "dagster.yaml") -> Path:
    """The instance configuration that ships with the project, or another file beside it."""
    return shipped() / "deploy" / name


def dagster_home(settings: Settings) -> Path:
    """`DAGSTER_HOME` if somebody has set it, else a folder of the warehouse's home."""
    given = os.environ.get(HOME_VARIABLE)
    return Path(given) if given else settings.home / "dagster"


def prepare(settings: Settings) -> dict[str, str]:
    """Write the configuration, migrate the storage, parse the models; returns the children's environment.

    A `DAGSTER_HOME` of one's own keeps its configuration.

    Raises:
        WarehouseError: the models cannot be parsed, or Dagster's storage cannot be had.
    """
    home = dagster_home(settings)
    home.mkdir(parents=True, exist_ok=True)
    target, wanted = home / "dagster.yaml", configuration(home, settings)
    own = HOME_VARIABLE in os.environ and target.exists()
    if not own and (not target.exists() or target.read_text("utf-8") != wanted):
        target.write_text(wanted, encoding="utf-8")
    server = {"grpc_server": {"socket": str(code_socket(settings)), "location_name": LOCATION}}
    _workspace(settings).write_text(json.dumps({"load_from": [server]}, indent=1) + "\n", encoding="utf-8")
    with exclusive("dagster", settings, wait=MIGRATION_SECONDS):
        _migrate(home, settings)
    manifest.prepare(settings)
    return environment(settings)


def configuration(home: Path, settings: Settings | None = None) -> str:
    """The instance configuration for a Dagster home.

    Args:
        home: in which everything is kept.
        settings: say where runs are kept and started, and how many at once; by default those of the environment.

    Raises:
        SettingsError: runs are to be started in Kubernetes without what that needs.
    """
    settings = settings or get_settings()
    text = _filled(template(), home)
    given, declared = yaml.safe_load(text), yaml.safe_load(text)
    declared["concurrency"]["runs"]["max_concurrent_runs"] = settings.dagster_max_runs
    if settings.dagster_postgres_url is not None:
        del declared["event_log_storage"]
        declared["storage"] = {"postgres": {"postgres_url": {"env": POSTGRES_VARIABLE}}}
    if settings.dagster_launcher == "kubernetes":
        require_kubernetes(settings)
        declared["run_launcher"] = yaml.safe_load(_filled(template("dagster-kubernetes.yaml"), home))
    # As it is written, with its comments, where nothing is otherwise.
    return text if declared == given else yaml.safe_dump(declared, sort_keys=False)


def _filled(path: Path, home: Path) -> str:
    return Template(path.read_text("utf-8")).safe_substitute({HOME_VARIABLE: str(home)})


def require_kubernetes(settings: Settings) -> None:
    """See that runs can be Jobs of Kubernetes.

    Raises:
        SettingsError: Dagster's record is in files, or the library is not installed.
    """
    if settings.dagster_postgres_url is None:
        raise SettingsError(
            "DAGSTER_LAUNCHER is kubernetes, but Dagster's record is in files, which pods do not share",
            f"set {POSTGRES_VARIABLE} to a PostgreSQL that all of them reach",
        )
    if find_spec("dagster_k8s") is None:
        raise SettingsError(
            "DAGSTER_LAUNCHER is kubernetes, but dagster-k8s is not installed",
            "install the project with its extra `kubernetes`, or unset DAGSTER_LAUNCHER",
        )


def environment(settings: Settings) -> dict[str, str]:
    """What webserver, daemon and their code servers need besides the warehouse's own variables."""
    postgres = _postgres(settings)
    return {
        HOME_VARIABLE: str(dagster_home(settings)),
        "WAREHOUSE_HOME": str(settings.home),
        **({POSTGRES_VARIABLE: postgres} if postgres is not None else {}),
        "DO_NOT_TRACK": "1",
        # Compiled once, imports are three times as fast, and every run is a process that imports.
        "PYTHONDONTWRITEBYTECODE": "",
    }


def kept(settings: Settings) -> DagsterInstance:
    """The instance of the home, which must have been prepared; close it with `dispose` or `with`.

    Raises:
        SettingsError: PostgreSQL is configured, but what speaks to it is not installed.
        WarehouseError: PostgreSQL does not answer or refuses the login.
    """
    from dagster import DagsterInstance

    home = str(dagster_home(settings))
    address = _postgres(settings)
    if address is None:
        return DagsterInstance.from_config(home)
    try:
        from dagster_postgres.utils import DagsterPostgresException
        from sqlalchemy.exc import SQLAlchemyError
    except ImportError as error:
        raise SettingsError(
            f"{POSTGRES_VARIABLE} is set, but dagster-postgres is not installed",
            f"install the project with its extra `postgres`, or unset {POSTGRES_VARIABLE}",
        ) from error
    # Where the configuration looks for it; the setting may come from a file.
    os.environ[POSTGRES_VARIABLE] = address
    try:
        return DagsterInstance.from_config(home)
    except (DagsterPostgresException, SQLAlchemyError) as error:
        # Without the error's own text: it may hold the address with the password.
        raise WarehouseError(
            f"Dagster's storage cannot be had ({type(error).__name__})",
            f"check {POSTGRES_VARIABLE}, and that PostgreSQL answers",
        ) from None


def _postgres(settings: Settings) -> str | None:
    """The address as Dagster needs it: its storage is written for psycopg2, which is not SQLAlchemy's default."""
    if settings.dagster_postgres_url is None:
        return None
    scheme, separator, rest = settings.dagster_postgres_url.get_secret_value().partition("://")
    return f"{'postgresql+psycopg2' if scheme in ('postgres', 'postgresql') else scheme}{separator}{rest}"


def _migrate(home: Path, settings: Settings) -> None:
    """Create or upgrade the storage before two processes try to at once; nothing to do for a known version.

    The upgrade opens the file of every run there is, so it is not for every start. Pools are made known, too: the
    queue learns of one with the first runs that want it, and lets all of these go at once.
    """
    from dagster_project.asset_keys import POOLS

    address = _postgres(settings)
    where = "" if address is None else hashlib.sha256(address.encode()).hexdigest()
    stamp, current = home / ".migrated", " ".join(filter(None, (version("dagster"), *POOLS, where)))
    if stamp.exists() and stamp.read_text("utf-8") == current:
        return
    with redirect_stdout(sys.stderr), kept(settings) as instance:
        instance.upgrade()
        for pool in POOLS:
            instance.event_log_storage.initialize_concurrency_limit_to_default(pool)
    stamp.write_text(current, encoding="utf-8")


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
    root = str(project_root())
    workspace = ["--log-level", "warning", "-w", str(_workspace(settings))]
    return {
        "code": [
            program("dagster"),
            *("code-server", "start", "-m", "dagster_project.definitions", "-d", root),
            *("--location-name", LOCATION, "--socket", str(code_socket(settings)), "--log-level", "warning"),
        ],
        "webserver": [
            program("dagster-webserver"),
            *("-h", host, "-p", str(settings.dagster_port), *workspace),
        ],
        "daemon": [program("dagster-daemon"), "run", *workspace],
    }


def program(name: str) -> str:
    """Path of one of Dagster's programs, as they are installed beside this Python."""
    return str(Path(sys.executable).parent / name)


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
