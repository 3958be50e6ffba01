"""The main job run from Python, recorded in the same history as the clock's runs."""

from __future__ import annotations

from dataclasses import dataclass

from dagster_project import instance as dagster_instance
from dagster_project.asset_keys import LANE, PUBLICATION
from dagster_project.failures import cause
from warehouse.errors import WarehouseError
from warehouse.settings import Settings


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A finished run: its id and what was published (the metadata of `publication` that are plain values)."""

    run_id: str
    publication: dict[str, object]


def run_refresh(settings: Settings, *, full_refresh: bool = False) -> Refreshed:
    """Run the job `refresh` in this process and return what it published.

    Raises:
        WarehouseError: a step failed; readers stay on the last good generation.
    """
    from dagster import TableMetadataValue

    dagster_instance.prepare(settings)
    from dagster_project.definitions import build_defs

    job = build_defs(settings).resolve_job_def("refresh")
    with dagster_instance.kept(settings) as instance:
        result = job.execute_in_process(
            run_config={"ops": {"build": {"config": {"full_refresh": full_refresh}}}},
            instance=instance,
            tags=LANE,
            raise_on_error=False,
        )
    if not result.success:
        causes = [cause(event) for event in result.all_events if event.is_step_failure]
        raise WarehouseError(
            "; ".join(causes) or "the run failed",
            f"run {result.run_id} has the details: `warehouse up` shows it",
        )
    for event in result.get_asset_materialization_events():
        if event.asset_key == PUBLICATION:
            metadata = event.materialization.metadata
            plain: dict[str, object] = {
                name: value.value for name, value in metadata.items() if not isinstance(value, TableMetadataValue)
            }
            return Refreshed(result.run_id, plain)
    raise WarehouseError("the run published nothing", "run it again")
