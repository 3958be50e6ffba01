"""A generation with gaps, and the catalog of what can be asked."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from clickhouse_connect.driver.client import Client

from serving_api.generations import REMEMBERED_SECONDS
from tests.serving_api.builder.questions import GENERATION, kept
from tests.serving_api.published import CATALOG, point, publish
from warehouse.semantics import Catalog


@pytest.fixture(scope="module", autouse=True)
def generation(admin: Client, url: str) -> Iterator[None]:
    """A generation with gaps besides the one in force."""
    publish(admin, GENERATION, kept=kept)
    point(admin, 1, action="rollback")
    time.sleep(REMEMBERED_SECONDS)
    yield
    admin.command(f"DROP DATABASE marts_g{GENERATION:06d} SYNC")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.model_validate_json(CATALOG.read_text("utf-8"))
