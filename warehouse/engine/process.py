"""Start, stop and ask the embedded engine."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from warehouse import secret_files
from warehouse.engine import library
from warehouse.engine.config import Files, Ports, write
from warehouse.engine.ports import choose_port
from warehouse.engine.state import State, find, is_locked, read_state, take_lock
from warehouse.errors import EngineError
from warehouse.settings import DEFAULT_HTTP_PORT, DEFAULT_TCP_PORT, Identity, Settings

START_SECONDS = 120.0
STOP_SECONDS = 30.0
MINIMUM_FREE_BYTES = 256 << 20
_SPACE_HINT = f"free at least {MINIMUM_FREE_BYTES >> 20} MiB, or set WAREHOUSE_HOME to a larger disk"
_WHO = "SELECT version(), path FROM system.disks WHERE name = 'default' FORMAT TSVRaw"
_POLL_SECONDS = 0.03
_PORT_ATTEMPTS = 5
_LOG_KEPT_BYTES = 16 << 20
_LOG_LINES_SHOWN = 5
_STACK_FRAME = re.compile(r"\d+\. |\s*\(version ")

# Children of this very process, kept so that they can be reaped once they have ended.
_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True, slots=True)
class Running:
    """An engine that answers: HTTP address, process id, TCP port, ClickHouse version, how often it came back."""

    url: str
    pid: int
    tcp_port: int
    version: str
    restarts: int


def start(settings: Settings) -> Running:
    """Start the engine of this home and wait until it answers; one that runs already is just reported.

    Raises:
        EngineError: with the last lines of the engine's log and a hint, when it does not come up.
        SettingsError: the home cannot hold the credentials.
    """
    files = Files(settings.engine_home)
    check_home(settings)
    check_space(settings.home)
    with files.start_lock.open("a") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        lock = take_lock(files)
        if lock is None:
            return _wait_for_running(files, settings)
        try:
            engine = library.find(settings)
            return _start_on_free_ports(engine, files, settings, lock)
        finally:
            os.close(lock)


def stop(settings: Settings, *, timeout: float = STOP_SECONDS) -> bool:
    """Stop the engine cleanly, by force after `timeout` seconds; False when none was running.

    Raises:
        EngineError: it belongs to another user, or does not go away.
    """
    files = Files(settings.engine_home)
    if not is_locked(files.lock):
        return False
    for number, seconds in ((signal.SIGTERM, timeout), (signal.SIGKILL, 10.0)):
        _signal(files, number)
        if _wait_until(lambda: not is_locked(files.lock), seconds):
            state = read_state(files)
            if state is not None:
                _reap(state.supervisor)
            files.state.unlink(missing_ok=True)
            return True
    raise EngineError(f"the engine of {settings.home} does not stop", f"see {files.log}")


def _signal(files: Files, number: signal.Signals) -> None:
    """Tell the supervisor, which tells the engine; by force, or when it is gone, the engine as well."""
    supervised = is_locked(files.supervisor_lock)
    if supervised:
        _kill(lambda state: state.supervisor, files, number)
    if not supervised or number == signal.SIGKILL:
        _kill(lambda state: state.pid, files, number)


def _kill(whom: Callable[[State], int], files: Files, number: signal.Signals) -> None:
    state = read_state(files)
    if state is None:
        raise EngineError(
            f"an engine holds {files.lock} but did not say its process id",
            f"it may be starting: try again; else see {files.log}",
        )
    try:
        os.kill(whom(state), number)
    except ProcessLookupError:
        pass
    except PermissionError as error:
        raise EngineError(f"the engine (pid {state.pid}) belongs to another user", "stop it as that user") from error


def status(settings: Settings) -> Running | None:
    """The engine of this home if one runs and answers, else None."""
    state = find(settings)
    if state is None:
        return None
    version = _version(state, settings)
    return None if version is None else _running(state, version)


def check_home(settings: Settings) -> None:
    """Make the engine's folders and see that they can be written.

    Raises:
        EngineError: they cannot.
    """
    files = Files(settings.engine_home)
    try:
        files.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = files.folder / f".probe-{os.getpid()}"
        try:
            probe.write_bytes(b"x" * 4096)
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        raise _home_error(error, settings.home) from error


def check_space(home: Path) -> int:
    """Bytes free on the disk of `home`, which need not exist yet.

    Raises:
        EngineError: less than MINIMUM_FREE_BYTES.
    """
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    if free < MINIMUM_FREE_BYTES:
        raise EngineError(f"no space left for the engine: {free >> 20} MiB free in {home}", _SPACE_HINT)
    return free


def _home_error(error: OSError, home: Path) -> EngineError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return EngineError(f"no space left for the engine in {home}", _SPACE_HINT)
    return EngineError(
        f"cannot write to {home}: {error.strerror}",
        "make the directory writable or set WAREHOUSE_HOME to another one",
    )


def _start_on_free_ports(engine: library.Engine, files: Files, settings: Settings, lock: int) -> Running:
    failure: EngineError | None = None
    http_from, tcp_from = DEFAULT_HTTP_PORT, DEFAULT_TCP_PORT
    for _ in range(_PORT_ATTEMPTS):
        http = choose_port(settings.http_port, http_from, "WAREHOUSE_HTTP_PORT")
        tcp = choose_port(settings.tcp_port, tcp_from, "WAREHOUSE_TCP_PORT", besides=http)
        try:
            return _start_once(engine, files, settings, Ports(http, tcp), lock)
        except _PortTaken as error:
            # Another process took the port between our look and the engine's.
            failure = error
            http_from, tcp_from = http + 1, tcp + 1
    raise failure or EngineError("no free ports", "set WAREHOUSE_HTTP_PORT and WAREHOUSE_TCP_PORT")


class _PortTaken(EngineError):
    """The engine found its port taken."""


def _start_once(engine: library.Engine, files: Files, settings: Settings, ports: Ports, lock: int) -> Running:
    try:
        write(files, ports, settings, with_bootstrap=not engine.is_binary)
        files.state.unlink(missing_ok=True)
        if files.log.exists() and files.log.stat().st_size > _LOG_KEPT_BYTES:
            files.log.replace(files.log.with_suffix(".log.1"))
        log = files.log.open("ab")
    except OSError as error:
        raise _home_error(error, settings.home) from error
    with log:
        log_start = log.tell()
        child = subprocess.Popen(
            _command(engine, files, ports),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=files.folder,
            env=_environment(),
            start_new_session=True,
            pass_fds=(lock,),
        )
    _children[child.pid] = child
    deadline = time.monotonic() + START_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        state = read_state(files)
        version = _version(state, settings) if state is not None else None
        if state is not None and version is not None:
            # Whoever ends it from now on finds it started again.
            child.send_signal(signal.SIGUSR1)
            return _running(state, version)
        time.sleep(_POLL_SECONDS)
    if child.poll() is None:
        stop(settings, timeout=0)
    _reap(child.pid)
    raise _start_failure(files.log, log_start, settings, ports)


def _command(engine: library.Engine, files: Files, ports: Ports) -> list[str]:
    command = [sys.executable, "-m", "warehouse.engine.supervisor"]
    command += ["--lock", str(files.supervisor_lock), "--state", str(files.state)]
    command += ["--http-port", str(ports.http), "--tcp-port", str(ports.tcp), "--"]
    if engine.is_binary:
        return [*command, str(engine.path), "server", f"--config-file={files.config}"]
    command += [sys.executable, "-m", "warehouse.engine.host", "--library", str(engine.path)]
    return [*command, "--config", str(files.config), "--data", str(files.data), "--http-port", str(ports.http)]


def _environment() -> dict[str, str]:
    package = str(Path(__file__).resolve().parents[2])
    inherited = os.environ.get("PYTHONPATH")
    # Secrets are in users.xml as hashes; the engine has no need of them in its environment.
    secret = (*secret_files.variables(Settings), "_PASSWORD", "_SECRET", "_URL", "_KEY", "_TOKEN", "_HEADERS")
    kept = {name: value for name, value in os.environ.items() if not name.endswith(secret)}
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, (package, inherited)))
    # The server's own watchdog would fork, and the process we know by pid would not be the server.
    return kept | {"CLICKHOUSE_WATCHDOG_ENABLE": "0"}


def _start_failure(log: Path, log_start: int, settings: Settings, ports: Ports) -> EngineError:
    with log.open("rb") as file:
        file.seek(log_start)
        text = file.read().decode(errors="replace")
    lines = [line for line in text.splitlines() if line.strip() and not _STACK_FRAME.match(line)]
    shown = "\n".join(f"  {line[:300]}" for line in lines[-_LOG_LINES_SHOWN:])
    message = f"the engine did not start; last lines of {log}:\n{shown}"
    lowered = text.lower()
    if "address already in use" in lowered:
        return _PortTaken(
            f"port {ports.http} or {ports.tcp} is taken",
            "set WAREHOUSE_HTTP_PORT and WAREHOUSE_TCP_PORT to free ports",
        )
    if "no space left" in lowered or "file too large" in lowered or "not_enough_space" in lowered:
        return EngineError(message, _SPACE_HINT)
    if "permission denied" in lowered:
        return EngineError(message, f"make everything below {settings.home} writable for this user")
    if "oserror" in lowered and ("libchdb" in lowered or "shared object" in lowered):
        return EngineError(message, f"the library is damaged: delete {settings.engine_dir} and run `make setup`")
    return EngineError(message, "run `warehouse doctor`")


def _wait_for_running(files: Files, settings: Settings) -> Running:
    found: list[Running] = []

    def answers() -> bool:
        running = status(settings)
        found.extend([running] if running else [])
        return running is not None

    if _wait_until(answers, START_SECONDS):
        return found[-1]
    state = read_state(files)
    raise EngineError(
        f"an engine (pid {state.pid if state else 'unknown'}) runs on {settings.home} but does not answer",
        f"`warehouse stop`, then `warehouse start`; its log is {files.log}",
    )


def _version(state: State, settings: Settings) -> str | None:
    """Version of the engine of this home, None while it does not answer.

    It has to name its data folder: some other program may have the port that ours wanted.
    """
    headers = {
        "X-ClickHouse-User": settings.user(Identity.ADMIN),
        "X-ClickHouse-Key": settings.password(Identity.ADMIN),
    }
    request = Request(f"{state.url}/?query={quote(_WHO)}", headers=headers)  # noqa: S310 - our own http address
    try:
        with urlopen(request, timeout=5) as answer:  # noqa: S310
            version, _, folder = answer.read().decode(errors="replace").strip().partition("\t")
    except (URLError, HTTPException, OSError):
        return None
    return version if Path(folder) == Files(settings.engine_home).data else None


def _running(state: State, version: str) -> Running:
    return Running(state.url, state.pid, state.ports.tcp, version, state.restarts)


def _wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while True:
        if condition():
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(_POLL_SECONDS)


def _reap(pid: int) -> None:
    child = _children.pop(pid, None)
    if child is not None:
        child.wait()
