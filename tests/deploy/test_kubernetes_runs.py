"""Runs as Jobs: the overlay renders and fits, and the Job that Dagster's own launcher asks for is one of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import dagster as dg
import kubernetes_validate
import pytest
import yaml
from dagster._core.definitions.reconstruct import ReconstructableRepository
from dagster._core.launcher import LaunchRunContext, RunLauncher
from dagster._serdes import ConfigurableClassData
from pydantic import SecretStr

from dagster_project import instance as dagster_instance
from dagster_project.definitions import defs
from tests.deploy.conftest import DEPLOY
from tests.deploy.test_kubernetes import VERSIONS
from warehouse.settings import Settings, get_settings, project_root

FOLDER = DEPLOY / "kubernetes-runs"
#: Where Dagster's folder is in the image, by its WAREHOUSE_HOME.
HOME = Path("/var/lib/warehouse/dagster")


@pytest.fixture(scope="module")
def objects() -> dict[tuple[str, str], Any]:
    """What the overlay renders to, by kind and name."""
    kubectl = shutil.which("kubectl")
    assert kubectl, "kubectl is missing: it renders what it applies"
    done = subprocess.run([kubectl, "kustomize", FOLDER], check=True, capture_output=True, text=True)
    return {(found["kind"], found["metadata"]["name"]): found for found in yaml.safe_load_all(done.stdout)}


@pytest.fixture(scope="module")
def settings(objects: dict[tuple[str, str], Any]) -> Settings:
    """The settings of the pods, as far as Dagster's configuration hangs on them."""
    given = objects["ConfigMap", "warehouse-settings"]["data"]
    return get_settings().model_copy(
        update={
            "dagster_launcher": given["DAGSTER_LAUNCHER"],
            "dagster_postgres_url": SecretStr("postgresql+psycopg2://dagster:secret@postgres/dagster"),
        }
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_fits_its_schema(objects: dict[tuple[str, str], Any], version: str) -> None:
    for found in objects.values():
        kubernetes_validate.validate(found, version, strict=True)
    assert {"Role", "RoleBinding", "ServiceAccount", "PersistentVolumeClaim"} <= {kind for kind, _ in objects}


def test_the_pipeline_keeps_everything_that_its_runs_need_where_they_find_it(
    objects: dict[tuple[str, str], Any],
) -> None:
    pod = objects["StatefulSet", "pipeline"]["spec"]["template"]["spec"]
    assert "volumeClaimTemplates" not in objects["StatefulSet", "pipeline"]["spec"]
    assert {"name": "home", "persistentVolumeClaim": {"claimName": "home"}} in pod["volumes"]
    assert objects["PersistentVolumeClaim", "home"]["spec"]["accessModes"] == ["ReadWriteMany"]
    assert (pod["serviceAccountName"], pod["automountServiceAccountToken"]) == ("dagster", True)
    assert all(f["spec"]["template"]["spec"]["automountServiceAccountToken"] is False
               for (kind, _), f in objects.items() if kind in ("Deployment", "Job"))  # fmt: skip
    for container in pod["containers"]:
        given = {entry["name"] for entry in container["env"]}
        assert ("DAGSTER_POSTGRES_URL" in given) is (container["name"] != "collector")


def test_who_starts_runs_may_do_that_and_no_more(objects: dict[tuple[str, str], Any]) -> None:
    verbs: dict[str, set[str]] = {}
    for rule in objects["Role", "dagster"]["rules"]:
        for resource in rule["resources"]:
            verbs.setdefault(resource, set()).update(rule["verbs"])
    assert {"create", "delete", "get", "list"} <= verbs["jobs"]
    assert {"get", "list"} <= verbs["pods"]
    assert not {"secrets", "configmaps", "*"} & verbs.keys()
    binding = objects["RoleBinding", "dagster"]
    assert binding["roleRef"]["name"] == "dagster"
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "dagster", "namespace": "warehouse"}]


