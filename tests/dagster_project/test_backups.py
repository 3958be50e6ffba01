"""The night's backup and its drill: what they do where backups are configured, and where they are not."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from dagster_project.context import warehouse_resource
from dagster_project.defs.operations.backups import backup, restore_drill
from tests.conftest import running_home
from warehouse.backups import making
from warehouse.settings import Settings


def night(settings: Settings) -> dict[str, dict[str, object]]:
    """Metadata of both, by name."""
    done = dg.materialize([backup, restore_drill], resources={"warehouse": warehouse_resource(settings)})
    assert done.success
    found = {}
    for name in ("backup", "restore_drill"):
        (event,) = done.asset_materializations_for_node(name)
        found[name] = {key: value.value for key, value in event.metadata.items()}
    return found


def test_a_backup_each_night_that_is_brought_back(tmp_path: Path, home: Settings) -> None:
    assert night(home) == {"backup": {"configured": False}, "restore_drill": {"configured": False}}
    with running_home(tmp_path / "home") as running:
        settings = running.model_copy(update={"backups": str(running.backup_folder)})
        found = night(settings)
        (made,) = making.all_made(settings)
        assert found["backup"]["backup"] == found["restore_drill"]["backup"] == made.address
        assert found["restore_drill"]["events"] == 0
        # The scratch home of the drill is gone.
        assert not list(settings.home.glob("restore-drill-*"))
