"""What a command needs before it can work: a running ClickHouse with everything migrated."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse.settings import Settings


def migration_folders() -> list[Path]:
    """Folders of migrations, in the order in which they are applied."""
    return [Path(str(resources.files(package))) / "migrations" for package in ("warehouse", "ingestion")]


def migrate(settings: Settings) -> list[str]:
    """Apply missing migrations as the admin; on a server the identities are created too."""
    from warehouse.client import Identity, connect
    from warehouse.cluster import cluster
    from warehouse.engine.identities import identity_statements
    from warehouse.locks import exclusive
    from warehouse.migrations import migrate as apply

    with exclusive("migrate", settings, wait=120):
        client = connect(Identity.ADMIN, settings)
        applied = apply(client, migration_folders(), cluster(settings))
        if not settings.embedded:
            for statement in identity_statements(settings):
                client.command(statement)
    return applied


def ready() -> Settings:
    """Settings of a ClickHouse that answers and is migrated; starts the embedded one if need be."""
    from warehouse.engine import process
    from warehouse.settings import get_settings

    settings = get_settings()
    if settings.embedded:
        process.start(settings)
        migrate(settings)
    return settings
