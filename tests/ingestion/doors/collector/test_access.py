"""Keys and tokens: who gets in, and how keys are configured."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from ingestion.doors.collector.access import api_keys, configured_access
from tests.ingestion.doors.collector.conftest import EVENTS, KEY, SECRET, event
from warehouse.errors import SettingsError
from warehouse.settings import Settings
from warehouse.tokens import Role, sign

OTHER = "another-secret-that-has-more-than-32-bytes-too"


@pytest.mark.parametrize(
    "headers",
    [{"X-API-Key": KEY}, {"Authorization": f"Bearer {KEY}"}, {"Authorization": f"bearer  {KEY}"}],
)
def test_a_key_may_send(client: httpx.Client, headers: dict[str, str]) -> None:
    del client.headers["X-API-Key"]
    assert client.post(EVENTS, json=event(), headers=headers).status_code == 202


@pytest.mark.parametrize("role", Role)
def test_of_tokens_only_service_and_admin_may_send(client: httpx.Client, role: Role) -> None:
    del client.headers["X-API-Key"]
    headers = {"Authorization": f"Bearer {sign(SECRET, 'somebody', role)}"}
    for _ in range(2):  # the second time it is remembered
        answer = client.post(EVENTS, json=event(), headers=headers)
        assert answer.status_code == (202 if role in {Role.SERVICE, Role.ADMIN} else 403)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-API-Key": ""},
        {"X-API-Key": KEY + "x"},
        {"X-API-Key": KEY[:-1]},
        {"Authorization": KEY},
        {"Authorization": f"Basic {KEY}"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {sign(OTHER, 'somebody', Role.SERVICE)}"},
        {"Authorization": f"Bearer {sign(SECRET, 'somebody', Role.SERVICE, seconds=-60)}"},
        {"Authorization": b"Bearer \xff\xfe.\xff.\xff"},
    ],
)
def test_nobody_else(client: httpx.Client, headers: dict[str, str]) -> None:
    del client.headers["X-API-Key"]
    answer = client.post(EVENTS, json=event(), headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert KEY not in answer.text


def test_pairs_and_files_of_keys(tmp_path: Path) -> None:
    assert [key.name for key in api_keys(f"auth:{KEY}, chat:{KEY}:with:colons,")] == ["auth", "chat"]
    file = tmp_path / "keys"
    file.write_text(f"# of the services\nauth:{KEY}\n\nbilling:{KEY}2\n")
    file.chmod(0o600)
    assert [key.name for key in api_keys(str(file))] == ["auth", "billing"]
    assert KEY not in repr(api_keys(str(file)))
    file.chmod(0o640)
    with pytest.raises(SettingsError, match="can be read by others"):
        api_keys(str(file))
    with pytest.raises(SettingsError, match="cannot be read"):
        api_keys(str(tmp_path / "missing"))


@pytest.mark.parametrize("given", ["auth:short", KEY, f":{KEY}", ",", "auth:"])
def test_what_is_no_key_is_an_error_that_does_not_repeat_it(given: str) -> None:
    with pytest.raises(SettingsError, match="COLLECTOR_API_KEYS") as error:
        api_keys(given)
    assert KEY not in str(error.value)


def test_without_any_configuration_there_is_no_access(home: Settings) -> None:
    unset = {"collector_api_keys": None, "api_jwt_secret": None, "api_jwks_url": None}
    assert configured_access(home.model_copy(update=unset)) is None
