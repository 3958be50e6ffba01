"""The values for Dagster's own chart: names it knows, what `deploy/dagster.yaml` says, and what our chart has."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
import kubernetes_validate
import pytest
import yaml
from dagster._core.definitions.reconstruct import ReconstructableRepository
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.launcher import LaunchRunContext
from dagster._grpc.client import DagsterGrpcClient
from dagster._grpc.types import ListRepositoriesResponse
from dagster._serdes import deserialize_value

from dagster_project import manifest
from dagster_project.definitions import defs
from dagster_project.instance import LOCATION, program
from tests.deploy.conftest import DEPLOY, Objects, containers
from tests.deploy.launching import launcher_at, running_kubernetes
from tests.deploy.test_kubernetes import VERSIONS, settings_of
from tests.lending import keep, lend
from tests.servers.ports import free_port
from warehouse.settings import get_settings, project_root

SECONDS = 240

#: Names of its values that we use, looked up in its `values.yaml` and `values.schema.json` (dagster-io/dagster,
#: helm/dagster, as of commit 835892b); what is below `*` is Kubernetes' own or free.
_POD = "image.* labels.* podSecurityContext.* securityContext.* resources.* volumes.* volumeMounts.*"
NAMES = {
    "": "generatePostgresqlPasswordSecret generateCeleryConfigSecret additionalInstanceConfig.*",
    "global": "postgresqlSecretName dagsterHome",
    "postgresql": "enabled postgresqlHost postgresqlUsername postgresqlDatabase",
    "dagsterWebserver": f"nameOverride service.type service.port readinessProbe.* {_POD}",
    "dagsterDaemon": f"""runMonitoring.enabled runRetries.enabled sensors.useThreads sensors.numWorkers
        schedules.useThreads schedules.numWorkers runCoordinator.enabled runCoordinator.type
        runCoordinator.config.queuedRunCoordinator.dequeueIntervalSeconds {_POD}""",
    "dagster-user-deployments": "enabled enableSubchart deployments.*",
    "runLauncher": """type config.k8sRunLauncher.imagePullPolicy config.k8sRunLauncher.labels.*
        config.k8sRunLauncher.securityContext.* config.k8sRunLauncher.runK8sConfig.jobSpecConfig.*
        config.k8sRunLauncher.runK8sConfig.podSpecConfig.*""",
    "telemetry": "enabled",
    "pythonLogs": "pythonLogLevel",
    "retention": "enabled",
}
#: Of each user deployment.
DEPLOYMENT = f"name dagsterApiGrpcArgs port includeConfigInLaunchedRuns.enabled envConfigMaps env {_POD}"


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "helm" / "dagster-values.yaml").read_text("utf-8")))


@pytest.fixture(scope="module")
def code(values: dict[str, Any]) -> dict[str, Any]:
    [deployment] = values["dagster-user-deployments"]["deployments"]
    return dict(deployment)


def paths(value: Mapping[str, Any], free: set[str], before: str = "") -> Iterator[str]:
    """The path of each value, ended by `*` where anything may follow."""
    for name, one in value.items():
        path = f"{before}{name}"
        if f"{path}.*" in free:
            yield f"{path}.*"
        elif isinstance(one, Mapping):
            yield from paths(one, free, f"{path}.")
        else:
            yield path


def test_the_chart_knows_every_name(values: dict[str, Any], code: dict[str, Any]) -> None:
    known = {f"{part}.{name}".lstrip(".") for part, names in NAMES.items() for name in names.split()}
    assert set(paths(values, known)) <= known
    assert set(paths(code, set(DEPLOYMENT.split()))) <= set(DEPLOYMENT.split())
    text = (DEPLOY / "helm" / "dagster-values.yaml").read_text("utf-8")
    page = (project_root() / "docs" / "kubernetes.md").read_text("utf-8")
    assert f"--version {version('dagster')} " in text
    assert f"--version {version('dagster')} " in page


def test_dagster_is_told_what_our_own_configuration_tells_it(values: dict[str, Any]) -> None:
    ours = yaml.safe_load((DEPLOY / "dagster.yaml").read_text("utf-8"))
    daemon, rest = values["dagsterDaemon"], values["additionalInstanceConfig"]
    coordinator = daemon["runCoordinator"]["config"]["queuedRunCoordinator"]
    threads = {
        name: {"use_threads": daemon[name]["useThreads"], "num_workers": daemon[name]["numWorkers"]}
        for name in ("sensors", "schedules")
    }
    told = {
        **rest,
        **threads,
        "telemetry": values["telemetry"],
        "python_logs": {"python_log_level": values["pythonLogs"]["pythonLogLevel"]},
        "run_coordinator": {
            **ours["run_coordinator"],
            "class": daemon["runCoordinator"]["type"],
            "config": {"dequeue_interval_seconds": coordinator["dequeueIntervalSeconds"]},
        },
    }
    # The chart's own are where runs are kept and started.
    assert told == {name: part for name, part in ours.items() if name not in ("event_log_storage", "run_launcher")}
    # What the chart would render, too, is left to what is here.
    for part in (daemon["runMonitoring"], daemon["runRetries"], values["retention"]):
        assert part == {"enabled": False}


def test_code_and_runs_are_told_what_those_of_our_chart_are(
    values: dict[str, Any], code: dict[str, Any], one_server: Objects, beside_dagster: Objects
) -> None:
    [ours] = [container for _, container in containers(one_server) if container["name"] == "code"]
    record = "DAGSTER_POSTGRES_URL"  # the chart has its own
    assert [one for one in ours["env"] if one["name"] != record] == code["env"]
    for one in (values["dagsterWebserver"], values["dagsterDaemon"], code):
        image = one["image"]
        assert f"{image['repository']}:{image['tag']}" == ours["image"]
        assert one["securityContext"] == ours["securityContext"]
        assert one["podSecurityContext"]["runAsUser"] == 10001
        assert {mount["name"] for mount in one["volumeMounts"]} == {volume["name"] for volume in one["volumes"]}
        assert values["global"]["dagsterHome"] in {mount["mountPath"] for mount in one["volumeMounts"]}
    assert {("ConfigMap", one["name"]) for one in code["envConfigMaps"]} <= beside_dagster.keys()


def test_our_chart_leaves_dagster_to_it_and_lets_its_pods_in(
    values: dict[str, Any], code: dict[str, Any], beside_dagster: Objects
) -> None:
    assert (
        not {("StatefulSet", "pipeline"), ("Service", "dagster"), ("ServiceAccount", "dagster")} & beside_dagster.keys()
    )
    # It names the service of its webserver after the release and the override.
    webserver = values["dagsterWebserver"]
    address = f"http://dagster-{webserver['nameOverride']}:{webserver['service']['port']}"
    assert settings_of(beside_dagster)["DAGSTER_URL"] == address
    assert webserver["readinessProbe"]["httpGet"]["port"] == webserver["service"]["port"]
    policies = {name: one["spec"] for (kind, name), one in beside_dagster.items() if kind == "NetworkPolicy"}
    [let_in] = policies["clickhouse"]["ingress"][0]["from"]
    for labels in (code["labels"], values["runLauncher"]["config"]["k8sRunLauncher"]["labels"]):
        assert let_in["podSelector"]["matchLabels"].items() <= labels.items()
    assert policies["code"]["ingress"][0]["ports"] == [{"port": code["port"]}]
    assert policies["code"]["podSelector"]["matchLabels"]["component"] == "user-deployments"
    assert policies["dagster"]["podSelector"]["matchLabels"]["component"] == "dagster-webserver"


def test_a_run_becomes_a_job_in_the_same_home(
    values: dict[str, Any], code: dict[str, Any], beside_dagster: Objects, tmp_path: Path
) -> None:
    (tmp_path / "kept").mkdir()
    given = values["runLauncher"]["config"]["k8sRunLauncher"]
    # As the chart words what it is given.
    declared = {
        "module": "dagster_k8s",
        "class": "K8sRunLauncher",
        "config": {
            "job_namespace": "warehouse",
            "service_account_name": "dagster",
            "dagster_home": values["global"]["dagsterHome"],
            "instance_config_map": "dagster-instance",
            "postgres_password_secret": values["global"]["postgresqlSecretName"],
            "image_pull_policy": given["imagePullPolicy"],
            "labels": given["labels"],
            "security_context": given["securityContext"],
            "run_k8s_config": {
                "job_spec_config": given["runK8sConfig"]["jobSpecConfig"],
                "pod_spec_config": given["runK8sConfig"]["podSpecConfig"],
            },
        },
    }
    context = {
        "k8s": {
            "image_pull_policy": code["image"]["pullPolicy"],
            "env_config_maps": [one["name"] for one in code["envConfigMaps"]],
            "env": code["env"],
            "volumes": code["volumes"],
            "volume_mounts": code["volumeMounts"],
            "labels": code["labels"],
            "resources": code["resources"],
        }
    }
    image = f"{code['image']['repository']}:{code['image']['tag']}"
    origin = ReconstructableRepository.for_module(
        "dagster_project.definitions", "defs", container_image=image, container_context=context
    )
    overrides = {"telemetry": {"enabled": False}}
    with (
        running_kubernetes() as kubernetes,
        dg.DagsterInstance.local_temp(str(tmp_path / "kept"), overrides=overrides) as instance,
    ):
        launcher = launcher_at(kubernetes, declared, tmp_path)
        launcher.register_instance(instance)
        run = instance.create_run_for_job(
            defs.resolve_job_def("doors"),
            job_code_origin=origin.get_reconstructable_job("doors").get_python_origin(),
            status=dg.DagsterRunStatus.STARTING,
        )
        launcher.launch_run(LaunchRunContext(dagster_run=run, workspace=None))
        [(_, job)] = kubernetes.created
    for kubernetes_version in VERSIONS:
        kubernetes_validate.validate(job, kubernetes_version, strict=True)
    pod = job["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert container["image"] == image
    # `warehouse`, the image's own command, takes these.
    assert ("command" in container, container["args"][:3]) == (False, ["dagster", "api", "execute_run"])
    assert {entry["name"] for entry in code["env"]} <= {entry["name"] for entry in container["env"]}
    assert container["securityContext"] == code["securityContext"]
    assert pod["securityContext"] == code["podSecurityContext"]
    [home] = [volume for volume in pod["volumes"] if volume["name"] == "home"]
    assert ("PersistentVolumeClaim", home["persistentVolumeClaim"]["claimName"]) in beside_dagster
    mounted = {entry["name"]: entry["mountPath"] for entry in container["volumeMounts"]}
    assert mounted["home"] == "/var/lib/warehouse"
    assert code["labels"].items() <= job["spec"]["template"]["metadata"]["labels"].items()


def test_the_code_server_serves_with_the_arguments_that_the_chart_gives_it(
    code: dict[str, Any], tmp_path: Path
) -> None:
    assert (code["name"], code["dagsterApiGrpcArgs"][-2:]) == (LOCATION, ["--location-name", LOCATION])
    settings = get_settings().model_copy(update={"home": tmp_path / "home"})
    lend(settings)
    manifest.prepare(settings)
    keep(settings)
    port, log = free_port(), tmp_path / "log"
    arguments = ["dagster", "api", "grpc", "-h", "127.0.0.1", "-p", str(port), *code["dagsterApiGrpcArgs"]]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [program("warehouse"), *arguments],
            env=os.environ | {"WAREHOUSE_HOME": str(settings.home), "DAGSTER_HOME": str(tmp_path)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + SECONDS
        while (found := _repositories(port)) is None:
            assert server.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < until, log.read_text("utf-8")
            time.sleep(0.5)
        assert found == [defs.get_repository_def().name]
    finally:
        server.terminate()
        server.wait(SECONDS)


def _repositories(port: int) -> list[str] | None:
    """What a code server offers; None while it does not answer."""
    try:
        answer = DagsterGrpcClient(host="127.0.0.1", port=port).list_repositories()
    except DagsterUserCodeUnreachableError:
        return None
    return [one.repository_name for one in deserialize_value(answer, ListRepositoriesResponse).repository_symbols]