class Cluster(ThreadingHTTPServer):
    """Stands where a cluster's API would: takes what is to be created, and keeps it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Created)
        self.created: list[tuple[str, dict[str, Any]]] = []


class _Created(BaseHTTPRequestHandler):
    server: Cluster

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.created.append((self.path, json.loads(body)))
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A running one."""
    with Cluster() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def launcher(settings: Settings, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunLauncher:
    """The launcher of the configuration, pointed at it."""
    monkeypatch.setenv("DAGSTER_RUN_IMAGE", "registry.example.com/marketplace-warehouse:0.1.0")
    config = tmp_path / "kubeconfig"
    config.write_text(
        yaml.safe_dump({
            "apiVersion": "v1", "kind": "Config", "current-context": "test",
            "clusters": [{"name": "test", "cluster": {"server": f"http://127.0.0.1:{cluster.server_port}"}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
            "users": [{"name": "test", "user": {}}],
        }),
        encoding="utf-8",
    )  # fmt: skip
    declared = yaml.safe_load(dagster_instance.configuration(HOME, settings))["run_launcher"]
    reached = {**declared["config"], "load_incluster_config": False, "kubeconfig_file": str(config)}
    data = ConfigurableClassData(declared["module"], declared["class"], yaml.safe_dump(reached))
    return data.rehydrate(as_type=RunLauncher)


def test_a_run_becomes_a_job_that_runs_it(
    empty: Settings,
    objects: dict[tuple[str, str], Any],
    launcher: RunLauncher,
    cluster: Cluster,
    tmp_path: Path,
) -> None:
    (tmp_path / "kept").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "kept"), overrides={"telemetry": {"enabled": False}}) as instance:
        launcher.register_instance(instance)
        origin = ReconstructableRepository.for_module("dagster_project.definitions", "defs")
        run = instance.create_run_for_job(
            defs.resolve_job_def("doors"),
            job_code_origin=origin.get_reconstructable_job("doors").get_python_origin(),
            status=dg.DagsterRunStatus.STARTING,
        )
        launcher.launch_run(LaunchRunContext(dagster_run=run, workspace=None))
        [(path, job)] = cluster.created
        assert path == "/apis/batch/v1/namespaces/warehouse/jobs"
        for version in VERSIONS:
            kubernetes_validate.validate(job, version, strict=True)
        pod = job["spec"]["template"]["spec"]
        [container] = pod["containers"]
        assert container["image"] == "registry.example.com/marketplace-warehouse:0.1.0"

        _named_things_are_there(job, objects)
        # As much as the daemon, whose runs were its own processes before.
        [daemon] = [c for c in objects["StatefulSet", "pipeline"]["spec"]["template"]["spec"]["containers"]
                    if c["name"] == "daemon"]  # fmt: skip
        secrets = {entry["name"] for entry in container["env"] if "valueFrom" in entry}
        assert secrets == {entry["name"] for entry in daemon["env"]}
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert container["securityContext"] == daemon["securityContext"]

        # The command of the Job, on this machine.
        done = subprocess.run(
            [*container["command"], *container["args"]],
            cwd=project_root(),
            env=os.environ
            | {
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
                "WAREHOUSE_HOME": str(empty.home),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        finished = instance.get_run_by_id(run.run_id)
        assert finished is not None
        assert finished.is_success


def _named_things_are_there(job: dict[str, Any], objects: dict[tuple[str, str], Any]) -> None:
    """What the Job mounts, reads and runs as is rendered with the overlay, and it is let into ClickHouse."""
    pod = job["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert ("ServiceAccount", pod["serviceAccountName"]) in objects
    [home] = [volume for volume in pod["volumes"] if volume["name"] == "home"]
    assert ("PersistentVolumeClaim", home["persistentVolumeClaim"]["claimName"]) in objects
    assert [("ConfigMap", entry["configMapRef"]["name"]) in objects for entry in container["envFrom"]] == [True]
    mounted = {entry["name"]: entry["mountPath"] for entry in container["volumeMounts"]}
    assert mounted["home"] == str(HOME.parent)
    [rule, *_] = objects["NetworkPolicy", "clickhouse"]["spec"]["ingress"]
    let_in = rule["from"][0]["podSelector"]["matchLabels"]
    assert let_in.items() <= job["spec"]["template"]["metadata"]["labels"].items()
