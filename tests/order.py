"""Which files of tests take long, so that they begin first and no worker is left with one of them at the end."""

from __future__ import annotations

import pytest

#: From a minute down to a quarter of one on two quiet cores, longest first; `--durations=0` tells.
_LONG = (
    "dagster_project/test_next_refresh.py",
    "faults/test_build_killed.py",
    "end_to_end/test_marts.py",
    "ingestion/doors/kafka/test_kafka.py",
    "end_to_end/test_restatement.py",
    "law/test_law.py",
    "serving_api/test_access.py",
    "end_to_end/test_erasure_everywhere.py",
    "end_to_end/test_cli.py",
    "end_to_end/test_closing.py",
    "dagster_project/test_refresh.py",
    "dagster_project/test_clock.py",
    "deploy/test_compose.py",
    "end_to_end/test_erasure.py",
    "dagster_project/test_doors.py",
    "dagster_project/test_rebuilding.py",
    "end_to_end/test_report_runs.py",
    "warehouse/test_backups.py",
    "faults/test_landing_killed.py",
    "ingestion/quarantine/test_replay.py",
    "warehouse/foresight/test_training.py",
    "faults/test_kafka_killed.py",
    "cluster/test_two_shards.py",
    "test_sql_style.py",
    "faults/test_postgres_killed.py",
    "end_to_end/test_olist.py",
    "faults/test_rabbitmq_killed.py",
    "docs/test_tutorials.py",
    "dagster_project/test_loading.py",
    "dagster_project/test_launcher.py",
    "dbt_project/test_layers.py",
    "end_to_end/test_reports.py",
    "dagster_project/test_vitals.py",
)
_PLACES = {f"tests/{name}": place for place, name in enumerate(_LONG)}


def longest_first(items: list[pytest.Item]) -> None:
    """Sort the tests of a session by their files: long ones, then all others as they were."""
    items.sort(key=lambda item: _PLACES.get(item.nodeid.partition("::")[0], len(_PLACES)))
