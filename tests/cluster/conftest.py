"""The cluster that all tests of this folder share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster.shards import Shards, running
from tests.lending import keep, lend


@pytest.fixture(scope="session")
def two_shards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shards]:
    """A migrated cluster of two shards, killed at the end."""
    with running(tmp_path_factory.mktemp("cluster")) as shards:
        lend(shards.settings)
        yield shards
        keep(shards.settings)
