"""The Kubernetes configuration renders, fits the schemas of the API, and says what the program understands."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import kubernetes_validate
import pytest
import typer.main
import yaml

from tests.deploy.conftest import DEPLOY
from warehouse import secret_files
from warehouse.cli.main import app
from warehouse.settings import Settings

FOLDER = DEPLOY / "kubernetes"
#: The oldest and the newest that the schemas at hand and the manifests have in common.
VERSIONS = ("1.30", "1.37")
#: Read by the client of the object storage.
OTHERS = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


@pytest.fixture(scope="module")
def objects() -> list[dict[str, Any]]:
    kubectl = shutil.which("kubectl")
    assert kubectl, "kubectl is missing: it renders what it applies"
    done = subprocess.run([kubectl, "kustomize", FOLDER], check=True, capture_output=True, text=True)
    return list(yaml.safe_load_all(done.stdout))


def containers(objects: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Pod and container of each that is declared."""
    for found in objects:
        pod = found.get("spec", {}).get("template", {}).get("spec")
        for container in pod["containers"] if pod else ():
            yield pod, container


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_fits_its_schema(objects: list[dict[str, Any]], version: str) -> None:
    for found in objects:
        kubernetes_validate.validate(found, version, strict=True)
    assert {found["kind"] for found in objects} >= {"Deployment", "StatefulSet", "Job", "HorizontalPodAutoscaler"}


def test_no_container_has_more_rights_than_it_needs(objects: list[dict[str, Any]]) -> None:
    for pod, container in containers(objects):
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        given = container["securityContext"]
        assert (given["allowPrivilegeEscalation"], given["readOnlyRootFilesystem"]) == (False, True)
        assert given["capabilities"] == {"drop": ["ALL"]}
        assert {"requests", "limits"} <= container["resources"].keys()


def test_containers_run_commands_there_are_with_settings_there_are(objects: list[dict[str, Any]]) -> None:
    variables = {str(field.validation_alias.choices[0]) for field in Settings.model_fields.values()}  # type: ignore[union-attr]
    secrets = secret_files.variables(Settings)
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for _, container in containers(objects):
        command = commands[container["args"][0]]
        if len(container["args"]) > 1:
            assert container["args"][1] in command.commands
        for entry in container["env"]:
            assert entry["name"] in secrets.keys() | OTHERS
            assert entry["valueFrom"]["secretKeyRef"]["key"] == entry["name"]
    (settings,) = (found["data"] for found in objects if found["kind"] == "ConfigMap")
    assert settings.keys() <= variables - secrets.keys()


def test_whatever_is_pointed_at_is_there(objects: list[dict[str, Any]]) -> None:
    named = {(found["kind"], found["metadata"]["name"]): found for found in objects}
    pods = [found["spec"]["template"] for found in objects if "template" in found.get("spec", {})]
    for (kind, name), found in named.items():
        spec = found.get("spec", {})
        if kind == "HorizontalPodAutoscaler":
            assert (spec["scaleTargetRef"]["kind"], spec["scaleTargetRef"]["name"]) in named
        if kind == "Service":
            chosen = [pod for pod in pods if spec["selector"].items() <= pod["metadata"]["labels"].items()]
            ports = {port["name"] for pod in chosen for c in pod["spec"]["containers"] for port in c.get("ports", [])}
            assert {port["targetPort"] for port in spec["ports"]} <= ports, name


def test_writers_are_one_pod_and_the_api_is_many(objects: list[dict[str, Any]]) -> None:
    """Admission is ordered by a lock in one home, which a second pod would not share."""
    (writers,) = (found for found in objects if found["kind"] == "StatefulSet")
    assert writers["spec"]["replicas"] == 1
    scaled = {f["spec"]["scaleTargetRef"]["name"] for f in objects if f["kind"] == "HorizontalPodAutoscaler"}
    assert scaled == {"api"}


def test_the_installation_of_clickhouse_is_the_one_the_settings_name(objects: list[dict[str, Any]]) -> None:
    installation = yaml.safe_load((FOLDER / "clickhouse.yaml").read_text("utf-8"))
    (settings,) = (found["data"] for found in objects if found["kind"] == "ConfigMap")
    assert settings["CLICKHOUSE_URL"] == f"http://clickhouse-{installation['metadata']['name']}:8123"
    password = installation["spec"]["configuration"]["users"]["admin/k8s_secret_password"]
    assert password == "warehouse/warehouse-secrets/CLICKHOUSE_ADMIN_PASSWORD"


def test_the_installation_of_a_cluster_has_a_keeper_that_its_nodes_may_speak_to() -> None:
    text = (FOLDER / "clickhouse-cluster.yaml").read_text("utf-8")
    found = {(one["kind"], one["metadata"]["name"]): one for one in yaml.safe_load_all(text)}
    nodes = found["ClickHouseInstallation", "warehouse"]["spec"]["configuration"]
    # The operator names a Keeper's service after it, and a node's after installation, cluster, shard and replica.
    [keeper] = nodes["zookeeper"]["nodes"]
    assert ("ClickHouseKeeperInstallation", keeper["host"].removeprefix("keeper-")) in found
    [cluster] = nodes["clusters"]
    assert f"CLICKHOUSE_CLUSTER={cluster['name']}," in text
    assert f"CLICKHOUSE_URL=http://chi-warehouse-{cluster['name']}-0-0:8123" in text
    password = nodes["users"]["admin/k8s_secret_password"]
    assert password == "warehouse/warehouse-secrets/CLICKHOUSE_ADMIN_PASSWORD"
    policies = {name: one for (kind, name), one in found.items() if kind == "NetworkPolicy"}
    for policy in policies.values():
        for version in VERSIONS:
            kubernetes_validate.validate(policy, version, strict=True)
    assert policies.keys() == {"clickhouse-nodes", "clickhouse-keeper"}
