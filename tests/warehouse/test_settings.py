"""Settings come from the environment; secrets are generated only where that is safe."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from warehouse.client import http_endpoint
from warehouse.errors import SettingsError, Unreachable
from warehouse.settings import Identity, get_settings, project_root


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("CLICKHOUSE_URL", "WAREHOUSE_HTTP_PORT", "WAREHOUSE_TCP_PORT", "PII_HMAC_SECRET"):
        monkeypatch.delenv(name, raising=False)
    for identity in Identity:
        monkeypatch.delenv(identity.password_variable, raising=False)
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path / "home"))


def test_defaults_are_those_of_the_contract() -> None:
    settings = get_settings()
    assert settings.embedded
    assert (settings.http_port, settings.tcp_port) == (None, None)
    assert (settings.collector_port, settings.api_port, settings.dagster_port) == (3004, 8004, 3000)
    assert settings.rabbitmq_url is None


def test_a_relative_home_is_resolved_and_an_empty_variable_is_unset(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WAREHOUSE_HOME", "here")
    monkeypatch.setenv("CLICKHOUSE_URL", "")
    settings = get_settings()
    assert settings.home == tmp_path / "here"
    assert settings.embedded


@pytest.mark.parametrize(
    ("variable", "value"),
    [("WAREHOUSE_HTTP_PORT", "http"), ("API_PORT", "70000"), ("CLICKHOUSE_URL", "not a url")],
)
def test_a_value_that_cannot_be_used_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=variable):
        get_settings()


def test_settings_are_frozen_and_keep_secrets_out_of_their_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLICKHOUSE_READER_PASSWORD", "open sesame")
    settings = get_settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.http_port = 1
    assert "open sesame" not in repr(settings)
    assert settings.password(Identity.READER) == "open sesame"


def test_generated_secrets_are_kept_private_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = get_settings()
    passwords = {settings.password(identity) for identity in Identity} | {settings.pii_secret()}
    assert len(passwords) == 5
    assert min(map(len, passwords)) >= 32
    assert settings.pii_secret() == get_settings().pii_secret()
    assert (settings.home / "credentials.json").stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("PII_HMAC_SECRET", "given")
    assert get_settings().pii_secret() == "given"


def test_first_uses_at_the_same_time_agree_on_the_secrets() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: get_settings().pii_secret(), range(8)))) == 1


def test_secrets_added_later_keep_the_ones_that_exist() -> None:
    settings = get_settings()
    before = settings.pii_secret()
    path = settings.home / "credentials.json"
    kept = json.loads(path.read_text())
    del kept[Identity.READER.password_variable]
    path.write_text(json.dumps(kept))
    assert settings.password(Identity.READER)
    assert settings.pii_secret() == before


def test_damaged_credentials_are_never_replaced() -> None:
    settings = get_settings()
    settings.pii_secret()
    (settings.home / "credentials.json").write_text("{")
    with pytest.raises(SettingsError, match="damaged"):
        settings.pii_secret()


@pytest.mark.parametrize("identity", list(Identity))
def test_against_a_server_a_missing_password_is_named(monkeypatch: pytest.MonkeyPatch, identity: Identity) -> None:
    monkeypatch.setenv("CLICKHOUSE_URL", "http://example.test:8123")
    settings = get_settings()
    with pytest.raises(SettingsError, match=identity.password_variable) as failure:
        settings.password(identity)
    assert f"set {identity.password_variable}" in failure.value.hint
    with pytest.raises(SettingsError, match="PII_HMAC_SECRET"):
        settings.pii_secret()
    assert not settings.home.exists()


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("http://ch.test:8123", "http://ch.test:8123"),
        ("https://ch.test", "https://ch.test:443"),
        ("https://me:secret@ch.test:8443/proxy/", "https://ch.test:8443/proxy"),
        ("http://[::1]:8123", "http://[::1]:8123"),
    ],
)
def test_a_server_is_addressed_as_given_without_a_login_in_the_address(
    monkeypatch: pytest.MonkeyPatch, given: str, url: str
) -> None:
    monkeypatch.setenv("CLICKHOUSE_URL", given)
    monkeypatch.setenv("CLICKHOUSE_READER_PASSWORD", "open sesame")
    endpoint = http_endpoint(Identity.READER, get_settings())
    assert (endpoint.url, endpoint.user, endpoint.password) == (url, "reader", "open sesame")
    assert "open sesame" not in repr(endpoint)


def test_an_engine_that_does_not_run_says_how_to_start_it() -> None:
    with pytest.raises(Unreachable) as failure:
        http_endpoint(Identity.READER, get_settings())
    assert "warehouse start" in failure.value.hint


def test_home_of_the_user_is_not_the_home_of_the_warehouse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/somewhere/else")
    monkeypatch.delenv("WAREHOUSE_HOME", raising=False)
    assert get_settings().home == project_root() / ".warehouse"
