"""The dbt manifest this code location was loaded with."""

from __future__ import annotations

from functools import cache
from typing import Any

from dagster_project import manifest
from warehouse.settings import get_settings


@cache
def loaded_manifest() -> dict[str, Any]:
    """Read once per process; parsed first if the models have changed since it was prepared."""
    return manifest.load(get_settings())
