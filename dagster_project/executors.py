"""Where the steps of a run are executed, by the setting DAGSTER_EXECUTOR."""

from __future__ import annotations

import dagster as dg

from dagster_project.instance import require_kubernetes
from warehouse.errors import SettingsError
from warehouse.settings import Settings


def chosen(settings: Settings) -> dg.ExecutorDefinition:
    """The executor of all jobs that do not name one.

    Raises:
        SettingsError: it cannot be had with what else is set and installed.
    """
    limit = {"max_concurrent": settings.dagster_max_steps}
    if settings.dagster_executor == "multiprocess":
        # Loading Dagster, dbt and the models takes longer than most steps.
        start = {"forkserver": {"preload_modules": ["dagster_project.warm"]}}
        return dg.multiprocess_executor.configured({**limit, "start_method": start})
    if settings.dagster_executor == "kubernetes":
        if settings.dagster_launcher != "kubernetes":
            raise SettingsError(
                "DAGSTER_EXECUTOR is kubernetes, but runs are started on this machine",
                "set DAGSTER_LAUNCHER=kubernetes, too: steps become Jobs as its runs do",
            )
        require_kubernetes(settings)
        from dagster_k8s import k8s_job_executor

        executor: dg.ExecutorDefinition = k8s_job_executor.configured(limit)
        return executor
    # A process per step costs more than it saves where steps wait for ClickHouse.
    return dg.in_process_executor
