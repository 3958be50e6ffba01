"""The compose file is valid, asks for no more rights than it needs, and its commands make a working warehouse."""

from __future__ import annotations

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from dagster_project import manifest
from tests.conftest import running_home
from tests.deploy.conftest import DEPLOY
from tests.servers.ports import free_port
from tests.waiting import until
from warehouse.client import Identity, http_endpoint
from warehouse.settings import Settings, get_settings, project_root

COMPOSE = DEPLOY / "compose.yaml"
PROFILES = ("rabbitmq", "kafka", "postgres", "watching")
SERVICES = ("collector", "api", "code", "daemon", "webserver")
KEY = "first:a-key-of-the-tests-0123456789"


def test_the_compose_file_is_valid_with_and_without_profiles() -> None:
    for profile in ("", *PROFILES):
        chosen = ["--profile", profile] if profile else []
        command = ["docker-compose", "--file", str(COMPOSE), *chosen, "config", "--quiet"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_the_tutorial_of_a_server_names_the_processes_that_are_run(services: dict[str, Any]) -> None:
    page = (project_root() / "docs" / "tutorials" / "server.md").read_text("utf-8")
    [listed] = re.findall(r"\*\*Processes\.\*\*(.*?)\n\d\.", page, re.DOTALL)
    ours = [service["command"][:2] for service in services.values() if "marketplace-warehouse" in service["image"]]
    expected = {"consume" if command[0] == "consume" else " ".join(command) for command in ours} - {"migrate"}
    assert set(re.findall(r"`warehouse ([a-z ]+)`", listed)) == expected


def test_the_dockerfile_has_nothing_to_complain_of() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, project_root() / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_containers_have_few_rights_and_limits(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}, name
        assert name == "migrate" or name.startswith("consume-") or "healthcheck" in service, name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        if "marketplace-warehouse" in service["image"]:
            assert (service["user"], service["read_only"]) == ("10001:10001", True), name


def test_no_secret_is_in_the_compose_file(services: dict[str, Any]) -> None:
    for name, service in services.items():
        mounted = {entry if isinstance(entry, str) else entry.get("target") for entry in service.get("secrets", [])}
        for variable, value in service.get("environment", {}).items():
            if str(value).startswith("/run/secrets/"):
                assert str(value).removeprefix("/run/secrets/") in mounted, (name, variable)
            elif re.search("PASSWORD|SECRET|TOKEN|KEYS", variable):
                assert re.fullmatch(r"\$\{\w+:-\}", str(value)), (name, variable)


def test_new_secrets_are_private_and_kept(tmp_path: Path, services: dict[str, Any]) -> None:
    folder = tmp_path / "secrets"
    for _ in range(2):
        subprocess.run([sys.executable, COMPOSE.with_name("new-secrets"), folder], check=True, capture_output=True)
        made = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o400}
    again = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert again == made
    asked = {
        entry if isinstance(entry, str) else entry["source"]
        for service in services.values()
        for entry in service.get("secrets", [])
    }
    assert asked == set(made)


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the programs of an environment that has the wheel, and our dependencies, but not the checkout."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    programs = folder / "bin"
    command = [sys.executable, "-m", "pip", "--python", programs / "python", "install", "--quiet", "--no-deps", wheel]
    subprocess.run(command, env=own_environment(programs), check=True, capture_output=True)
    # Pth files are not read a second time, so the checkout, which is installed there as a link, stays out.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    for name in ("dagster", "dagster-daemon", "dagster-webserver"):
        text = Path(sys.executable).with_name(name).read_text("utf-8")
        (programs / name).write_text(f"#!{programs / 'python'}\n" + text.partition("\n")[2])
        (programs / name).chmod(0o755)
    return programs


def own_environment(programs: Path) -> dict[str, str]:
    ours = re.compile("WAREHOUSE|CLICKHOUSE|COLLECTOR|API_|DAGSTER|PYTHON|VIRTUAL_ENV|PII_|REPORT")
    kept = {name: value for name, value in os.environ.items() if not ours.match(name)}
    return kept | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}


def test_the_wheel_has_everything_it_needs(installed: Path, tmp_path: Path) -> None:
    environment = own_environment(installed)

    def ran(*command: str) -> str:
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    assert "Events in, checked marts out" in ran("warehouse", "--help")
    where = ran("python", "-c", "import warehouse.transform as t; print(t.__file__, t.project_dir())")
    assert all(Path(path).is_relative_to(installed.parent) for path in where.split())
    ran("warehouse", "simulate", "--out", "events.ndjson", "--events", "200", "--days", "2", "--seed", "1")
    assert len((tmp_path / "events.ndjson").read_text("utf-8").splitlines()) >= 200


