"""The engine starts once per home, comes back after anything, and says what to do when it cannot start."""

from __future__ import annotations

import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.servers.engine import kill, kill_for_good, kill_until_back, until_back
from tests.waiting import until
from tests.warehouse.conftest import Command
from warehouse.client import Identity, connect
from warehouse.engine import process, state
from warehouse.engine.process import MINIMUM_FREE_BYTES
from warehouse.errors import EngineError, Unreachable
from warehouse.settings import Settings


def test_start_answers_within_five_seconds_and_stop_ends_it(own_home: Settings) -> None:
    began = time.monotonic()
    running = process.start(own_home)
    assert time.monotonic() - began < 5
    assert process.status(own_home) == running
    assert process.stop(own_home)
    assert process.status(own_home) is None
    assert not process.stop(own_home)


def test_a_second_start_reports_the_running_engine(own_home: Settings) -> None:
    assert process.start(own_home) == process.start(own_home)


def test_starts_at_the_same_time_agree_on_one_engine(own_home: Settings) -> None:
    with ThreadPoolExecutor(4) as pool:
        running = list(pool.map(lambda _: process.start(own_home), range(4)))
    assert len(set(running)) == 1


def test_two_homes_run_side_by_side_on_their_own_ports(own_home: Settings, tmp_path: Path) -> None:
    other = own_home.model_copy(update={"home": tmp_path / "other"})
    try:
        assert process.start(own_home).url != process.start(other).url
    finally:
        process.stop(other)


def test_rows_survive_a_clean_stop(own_home: Settings) -> None:
    process.start(own_home)
    _write_rows(own_home)
    process.stop(own_home)
    process.start(own_home)
    assert _count_rows(own_home) == 1000


def test_after_kill_9_the_engine_comes_back_with_every_acknowledged_row(own_home: Settings) -> None:
    first = process.start(own_home)
    _write_rows(own_home)
    kill_until_back(own_home)
    second = process.status(own_home)
    assert second is not None
    assert (second.url, second.restarts) == (first.url, 1)
    assert _count_rows(own_home) == 1000


