"""dbt's nodes as Dagster's: asset keys, groups, checks, and what a node result means for both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    build_dbt_asset_specs,
    default_metadata_from_dbt_resource_props,
)

from warehouse.transform import NodeResult

Manifest = Mapping[str, Any]
Node = Mapping[str, Any]

#: Marts are rebuilt at least every night, whatever has landed: 24 hours and two of slack.
MART_FRESHNESS = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=26), warn_window=timedelta(hours=25))
_PERIODS = {"minute": 60, "hour": 3600, "day": 86400}


def layer(node: Node) -> str:
    """Folder under `models` = layer = group; seeds are the reference data."""
    if node["resource_type"] == "source":
        return str(node["source_name"])
    return "reference" if node["resource_type"] == "seed" else str(node["fqn"][1])


def asset_key(node: Node) -> dg.AssetKey:
    """A model's or seed's name alone; a source is `<source>/<table>`, as it is in ClickHouse."""
    if node["resource_type"] == "source":
        return dg.AssetKey([node["source_name"], node["name"]])
    return dg.AssetKey(node["name"])


class Translator(DagsterDbtTranslator):
    """Names and groups of this house; everything else is dagster-dbt's."""

    def __init__(self) -> None:
        # Tests become checks below: dagster-dbt leaves out tests that read two models.
        super().__init__(DagsterDbtTranslatorSettings(enable_asset_checks=False))

    def get_asset_key(self, dbt_resource_props: Node) -> dg.AssetKey:
        """See `asset_key`."""
        return asset_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Node) -> str | None:
        """See `layer`."""
        return layer(dbt_resource_props)

    def get_description(self, dbt_resource_props: Node) -> str:
        """The description alone; the SQL is one click away in dbt's docs and not repeated per asset."""
        return str(dbt_resource_props["description"]).strip()


def specs(manifest: Manifest) -> list[dg.AssetSpec]:
    """Every model and seed; marts carry a freshness policy."""
    marts = {
        asset_key(node)
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and layer(node) == "marts"
    }
    return [
        spec.replace_attributes(freshness_policy=MART_FRESHNESS) if spec.key in marts else spec
        for spec in build_dbt_asset_specs(manifest=manifest, dagster_dbt_translator=Translator())
    ]


def source_specs(manifest: Manifest, source: str, deps: Iterable[dg.AssetKey], **attributes: Any) -> list[dg.AssetSpec]:
    """The tables of a dbt source as assets, with the freshness the source declares."""
    return [
        dg.AssetSpec(
            key=asset_key(node),
            deps=list(deps),
            description=str(node["description"]).strip(),
            group_name=layer(node),
            metadata=default_metadata_from_dbt_resource_props(node),
            freshness_policy=_freshness(node),
            **attributes,
        )
        for node in _sources(manifest, source)
    ]


def sources_with_freshness(manifest: Manifest) -> list[dg.AssetKey]:
    """Sources for which dbt can tell how old they are."""
    return [asset_key(node) for node in manifest["sources"].values() if _freshness(node) is not None]


def check_specs(manifest: Manifest) -> list[dg.AssetCheckSpec]:
    """Every data test as a check of the model it is about; unit tests judge the code, not the data."""
    found = []
    for node in _tests(manifest):
        about, others = _subjects(manifest, node)
        found.append(
            dg.AssetCheckSpec(
                name=node["name"],
                asset=about,
                additional_deps=others,
                description=_described(node),
                blocking=_severity(node) is dg.AssetCheckSeverity.ERROR,
            )
        )
    return found


def events(
    manifest: Manifest, results: Iterable[NodeResult], metadata: Mapping[str, Mapping[str, Any]]
) -> Iterator[dg.AssetMaterialization | dg.AssetCheckEvaluation]:
    """What results mean: models built, tests passed or not; skipped nodes mean nothing.

    These are recorded whether the run has planned them or not, which the runs of the clock do not: nobody
    knows beforehand what will be reached, and a plan costs as much to keep as what comes of it.

    Args:
        manifest: the manifest the assets were made from.
        results: those of a build.
        metadata: what else is known of a table, by its name.
    """
    by_id = {node["unique_id"]: node for node in _tests(manifest)}
    for result in results:
        if result.status == "success":
            yield dg.AssetMaterialization(
                asset_key=dg.AssetKey(result.name),
                metadata={"seconds": round(result.seconds, 3), **metadata.get(result.name, {})},
            )
        elif result.unique_id in by_id and result.status in ("pass", "warn", "fail", "error"):
            test = by_id[result.unique_id]
            said: dict[str, Any] = {"failing_rows": result.failures} if result.failures else {}
            if result.status != "pass" and result.message:
                said["message"] = result.message
            yield dg.AssetCheckEvaluation(
                asset_key=_subjects(manifest, test)[0],
                check_name=test["name"],
                passed=result.status == "pass",
                severity=dg.AssetCheckSeverity.WARN if result.status == "warn" else dg.AssetCheckSeverity.ERROR,
                metadata=said,
                blocking=_severity(test) is dg.AssetCheckSeverity.ERROR,
            )


def _tests(manifest: Manifest) -> list[Node]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]


def _subjects(manifest: Manifest, test: Node) -> tuple[dg.AssetKey, list[dg.AssetKey]]:
    """The asset a test is about, and the others it reads.

    A singular test that reads several models is about the one that comes last in the flow: there its
    sentence can first be true.
    """
    nodes = {**manifest["nodes"], **manifest["sources"]}
    read = [nodes[unique_id] for unique_id in test["depends_on"]["nodes"] if unique_id in nodes]
    attached = nodes.get(test.get("attached_node") or "")
    about = attached or max(read, key=lambda node: (_ancestors(manifest, node["unique_id"]), node["name"]))
    others = {asset_key(node) for node in read} - {asset_key(about)}
    return asset_key(about), sorted(others)


def _ancestors(manifest: Manifest, unique_id: str) -> int:
    seen: set[str] = set()
    waiting = [unique_id]
    while waiting:
        for parent in manifest["parent_map"].get(waiting.pop(), []):
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return len(seen)


def _sources(manifest: Manifest, source: str) -> list[Node]:
    return [node for node in manifest["sources"].values() if node["source_name"] == source]


def _described(test: Node) -> str | None:
    said = str(test.get("description") or "").strip()
    return said or str(test["name"]).removeprefix("assert_").replace("_", " ").capitalize() + "."


def _severity(test: Node) -> dg.AssetCheckSeverity:
    warns = str(test["config"].get("severity") or "error").lower() == "warn"
    return dg.AssetCheckSeverity.WARN if warns else dg.AssetCheckSeverity.ERROR


def _freshness(node: Node) -> dg.FreshnessPolicy | None:
    declared = node.get("freshness") or {}
    windows = {
        name: timedelta(seconds=threshold["count"] * _PERIODS[threshold["period"]])
        for name in ("warn_after", "error_after")
        if (threshold := declared.get(name)) and threshold.get("count")
    }
    if "error_after" not in windows:
        return None
    return dg.FreshnessPolicy.time_window(fail_window=windows["error_after"], warn_window=windows.get("warn_after"))
