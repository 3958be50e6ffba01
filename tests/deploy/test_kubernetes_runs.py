"""Runs as Jobs: who may start them, and the Job that Dagster's own launcher asks for fits the chart."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import kubernetes_validate
import pytest
import yaml
from dagster._core.definitions.reconstruct import ReconstructableRepository
from dagster._core.launcher import LaunchRunContext, RunLauncher
from pydantic import SecretStr

from dagster_project import instance as dagster_instance
from dagster_project.definitions import defs
from tests.deploy.conftest import Objects
from tests.deploy.launching import Kubernetes, launcher_at, running_kubernetes
from tests.deploy.test_kubernetes import VERSIONS
from warehouse.settings import Settings, get_settings, project_root

#: Where Dagster's folder is in the image, by its WAREHOUSE_HOME.
HOME = Path("/var/lib/warehouse/dagster")


@pytest.fixture(scope="module")
def settings(cluster: Objects) -> Settings:
    """The settings of the pods, as far as Dagster's configuration hangs on them."""
    given = cluster["ConfigMap", "warehouse-settings"]["data"]
    return get_settings().model_copy(
        update={
            "dagster_launcher": given["DAGSTER_LAUNCHER"],
            "dagster_postgres_url": SecretStr("postgresql+psycopg2://dagster:secret@postgres/dagster"),
        }
    )


def test_the_pipeline_keeps_everything_that_its_runs_need_where_they_find_it(cluster: Objects) -> None:
    pod = cluster["StatefulSet", "pipeline"]["spec"]["template"]["spec"]
    assert "volumeClaimTemplates" not in cluster["StatefulSet", "pipeline"]["spec"]
    assert {"name": "home", "persistentVolumeClaim": {"claimName": "home"}} in pod["volumes"]
    assert cluster["PersistentVolumeClaim", "home"]["spec"]["accessModes"] == ["ReadWriteMany"]
    assert (pod["serviceAccountName"], pod["automountServiceAccountToken"]) == ("dagster", True)
    assert all(f["spec"]["template"]["spec"]["automountServiceAccountToken"] is False
               for (kind, _), f in cluster.items() if kind in ("Deployment", "Job"))  # fmt: skip
    for container in pod["containers"]:
        [record] = [entry["valueFrom"] for entry in container["env"] if entry["name"] == "DAGSTER_POSTGRES_URL"]
        assert "optional" not in record["secretKeyRef"]


def test_who_starts_runs_may_do_that_and_no_more(cluster: Objects) -> None:
    verbs: dict[str, set[str]] = {}
    for rule in cluster["Role", "dagster"]["rules"]:
        for resource in rule["resources"]:
            verbs.setdefault(resource, set()).update(rule["verbs"])
    assert {"create", "delete", "get", "list"} <= verbs["jobs"]
    assert {"get", "list"} <= verbs["pods"]
    assert not {"secrets", "configmaps", "*"} & verbs.keys()
    binding = cluster["RoleBinding", "dagster"]
    assert binding["roleRef"]["name"] == "dagster"
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "dagster", "namespace": "warehouse"}]


@pytest.fixture
def kubernetes() -> Iterator[Kubernetes]:
    """A running one."""
    with running_kubernetes() as server:
        yield server


@pytest.fixture
def launcher(
    settings: Settings, cluster: Objects, kubernetes: Kubernetes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> RunLauncher:
    """The launcher of the configuration, pointed at it."""
    for name in ("DAGSTER_RUN_IMAGE", "DAGSTER_RUN_NAMESPACE"):
        monkeypatch.setenv(name, cluster["ConfigMap", "warehouse-settings"]["data"][name])
    declared = yaml.safe_load(dagster_instance.configuration(HOME, settings))["run_launcher"]
    return launcher_at(kubernetes, declared, tmp_path)


def test_a_run_becomes_a_job_that_runs_it(
    empty: Settings,
    cluster: Objects,
    launcher: RunLauncher,
    kubernetes: Kubernetes,
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
        [(path, job)] = kubernetes.created
        assert path == "/apis/batch/v1/namespaces/warehouse/jobs"
        for version in VERSIONS:
            kubernetes_validate.validate(job, version, strict=True)
        pod = job["spec"]["template"]["spec"]
        [container] = pod["containers"]
        assert container["image"] == "marketplace-warehouse:0.1.0"

        _named_things_are_there(job, cluster)
        # As much as the daemon, whose runs were its own processes before.
        [daemon] = [c for c in cluster["StatefulSet", "pipeline"]["spec"]["template"]["spec"]["containers"]
                    if c["name"] == "daemon"]  # fmt: skip
        secrets = {entry["name"] for entry in container["env"] if "valueFrom" in entry}
        assert secrets == {entry["name"] for entry in daemon["env"]}
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert container["securityContext"] == daemon["securityContext"]

        # The command of the Job, on this machine; what runs it is what the image says.
        assert "command" not in container
        done = subprocess.run(
            ["warehouse", *container["args"]],
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


def _named_things_are_there(job: dict[str, Any], objects: Objects) -> None:
    """What the Job mounts, reads and runs as is in the chart, and it is let into ClickHouse."""
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
