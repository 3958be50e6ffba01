"""Erasures and access exports over HTTP: for admins, and without a trace of whom they are about."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from pydantic import AnyHttpUrl

from serving_api.app import create_app
from serving_api.auth import Authority, Role
from serving_api.privacy import ACCESS, ERASURES
from tests.serving_api.conftest import SECRET, bearer, serving
from warehouse.settings import Settings


@pytest.fixture(scope="module")
def address(home: Settings) -> Iterator[str]:
    """An API whose Dagster is away."""
    away = AnyHttpUrl("http://127.0.0.1:9")
    with serving(create_app(home.model_copy(update={"dagster_url": away}), Authority(SECRET))) as url:
        yield url


@pytest.mark.parametrize("path", [ERASURES, ACCESS])
def test_only_admins_may_ask(address: str, path: str) -> None:
    body = {"user_id": "somebody"}
    assert httpx.post(address + path, json=body).status_code == 401
    assert httpx.post(address + path, json=body, headers=bearer(Role.ANALYST)).status_code == 403


@pytest.mark.parametrize("body", [{}, {"user_id": ""}, {"user_id": "  "}, {"user_id": "x" * 256}, {"id": "x"}])
def test_an_id_that_is_none_is_refused(address: str, body: dict[str, str]) -> None:
    answer = httpx.post(address + ERASURES, json=body, headers=bearer(Role.ADMIN))
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize("path", [ERASURES, ACCESS])
def test_without_dagster_nothing_is_left_of_the_request(address: str, path: str, home: Settings) -> None:
    answer = httpx.post(address + path, json={"user_id": "somebody-7c"}, headers=bearer(Role.ADMIN))
    assert answer.status_code == 503
    assert "somebody-7c" not in answer.text
    assert list((home.home / "requests").iterdir()) == []
