"""A bucket on a real S3 server, found as users make theirs found: through the environment."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.servers.objects import ObjectServer, objects
from warehouse.object_storage import s3_client

__all__ = ["objects"]


@dataclass
class Bucket:
    """A bucket of one test."""

    name: str
    client: Any

    def put(self, key: str, content: bytes) -> str:
        self.client.put_object(Bucket=self.name, Key=key, Body=content)
        return f"s3://{self.name}/{key}"


@pytest.fixture
def bucket(objects: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    for name, value in objects.environment.items():
        monkeypatch.setenv(name, value)
    s3_client.cache_clear()
    made = Bucket(f"test-{uuid.uuid4().hex[:12]}", objects.client())
    made.client.create_bucket(Bucket=made.name)
    yield made
    s3_client.cache_clear()
