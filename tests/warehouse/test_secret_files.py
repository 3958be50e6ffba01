"""Every secret can come from a file, and no file that others can read is taken for one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingestion.doors.collector.access import api_keys
from warehouse import secret_files
from warehouse.cli.listening import tls
from warehouse.engine.process import _environment
from warehouse.errors import SettingsError
from warehouse.settings import Settings, generated_credentials, get_settings

SECRETS = secret_files.variables(Settings)
SECRET = "a-secret-of-the-tests-with-more-than-32-bytes"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in SECRETS:
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable + secret_files.SUFFIX, raising=False)
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path / "home"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text(SECRET + "\n")
    path.chmod(0o600)
    return path


def test_whatever_is_named_like_a_secret_is_one() -> None:
    named = {
        str(field.validation_alias.choices[0])  # type: ignore[union-attr]
        for field in Settings.model_fields.values()
    }
    suspicious = {name for name in named if re.search("PASSWORD|SECRET|TOKEN|_KEYS?$", name)}
    assert suspicious <= SECRETS.keys()
    # Addresses that may hold a login.
    assert {name for name in named if re.search("(RABBITMQ|POSTGRES|DATABASE|REDIS|SMTP)_URL$", name)} <= SECRETS.keys()


@pytest.mark.parametrize("variable", SECRETS)
def test_a_secret_may_be_in_a_file(monkeypatch: pytest.MonkeyPatch, file: Path, variable: str) -> None:
    monkeypatch.setenv(variable + "_FILE", str(file))
    assert getattr(get_settings(), SECRETS[variable]).get_secret_value() == SECRET


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644])
def test_a_file_that_others_can_open_is_refused(monkeypatch: pytest.MonkeyPatch, file: Path, mode: int) -> None:
    file.chmod(mode)
    monkeypatch.setenv("API_JWT_SECRET_FILE", str(file))
    with pytest.raises(SettingsError, match=r"API_JWT_SECRET_FILE: .* can be read by others") as refused:
        get_settings()
    assert refused.value.hint == f"chmod 600 {file}"
    assert SECRET not in str(refused.value)


def test_what_is_no_secret_in_a_file_is_said(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setenv("SMTP_URL_FILE", str(file.parent / "missing"))
    with pytest.raises(SettingsError, match="cannot be read"):
        get_settings()
    monkeypatch.setenv("SMTP_URL_FILE", str(file.parent))
    with pytest.raises(SettingsError, match="is not a file"):
        get_settings()
    file.write_text("\n")
    monkeypatch.setenv("SMTP_URL_FILE", str(file))
    with pytest.raises(SettingsError, match="is empty"):
        get_settings()
    monkeypatch.setenv("SMTP_URL", "smtp://elsewhere")
    with pytest.raises(SettingsError, match="SMTP_URL and SMTP_URL_FILE are both set"):
        get_settings()


def test_keys_of_the_collector_are_lines_of_a_file(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    file.write_text("# who may send\nshop:0123456789abcdef\n\nchat:fedcba9876543210\n")
    monkeypatch.setenv("COLLECTOR_API_KEYS_FILE", str(file))
    given = get_settings().collector_api_keys
    assert given is not None
    assert [key.name for key in api_keys(given.get_secret_value())] == ["shop", "chat"]
    assert [key.name for key in api_keys(str(file))] == ["shop", "chat"]


def test_credentials_that_others_can_read_are_not_used() -> None:
    home = get_settings().home
    generated_credentials(home)
    (home / "credentials.json").chmod(0o644)
    with pytest.raises(SettingsError, match="can be read by others"):
        generated_credentials(home)


def test_a_key_of_tls_that_others_can_read_is_refused(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setenv("WAREHOUSE_TLS_CERT_FILE", str(file))
    with pytest.raises(SettingsError, match="TLS needs a certificate and its key"):
        tls(get_settings())
    monkeypatch.setenv("WAREHOUSE_TLS_KEY_FILE", str(file))
    with pytest.raises(SettingsError, match="no certificate and its key"):
        tls(get_settings())
    file.chmod(0o640)
    with pytest.raises(SettingsError, match=r"WAREHOUSE_TLS_KEY_FILE: .* can be read by others"):
        tls(get_settings())


def test_the_engine_is_started_without_any_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (*SECRETS, "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "OTEL_EXPORTER_OTLP_HEADERS"):
        monkeypatch.setenv(variable, SECRET)
    assert [name for name, value in _environment().items() if SECRET in value] == []