def test_a_connection_that_breaks_off_in_a_request_leaves_no_dead_engine(own_home: Settings) -> None:
    port = int(process.start(own_home).url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /ping HTTP/1.1\r\nHo")
        time.sleep(0.5)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    # Time enough for the library to end itself, which a newer one may not do.
    time.sleep(1)
    until(lambda: process.status(own_home) is not None)


def test_after_engine_and_supervisor_are_killed_start_brings_every_acknowledged_row(own_home: Settings) -> None:
    first = process.start(own_home)
    _write_rows(own_home)
    kill_for_good(own_home)
    with pytest.raises(Unreachable, match="warehouse start"):
        connect(Identity.READER, own_home)

    second = process.start(own_home)
    assert second.pid != first.pid
    assert _count_rows(own_home) == 1000


def test_an_engine_without_its_supervisor_runs_on_and_can_be_stopped(own_home: Settings) -> None:
    running = process.start(own_home)
    alone = state.find(own_home)
    assert alone is not None
    os.kill(alone.supervisor, signal.SIGKILL)
    assert process.start(own_home) == running
    assert process.stop(own_home)
    assert process.status(own_home) is None


def test_an_engine_that_cannot_come_back_is_tried_until_it_can_or_must_stop(own_home: Settings, tmp_path: Path) -> None:
    library = tmp_path / "engine"
    library.symlink_to(own_home.engine_dir)
    settings = own_home.model_copy(update={"engine_dir": library})
    first = process.start(settings)

    def tried(times: int) -> None:
        until(lambda: (settings.engine_home / "engine.log").read_text().count("starting it again") >= times)

    library.unlink()
    kill(settings)
    tried(3)
    assert process.status(settings) is None
    library.symlink_to(own_home.engine_dir)
    until_back(settings, first.pid)

    library.unlink()
    again = process.status(settings)
    assert again is not None
    kill(settings)
    tried(again.restarts + 2)
    assert process.stop(settings)
    assert process.status(settings) is None


def test_stop_ends_an_engine_that_is_busy(own_home: Settings) -> None:
    process.start(own_home)
    client = connect(Identity.ADMIN, own_home)
    with ThreadPoolExecutor(1) as pool:
        query = pool.submit(client.command, "SELECT sleepEachRow(1) FROM numbers(100) FORMAT Null")
        assert process.stop(own_home)
        assert query.exception() is not None


def test_a_taken_explicit_port_is_named(warehouse: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = warehouse("start", "--json", WAREHOUSE_HTTP_PORT=str(port))
    assert answer.code == 1
    assert f"port {port} (WAREHOUSE_HTTP_PORT) is taken" in answer.json["error"]
    assert "set WAREHOUSE_HTTP_PORT to a free port" in answer.json["hint"]


def test_an_explicit_port_is_used(own_home: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    running = process.start(own_home.model_copy(update={"http_port": port}))
    assert running.url == f"http://127.0.0.1:{port}"
    # Whoever comes later finds it by the home alone.
    assert process.status(own_home) == running


def test_a_missing_library_names_make_setup(own_home: Settings, tmp_path: Path) -> None:
    settings = own_home.model_copy(update={"engine_dir": tmp_path / "nothing"})
    with pytest.raises(EngineError) as failure:
        process.start(settings)
    assert "library is missing" in failure.value.message
    assert "make setup" in failure.value.hint


def test_a_damaged_library_names_make_setup_and_shows_the_log(own_home: Settings, tmp_path: Path) -> None:
    installed = next(own_home.engine_dir.glob("node_modules/@chdb/lib-*"))
    damaged = tmp_path / "engine" / installed.relative_to(own_home.engine_dir)
    damaged.mkdir(parents=True)
    (damaged / "libchdb.so").write_bytes(b"not a library")
    with pytest.raises(EngineError) as failure:
        process.start(own_home.model_copy(update={"engine_dir": tmp_path / "engine"}))
    assert "engine.log" in failure.value.message
    assert "make setup" in failure.value.hint


def test_a_home_that_cannot_be_made_says_so(own_home: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EngineError) as failure:
        process.start(own_home.model_copy(update={"home": tmp_path / "file" / "home"}))
    assert "cannot write to" in failure.value.message
    assert "WAREHOUSE_HOME" in failure.value.hint


def test_a_full_disk_says_so(own_home: Settings) -> None:
    # A limit on file sizes fails the same writes as a full disk does, and needs no privileges.
    code = (
        "from warehouse.engine import process; from warehouse.errors import EngineError\n"
        "from warehouse.settings import get_settings\n"
        "try: process.start(get_settings())\n"
        "except EngineError as error: print(error.message, '|', error.hint)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"WAREHOUSE_HOME": str(own_home.home)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024)),
        capture_output=True,
        text=True,
        check=True,
    )
    message, _, hint = result.stdout.partition("|")
    assert "no space left" in message
    assert f"free at least {MINIMUM_FREE_BYTES >> 20} MiB" in hint


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_disk_that_is_too_small_is_refused_before_the_start(own_home: Settings, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(small)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("this root may not mount")
    try:
        with pytest.raises(EngineError, match="no space left"):
            process.start(own_home.model_copy(update={"home": small / "home"}))
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_the_state_of_a_dead_engine_is_not_believed(own_home: Settings) -> None:
    running = process.start(own_home)
    process.stop(own_home)
    # A pid that lives, but is not an engine: the lock decides.
    (own_home.engine_home / "state.json").write_text(
        f'{{"pid": {os.getpid()}, "http_port": 1, "tcp_port": {running.tcp_port}}}'
    )
    assert state.find(own_home) is None
    assert not process.stop(own_home)
    assert process.start(own_home).pid != os.getpid()


def test_nothing_secret_is_readable_by_others(own_home: Settings) -> None:
    process.start(own_home)
    secrets = [own_home.home / "credentials.json", own_home.engine_home / "users.xml"]
    assert [path.stat().st_mode & 0o077 for path in secrets] == [0, 0]
    users = (own_home.engine_home / "users.xml").read_text()
    command_line = Path(f"/proc/{process.start(own_home).pid}/cmdline")
    for identity in Identity:
        assert own_home.password(identity) not in users
        if command_line.exists():
            assert own_home.password(identity) not in command_line.read_text()


def _write_rows(settings: Settings) -> None:
    client = connect(Identity.ADMIN, settings)
    client.command("CREATE DATABASE kept")
    client.command("CREATE TABLE kept.rows (n UInt64) ENGINE = MergeTree ORDER BY n")
    client.command("INSERT INTO kept.rows SELECT number FROM numbers(1000)")


def _count_rows(settings: Settings) -> int:
    count: int = connect(Identity.ADMIN, settings).query("SELECT count() FROM kept.rows").result_rows[0][0]
    return count
