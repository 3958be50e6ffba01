"""The commands of the engine, run as a user runs them."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.warehouse.conftest import Command
from warehouse.engine import process
from warehouse.settings import Settings


def test_start_status_stop_answer_in_json(warehouse: Command) -> None:
    started = warehouse("start", "--json")
    assert started.code == 0
    assert {"url", "pid", "version"} <= started.json.keys()
    assert warehouse("start", "--json").json == started.json
    assert warehouse("status", "--json").json == started.json
    stopped = warehouse("stop", "--json")
    assert (stopped.code, stopped.json["stopped"], stopped.json["running"]) == (0, True, False)
    after = warehouse("status", "--json")
    assert (after.code, after.json["running"], after.json["url"]) == (0, False, None)
    assert warehouse("stop", "--json").json["stopped"] is False


def test_people_get_lines(warehouse: Command) -> None:
    assert "warehouse start" in warehouse("status").stdout
    assert "url: http://127.0.0.1:" in warehouse("start").stdout


def test_an_error_is_two_lines_and_no_traceback(warehouse: Command, tmp_path: Path) -> None:
    answer = warehouse("start", WAREHOUSE_ENGINE_DIR=str(tmp_path))
    assert answer.code == 1
    assert answer.stdout == ""
    first, second = answer.stderr.strip().splitlines()
    assert first.startswith("error: ")
    assert second.startswith("hint: ")
    assert "make setup" in second


def test_a_bad_variable_is_an_error_in_json_too(warehouse: Command) -> None:
    answer = warehouse("start", "--json", WAREHOUSE_HTTP_PORT="many")
    assert answer.code == 1
    assert answer.json.keys() == {"error", "hint"}
    assert "WAREHOUSE_HTTP_PORT" in answer.json["error"]


@pytest.mark.parametrize("arguments", [["nonsense"], ["start", "--nonsense"], ["stop", "extra"]])
def test_wrong_usage_ends_2(warehouse: Command, arguments: list[str]) -> None:
    assert warehouse(*arguments).code == 2


def test_help_is_quick(warehouse: Command) -> None:
    warehouse("--help")
    began = time.monotonic()
    assert "doctor" in warehouse("--help").stdout
    # 0.2 s on an idle machine; the limit only catches a heavy import at the top of a module.
    assert time.monotonic() - began < 1.5


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, warehouse.cli.main\n"
        "heavy = {'clickhouse_connect', 'pandas', 'pyarrow', 'dagster', 'fastapi', 'dbt', 'pydantic'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_a_server_that_is_away_is_an_error_with_a_hint(warehouse: Command) -> None:
    server = {"CLICKHOUSE_URL": "http://127.0.0.1:1", "CLICKHOUSE_READER_PASSWORD": "x"}
    answer = warehouse("status", "--json", **server)
    assert answer.code == 1
    assert "does not answer at http://127.0.0.1:1" in answer.json["error"]
    assert "CLICKHOUSE_URL" in answer.json["hint"]
    assert warehouse("stop", **server).code == 1


def test_a_server_by_url_is_used_instead_of_the_engine(own_home: Settings, warehouse: Command) -> None:
    from warehouse.client import Identity

    running = process.start(own_home)
    server = {"CLICKHOUSE_URL": running.url, "CLICKHOUSE_READER_PASSWORD": own_home.password(Identity.READER)}
    answer = warehouse("start", "--json", **server)
    assert answer.json == {"url": running.url, "pid": None, "version": running.version, "running": True}


def test_doctor_is_content_with_a_running_engine(warehouse: Command) -> None:
    warehouse("start")
    answer = warehouse("doctor", "--json")
    assert (answer.code, answer.json["ok"]) == (0, True)
    assert all(check.keys() == {"name", "ok", "detail", "hint"} for check in answer.json["checks"])


def test_doctor_says_what_to_do_about_each_finding(warehouse: Command, tmp_path: Path) -> None:
    answer = warehouse("doctor", "--json", WAREHOUSE_ENGINE_DIR=str(tmp_path / "none"))
    failed = {check["name"]: check["hint"] for check in answer.json["checks"] if not check["ok"]}
    assert answer.code == 1
    assert "make setup" in failed["engine library"]
    assert "warehouse start" in failed["engine answers"]
    assert "hint: " in warehouse("doctor").stdout


def test_doctor_survives_a_home_that_cannot_be_made(warehouse: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    answer = warehouse("doctor", "--json", WAREHOUSE_HOME=str(tmp_path / "file" / "home"))
    assert answer.code == 1
    assert not {check["name"]: check["ok"] for check in answer.json["checks"]}["home"]


def test_ctrl_c_ends_130_without_a_word() -> None:
    code = (
        "import sys, time, typer\n"
        "from warehouse.cli import main\n"
        "@main.app.command()\n"
        "def wait() -> None:\n"
        "    print('waiting', flush=True)\n"
        "    time.sleep(60)\n"
        "sys.argv = ['warehouse', 'wait']\n"
        "main.main()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as waiting:
        assert waiting.stdout is not None
        assert waiting.stdout.readline() == "waiting\n"
        waiting.send_signal(signal.SIGINT)
        _, stderr = waiting.communicate(timeout=120)
    assert (waiting.returncode, stderr) == (130, "")
