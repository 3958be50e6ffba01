"""SQL files that begin with a YAML header in a comment: endpoints and reports."""

from __future__ import annotations

import re
from typing import Any

import yaml

_FILE = re.compile(r"/\*\n(.*?)\n\*/\n(.*)", re.DOTALL)
_PLACEHOLDER = re.compile(r"\{(\w+):([^}]+)\}")


def read(text: str) -> tuple[Any, str]:
    """The header's content, and the SQL below it.

    Raises:
        ValueError: there is no header.
        yaml.YAMLError: it is no YAML.
    """
    parts = _FILE.fullmatch(text)
    if parts is None:
        raise ValueError("must begin with a header between lines /* and */")
    return yaml.safe_load(parts[1]), parts[2]


def placeholders(sql: str) -> dict[str, str]:
    """What a statement binds, with the types."""
    return dict(_PLACEHOLDER.findall(sql))
