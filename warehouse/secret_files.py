"""Secrets in files: `NAME_FILE` names the file that holds what `NAME` would.

Whoever mounts secrets as files (containers, systemd credentials) need not put them into an environment, which
child processes inherit and crash reports copy. A file that others can read is refused: it is no secret.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from pydantic import AliasChoices
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from warehouse.errors import SettingsError

SUFFIX = "_FILE"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read(path: Path, variable: str) -> str:
    """Text of a file that only its owner can read, without the line end editors leave.

    Args:
        path: the file.
        variable: what names it, for the error.

    Raises:
        SettingsError: it is not there, is not text, is empty, or others may read or write it.
    """
    require_private(path, variable)
    try:
        text = path.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{variable}: {path} cannot be read", "correct the path, or unset it") from error
    if not text:
        raise SettingsError(f"{variable}: {path} is empty", f"write the secret into it, or unset {variable}")
    return text


def require_private(path: Path, variable: str) -> None:
    """Refuses a file that anybody but its owner may read or write.

    Raises:
        SettingsError: it is open to others, or not there.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise SettingsError(f"{variable}: {path} cannot be read", "correct the path, or unset it") from error
    if not stat.S_ISREG(mode):
        raise SettingsError(f"{variable}: {path} is not a file", "correct the path, or unset it")
    if mode & _OTHERS:
        raise SettingsError(f"{variable}: {path} can be read by others", f"chmod 600 {path}")


def variables(settings: type[BaseSettings]) -> dict[str, str]:
    """Names of the settings that are secrets, by the variable that holds each."""
    return {_variable(field): name for name, field in settings.model_fields.items() if _is_secret(field)}


class SecretFiles(PydanticBaseSettingsSource):
    """What the `_FILE` variables of the secrets name.

    Raises:
        SettingsError: when called: a file cannot be used, or a secret is given twice.
    """

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Value of a setting, None where no file is named for it."""
        variable = _variable(field)
        named = os.environ.get(variable + SUFFIX)
        if not named or not _is_secret(field):
            return None, field_name, False
        if os.environ.get(variable):
            raise SettingsError(f"{variable} and {variable}{SUFFIX} are both set", "unset one of them")
        return read(Path(named).expanduser(), variable + SUFFIX), variable, False

    def __call__(self) -> dict[str, Any]:
        """Secrets by variable, as far as files are named for them."""
        found = (self.get_field_value(field, name) for name, field in self.settings_cls.model_fields.items())
        return {variable: value for value, variable, _ in found if value is not None}


def _variable(field: FieldInfo) -> str:
    alias = field.validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else str(alias)


def _is_secret(field: FieldInfo) -> bool:
    return "SecretStr" in repr(field.annotation)
