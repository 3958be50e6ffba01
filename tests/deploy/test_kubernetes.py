"""The chart renders, fits the schemas of Kubernetes, and says what the program understands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version as installed
from typing import Any

import kubernetes_validate
import pytest
import typer.main
import yaml

from tests.deploy.conftest import DEPLOY, Chart, Objects, containers
from warehouse import secret_files
from warehouse.cli.main import app
from warehouse.settings import Settings

#: The oldest and the newest that the schemas at hand and the manifests have in common.
VERSIONS = ("1.30", "1.37")
#: Read by the client of the object storage.
OTHERS = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
#: Read by Dagster's launcher.
LAUNCHER = {"DAGSTER_RUN_IMAGE", "DAGSTER_RUN_NAMESPACE"}
#: Of the operator of ClickHouse: their schemas come with its CRDs.
CUSTOM = {"ClickHouseInstallation", "ClickHouseKeeperInstallation"}
RENDERED = ("one_server", "cluster", "beside_dagster")


@pytest.fixture(params=RENDERED)
def objects(request: pytest.FixtureRequest) -> Objects:
    found: Objects = request.getfixturevalue(request.param)
    return found


def settings_of(objects: Objects) -> dict[str, str]:
    found: dict[str, str] = objects["ConfigMap", "warehouse-settings"]["data"]
    return found


def pods(objects: Objects) -> list[dict[str, Any]]:
    return [found["spec"]["template"] for found in objects.values() if "template" in found.get("spec", {})]


@pytest.mark.parametrize("file", ["one-server.yaml", "cluster.yaml"])
def test_helm_has_nothing_to_say_against_it(chart: Chart, file: str) -> None:
    done = chart.run("lint", "--strict", "--values", DEPLOY / "helm" / file)
    assert (done.code, re.findall(r"\[(?:WARNING|ERROR)\].*", done.out + done.said)) == (0, [])


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_fits_its_schema(objects: Objects, version: str) -> None:
    for (kind, _), found in objects.items():
        if kind not in CUSTOM:
            kubernetes_validate.validate(found, version, strict=True)


def test_each_way_to_install_it_has_what_is_its_own(one_server: Objects, cluster: Objects) -> None:
    assert one_server.keys() >= {
        *((kind, "api") for kind in ("Deployment", "HorizontalPodAutoscaler", "PodDisruptionBudget", "Service")),
        *(("StatefulSet", "pipeline"), ("Service", "collector"), ("Service", "dagster"), ("Job", "migrate-1")),
        *(("ClickHouseInstallation", "warehouse"), ("NetworkPolicy", "closed")),
    }
    assert cluster.keys() - one_server.keys() == {
        *(("StatefulSet", "collector"), ("HorizontalPodAutoscaler", "collector"), ("PodDisruptionBudget", "collector")),
        *(("Deployment", "consume-rabbitmq"), ("Deployment", "consume-kafka"), ("PersistentVolumeClaim", "home")),
        *(("ServiceAccount", "dagster"), ("Role", "dagster"), ("RoleBinding", "dagster")),
        *(("ClickHouseKeeperInstallation", "warehouse"), ("NetworkPolicy", "clickhouse-keeper")),
    }
    assert one_server.keys() <= cluster.keys()


def test_no_container_has_more_rights_than_it_needs(objects: Objects) -> None:
    for template, container in containers(objects):
        pod = template["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is ("serviceAccountName" in pod)
        given = container["securityContext"]
        assert (given["allowPrivilegeEscalation"], given["readOnlyRootFilesystem"]) == (False, True)
        assert given["capabilities"] == {"drop": ["ALL"]}
        assert {"requests", "limits"} <= container["resources"].keys()


def test_images_are_of_this_version_and_of_no_moving_one(chart: Chart, objects: Objects) -> None:
    declared = yaml.safe_load((chart.folder / "Chart.yaml").read_text("utf-8"))
    assert declared["appVersion"] == declared["version"] == installed("marketplace-warehouse")
    for _, container in containers(objects):
        assert container["image"] == f"marketplace-warehouse:{declared['appVersion']}"
    for kind in CUSTOM:
        for found in (one for (its, _), one in objects.items() if its == kind):
            for image in images(found):
                assert re.search(r":\d", image)


def images(value: object) -> Iterator[str]:
    """All images that are named anywhere in it."""
    if isinstance(value, dict):
        if isinstance(value.get("image"), str):
            yield value["image"]
        for one in value.values():
            yield from images(one)
    elif isinstance(value, list):
        for one in value:
            yield from images(one)


def test_containers_run_commands_there_are_with_settings_there_are(objects: Objects) -> None:
    variables = {str(field.validation_alias.choices[0]) for field in Settings.model_fields.values()}  # type: ignore[union-attr]
    secrets = secret_files.variables(Settings).keys() | OTHERS
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for template, container in containers(objects):
        command = commands[container["args"][0]]
        if len(container["args"]) > 1:
            assert container["args"][1] in command.commands
        assert {"name": "warehouse-settings"} in [one["configMapRef"] for one in container["envFrom"]]
        for entry in container["env"]:
            source = entry["valueFrom"]
            if "fieldRef" in source:
                assert entry["name"] in variables - secrets
            else:
                assert entry["name"] in secrets
                named = source["secretKeyRef"]
                assert (named["name"], named["key"]) == ("warehouse-secrets", entry["name"])
        mounted = {one["name"] for one in container["volumeMounts"]}
        of_set = {one["metadata"]["name"] for one in claims(objects, template)}
        assert mounted <= {volume["name"] for volume in template["spec"].get("volumes", ())} | of_set
    assert settings_of(objects).keys() <= (variables - secrets) | LAUNCHER


def claims(objects: Objects, template: dict[str, Any]) -> list[dict[str, Any]]:
    [owner] = [found for found in objects.values() if found.get("spec", {}).get("template") is template]
    return list(owner["spec"].get("volumeClaimTemplates", ()))


def test_no_value_is_a_secret(chart: Chart, objects: Objects) -> None:
    assert "Secret" not in {kind for kind, _ in objects}
    for name in secret_files.variables(Settings):
        done = chart.run("template", values={"settings": {**chart.needed, name: "in clear"}})
        assert (done.code, name in done.said) == (1, True)


def test_each_secret_is_told_to_those_who_need_it_alone(cluster: Objects) -> None:
    told: dict[str, set[str]] = {}
    for _, container in containers(cluster):
        for entry in container["env"]:
            told.setdefault(entry["name"], set()).add(container["name"])
    assert told["API_JWT_SECRET"] == {"api"}
    assert told["CLICKHOUSE_ADMIN_PASSWORD"] == {"migrate", "code", "daemon", "webserver"}
    assert "api" not in told["CLICKHOUSE_LOADER_PASSWORD"]
    assert told["DAGSTER_POSTGRES_URL"] == {"code", "daemon", "webserver"}


def test_whatever_is_pointed_at_is_there(objects: Objects) -> None:
    for (kind, name), found in objects.items():
        spec = found.get("spec", {})
        if kind == "HorizontalPodAutoscaler":
            target = objects[spec["scaleTargetRef"]["kind"], spec["scaleTargetRef"]["name"]]
            assert "replicas" not in target["spec"]
            # What it measures is a share of what is asked for.
            for container in target["spec"]["template"]["spec"]["containers"]:
                assert "cpu" in container["resources"]["requests"]
        if kind in ("Deployment", "StatefulSet"):
            assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items()
        if kind == "StatefulSet":
            assert ("Service", spec["serviceName"]) in objects
        if kind == "PodDisruptionBudget":
            assert chosen(objects, spec["selector"]["matchLabels"])
        if kind == "Service":
            assert {port["targetPort"] for port in spec["ports"]} <= ports(chosen(objects, spec["selector"])), name
    for template in pods(objects):
        for volume in template["spec"].get("volumes", ()):
            if claim := volume.get("persistentVolumeClaim"):
                assert ("PersistentVolumeClaim", claim["claimName"]) in objects


def chosen(objects: Objects, labels: dict[str, str]) -> list[dict[str, Any]]:
    return [pod for pod in pods(objects) if labels.items() <= pod["metadata"]["labels"].items()]


def ports(templates: list[dict[str, Any]]) -> set[str]:
    return {port["name"] for pod in templates for one in pod["spec"]["containers"] for port in one.get("ports", ())}


def test_services_find_each_other_and_are_let_in(objects: Objects) -> None:
    for variable in ("API_URL", "COLLECTOR_URL", "DAGSTER_URL"):
        host, port = settings_of(objects)[variable].removeprefix("http://").split(":")
        if host == "dagster-webserver":  # of Dagster's chart
            continue
        service = objects["Service", host]["spec"]
        [named] = [one["targetPort"] for one in service["ports"] if one["port"] == int(port)]
        let_in = {
            one["port"]
            for (kind, _), policy in objects.items()
            if kind == "NetworkPolicy" and policy["spec"]["podSelector"].get("matchLabels") == service["selector"]
            for rule in policy["spec"]["ingress"]
            for one in rule["ports"]
        }
        assert named in let_in


def test_a_home_that_is_not_shared_has_one_pod_that_lands(chart: Chart, one_server: Objects, cluster: Objects) -> None:
    """Admission is ordered by a lock in one home, which a second pod would not share."""
    assert one_server["StatefulSet", "pipeline"]["spec"]["replicas"] == 1
    assert one_server["StatefulSet", "pipeline"]["spec"]["volumeClaimTemplates"]
    scaled = {f["spec"]["scaleTargetRef"]["name"] for (k, _), f in one_server.items() if k == "HorizontalPodAutoscaler"}
    assert scaled == {"api"}
    on = {"rabbitmq": {"enabled": True}, "kafka": {"enabled": True}}
    consuming = chart.objects(values={"settings": chart.needed, "consumers": on})
    [pipeline] = [found for (kind, _), found in consuming.items() if kind == "StatefulSet"]
    names = [container["name"] for container in pipeline["spec"]["template"]["spec"]["containers"]]
    assert names == ["collector", "kafka", "rabbitmq", "code", "daemon", "webserver"]
    # In a shared one all that land mount it, and every collector has a name, and with it a spool, of its own.
    for template, container in containers(cluster):
        if container["name"] not in ("api", "migrate"):
            assert {"name": "home", "persistentVolumeClaim": {"claimName": "home"}} in template["spec"]["volumes"]
        named = [entry["valueFrom"] for entry in container["env"] if entry["name"] == "COLLECTOR_NAME"]
        assert named == ([{"fieldRef": {"fieldPath": "metadata.name"}}] if container["name"] == "collector" else [])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "API_PUBLIC_URL"),
        ({"clickhouse": {"install": "none"}}, "CLICKHOUSE_URL"),
        ({"settings": {"CLICKHOUSE_URL": "http://elsewhere:8123"}}, "/settings"),
        ({"dagster": {"jobs": True}}, "/dagster/jobs"),
        ({"dagster": {"release": "dagster"}}, "/dagster/release"),
        ({"home": {"shared": True}, "dagster": {"jobs": True}, "existingSecret": "other"}, "/existingSecret"),
        ({"image": {"tag": "latest"}}, "/image/tag"),
        ({"api": {"replicas": 3}}, "/api"),
    ],
)
def test_values_that_cannot_be_are_refused(chart: Chart, values: dict[str, Any], said: str) -> None:
    given = {**values, "settings": {**chart.needed, **values.get("settings", {})}} if values else values
    done = chart.run("template", values=given)
    assert (done.code, said in done.said) == (1, True), done.said


def test_settings_reach_the_pods_as_they_are_written_and_start_them_anew(chart: Chart) -> None:
    values = {"DAGSTER_REBUILD_EVENTS": 100_000_000, "DOOR_BATCH_SECONDS": 0.5, "COLLECTOR_SPOOL_MIB": 2048}
    before = chart.objects(values={"settings": chart.needed})
    after = chart.objects(values={"settings": {**chart.needed, **values}})
    found = settings_of(after)
    assert {name: found[name] for name in values} == {
        "DAGSTER_REBUILD_EVENTS": "100000000",
        "DOOR_BATCH_SECONDS": "0.5",
        "COLLECTOR_SPOOL_MIB": "2048",
    }
    sums = [one["Deployment", "api"]["spec"]["template"]["metadata"]["annotations"] for one in (before, after)]
    assert sums[0] != sums[1]


def test_the_installation_of_clickhouse_is_the_one_the_settings_name(one_server: Objects) -> None:
    installation = one_server["ClickHouseInstallation", "warehouse"]
    assert settings_of(one_server)["CLICKHOUSE_URL"] == f"http://clickhouse-{installation['metadata']['name']}:8123"
    assert "CLICKHOUSE_CLUSTER" not in settings_of(one_server)
    password = installation["spec"]["configuration"]["users"]["admin/k8s_secret_password"]
    assert password == "warehouse/warehouse-secrets/CLICKHOUSE_ADMIN_PASSWORD"


def test_the_installation_of_a_cluster_has_a_keeper_that_its_nodes_may_speak_to(cluster: Objects) -> None:
    nodes = cluster["ClickHouseInstallation", "warehouse"]["spec"]["configuration"]
    # The operator names a Keeper's service after it, and a node's after installation, cluster, shard and replica.
    [keeper] = nodes["zookeeper"]["nodes"]
    assert ("ClickHouseKeeperInstallation", keeper["host"].removeprefix("keeper-")) in cluster
    [found] = nodes["clusters"]
    assert found["layout"] == {"shardsCount": 2, "replicasCount": 2}
    assert settings_of(cluster)["CLICKHOUSE_CLUSTER"] == found["name"]
    assert settings_of(cluster)["CLICKHOUSE_URL"] == f"http://chi-warehouse-{found['name']}-0-0:8123"
    assert nodes["users"]["admin/k8s_secret_password"] == "warehouse/warehouse-secrets/CLICKHOUSE_ADMIN_PASSWORD"
    servers = {"podSelector": {"matchLabels": {"clickhouse.altinity.com/app": "chop"}}}
    assert [servers] in [rule["from"] for rule in cluster["NetworkPolicy", "clickhouse"]["spec"]["ingress"]]
    assert servers in cluster["NetworkPolicy", "clickhouse-keeper"]["spec"]["ingress"][0]["from"]


def test_a_clickhouse_of_ones_own_is_left_alone(chart: Chart) -> None:
    own = {**chart.needed, "CLICKHOUSE_URL": "https://clickhouse.example.com:8443", "CLICKHOUSE_CLUSTER": "analytics"}
    found = chart.objects(values={"settings": own, "clickhouse": {"install": "none"}})
    assert own.items() <= settings_of(found).items()
    assert "CLICKHOUSE_ADMIN_USER" not in settings_of(found)
    assert not CUSTOM & {kind for kind, _ in found}
    assert ("NetworkPolicy", "clickhouse") not in found
