"""A private PostgreSQL on a free loopback port, for as long as the tests of a worker run."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.servers.certificates import Certificates
from tests.servers.ports import free_port

_HOMES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
_START_SECONDS = 60
# PostgreSQL refuses to run as root.
_UNPRIVILEGED = "nobody"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server.

    Attributes:
        port: on 127.0.0.1.
        user: its superuser, who needs no password from this host.
    """

    port: int
    user: str = "postgres"

    def url(self, database: str = "postgres", user: str | None = None, password: str = "") -> str:
        login = f"{user or self.user}:{password}" if password else user or self.user
        return f"postgresql://{login}@127.0.0.1:{self.port}/{database}"

    def new_database(self, name: str) -> str:
        """Drops and creates a database; returns its address."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)


@contextmanager
def running_postgres(
    primary: PostgresServer | None = None, certificates: Certificates | None = None
) -> Iterator[PostgresServer]:
    """Initialises and starts a server, or a replica of another, in a folder of its own; stops it by its process id.

    With certificates it takes connections with TLS as well.
    """
    # Not in pytest's folders: an unprivileged user cannot enter those of root.
    folder = Path(tempfile.mkdtemp(prefix="warehouse-postgres-"))
    data, log = folder / "data", folder / "log"
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, _UNPRIVILEGED)
        as_user = ["setpriv", f"--reuid={_UNPRIVILEGED}", "--clear-groups", "--"]
    port = free_port()
    initialise = [_program("initdb"), "--pgdata", str(data), "--username", "postgres", "--auth", "trust", "--no-sync",
              "--encoding", "UTF8", "--locale", "C"]  # fmt: skip
    if primary is not None:
        initialise = [_program("pg_basebackup"), "--pgdata", str(data), "--dbname", primary.url(),
                      "--checkpoint", "fast", "--write-recovery-conf", "--no-sync"]  # fmt: skip
    subprocess.run([*as_user, *initialise], cwd=folder, check=True, capture_output=True)
    if primary is None:
        # A login that must give its password, for the tests of refusals.
        rules = data / "pg_hba.conf"
        rules.write_text("host all guarded 127.0.0.1/32 scram-sha-256\n" + rules.read_text())
    options = ["-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-F"]
    if certificates is not None:
        for name, source in (("server.crt", certificates.certificate), ("server.key", certificates.key)):
            shutil.copy(source, data / name)
            (data / name).chmod(0o600)
            if as_user:
                shutil.chown(data / name, _UNPRIVILEGED)
        options += ["-c", "ssl=on"]
    with log.open("wb") as output:
        server = subprocess.Popen([*as_user, _program("postgres"), *options], cwd=folder, stdout=output, stderr=output)
    try:
        found = PostgresServer(port)
        _wait(server, found, log)
        yield found
    finally:
        # SIGINT: PostgreSQL's fast shutdown, which does not wait for clients.
        server.send_signal(2)
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: subprocess.Popen[bytes], found: PostgresServer, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        assert server.poll() is None, log.read_text()
        try:
            psycopg.connect(found.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        else:
            return


def _program(name: str) -> str:
    if given := shutil.which(name):
        return given
    found = sorted(path for home in _HOMES for path in Path("/").glob(f"{home[1:]}/{name}"))
    assert found, f"{name} is missing: `make services` installs PostgreSQL"
    return str(found[-1])


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server shared by the tests of a worker; each makes a database of its own."""
    with running_postgres() as server:
        yield server