class Containers:
    """The services of the compose file as processes of this machine.

    Args:
        services: of the compose file.
        programs: folder of the programs that an image has.
        engine: stands for the container of ClickHouse.
        folder: stands for the volume, the secrets and the temporary folders.
    """

    def __init__(self, services: dict[str, Any], programs: Path, engine: Settings, folder: Path) -> None:
        self.ports = {name: free_port() for name in ("collector", "api", "webserver")}
        self.folder, self._programs, self._services = folder, programs, services
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        declared = {"collector": 3004, "api": 8004, "webserver": 3000}
        self._places = {
            "//clickhouse:8123": http_endpoint(Identity.ADMIN, engine).url.removeprefix("http:"),
            **{f"//{name}:{port}": f"//127.0.0.1:{self.ports[name]}" for name, port in declared.items()},
            **{f"127.0.0.1:{port}": f"127.0.0.1:{self.ports[name]}" for name, port in declared.items()},
            "/run/secrets/": f"{folder / 'secrets'}/",
            "/var/lib/warehouse": str(folder / "home"),
            "0.0.0.0": "127.0.0.1",
        }

    def here(self, text: str) -> str:
        """What a container says of places, on this machine."""
        text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)
        for there, here in self._places.items():
            text = text.replace(there, here)
        return text

    def environment(self, name: str) -> dict[str, str]:
        declared = {k: self.here(str(v)) for k, v in self._services[name]["environment"].items()}
        ports = {
            f"{n}_PORT": str(self.ports[k])
            for n, k in (("COLLECTOR", "collector"), ("API", "api"), ("DAGSTER", "webserver"))
        }
        return own_environment(self._programs) | declared | ports | {"WAREHOUSE_HOME": str(self.folder / "home")}

    def start(self, name: str) -> None:
        command = [self.here(word) for word in self._services[name]["command"]]
        loopback = ["--host", "127.0.0.1"] if name in ("collector", "api") else []
        with (self.folder / f"{name}.log").open("wb") as log:
            self._processes[name] = subprocess.Popen(
                [self._programs / "warehouse", *command, *loopback],
                env=self.environment(name), cwd=self.folder, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def is_healthy(self, name: str) -> bool:
        """What the container's health check says."""
        assert self._processes[name].poll() is None, self.log(name)
        test = [self.here(word) for word in self._services[name]["healthcheck"]["test"][1:]]
        return subprocess.run(
            test, env=self.environment(name), cwd=self.folder, capture_output=True, check=False
        ).returncode == 0  # fmt: skip

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text("utf-8")[-3000:]

    def stop(self) -> None:
        for process in self._processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self._processes.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@pytest.fixture
def containers(services: dict[str, Any], installed: Path, tmp_path: Path) -> Iterator[Containers]:
    with running_home(tmp_path / "engine") as engine:
        secrets = tmp_path / "secrets"
        subprocess.run([sys.executable, COMPOSE.with_name("new-secrets"), secrets], check=True, capture_output=True)
        given = {f"clickhouse_{identity.value}": engine.password(identity) for identity in Identity}
        given |= {"pii_hmac_secret": engine.pii_secret(), "collector_api_keys": KEY}
        for name, text in given.items():
            (secrets / name).chmod(0o600)
            (secrets / name).write_text(text + "\n")
        # Parsed once for all tests of this machine, as the models are the same.
        parsed = manifest.prepare(get_settings())
        (tmp_path / "home" / "dbt").mkdir(parents=True)
        shutil.copy(parsed, tmp_path / "home" / "dbt" / parsed.name)
        running = Containers(services, installed, engine, tmp_path)
        try:
            yield running
        finally:
            running.stop()


@pytest.mark.timeout(600)
def test_the_commands_of_the_containers_bring_an_event_from_the_collector_to_the_api(containers: Containers) -> None:
    """All but `migrate`: the engine that stands for the server keeps its users in a file, and is migrated already."""
    for name in SERVICES:
        containers.start(name)
    until(lambda: containers.is_healthy("collector"), lambda: containers.log("collector"))
    now = datetime.now(UTC)
    event = {
        "event_id": "8f0c2a6b-e1d9-4c21-9af7-6d1f9a1f0001",
        "event_type": "user.registered",
        "occurred_at": now.isoformat(),
        "user_id": "u-of-the-containers",
        "properties": {"email": "somebody@example.com", "role": "client"},
    }
    collector = f"http://127.0.0.1:{containers.ports['collector']}/api/analytics/events"
    answer = httpx.post(collector, json=event, headers={"X-API-Key": KEY.partition(":")[2]})
    assert (answer.status_code, answer.json()["accepted"]) == (202, 1)
    secret = (containers.folder / "secrets" / "api_jwt_secret").read_text().strip()
    token = jwt.encode({"sub": "a", "role": "admin", "exp": int(time.time()) + 600}, secret, algorithm="HS256")
    api = httpx.Client(
        base_url=f"http://127.0.0.1:{containers.ports['api']}", headers={"Authorization": f"Bearer {token}"}, timeout=30
    )
    until(lambda: containers.is_healthy("api"), lambda: containers.log("api"))

    def seen() -> bool:
        day = now.date().isoformat()
        found = api.get("/api/v1/marts/user_metrics", params={"startDate": day, "endDate": day})
        return found.status_code == 200 and sum(row["new_users"] for row in found.json()["data"]) == 1

    # The API answers a hundred times a minute.
    until(seen, lambda: containers.log("daemon") + containers.log("code"), every=1.5)
    for name in ("code", "daemon", "webserver"):
        until(lambda name=name: containers.is_healthy(name), lambda name=name: containers.log(name))
