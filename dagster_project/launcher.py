"""Starts runs by forking a process that has everything loaded, instead of one that loads it all first.

Loading Dagster, dbt and the models takes longer than a small build. The process to fork from is Python's own
fork server: a child of Dagster's daemon, started with the first run, gone with the daemon. It does nothing
but import `dagster_project.warm` and fork.
"""

from __future__ import annotations

import multiprocessing
import os
import signal

from dagster._cli import cli
from dagster._core.launcher import LaunchRunContext
from dagster._core.launcher.default_run_launcher import DefaultRunLauncher
from dagster._grpc.types import ExecuteRunArgs

from dagster_project import liveness
from warehouse.settings import get_settings

_PID_TAG = "warehouse/pid"


class WarmRunLauncher(DefaultRunLauncher):
    """Runs on this machine, each in a process of its own that starts warm."""

    def launch_run(self, context: LaunchRunContext) -> None:
        """Fork a process that does what `dagster api execute_run` does."""
        run = context.dagster_run
        if run.job_code_origin is None:
            super().launch_run(context)
            return
        arguments = ExecuteRunArgs(run.job_code_origin, run.run_id, self._instance.get_ref())
        server = multiprocessing.get_context("forkserver")
        server.set_forkserver_preload(["dagster_project.warm"])
        # Not daemonic, although nobody waits for it: a run may outlive the daemon and start processes.
        process = server.Process(target=_execute, args=(run.run_id, arguments.get_command_args()[1:]), name=run.run_id)
        process.start()
        self._instance.add_run_tags(run.run_id, {_PID_TAG: str(process.pid)})

    def terminate(self, run_id: str) -> bool:
        """Interrupt the run's process, if it lives."""
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished or _PID_TAG not in run.tags:
            return bool(super().terminate(run_id))  # type: ignore[no-untyped-call]
        self._instance.report_run_canceling(run)
        # The number may be another process's by now; the run's lock tells.
        if not liveness.is_alive(get_settings(), run_id):
            return False
        os.kill(int(run.tags[_PID_TAG]), signal.SIGTERM)
        return True


def _execute(run_id: str, arguments: list[str]) -> None:
    # Also between two steps that are processes of their own.
    with liveness.alive(get_settings(), run_id):
        cli(arguments, standalone_mode=False)
