"""Imported once by the process that runs are forked from: what every run would otherwise load anew.

Nothing here connects or starts a thread, neither of which survives a fork.
"""

from __future__ import annotations

import logging

try:
    import dbt.adapters.clickhouse
    import dbt.cli.main  # noqa: F401

    from dagster_project.definitions import defs
    from warehouse import transform
    from warehouse.settings import get_settings

    defs.get_repository_def()
    transform.manifest(get_settings(), transform.fingerprint())
except Exception:  # each run will meet the same trouble, and tell
    logging.getLogger(__name__).warning("runs start cold", exc_info=True)
