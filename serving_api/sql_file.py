"""SQL files that begin with a YAML header in a comment: endpoints and reports."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

#: What several statements say alike: named expressions, a file each.
EXPRESSIONS = Path(__file__).parent / "expressions"

_FILE = re.compile(r"/\*\n(.*?)\n\*/\n(.*)", re.DOTALL)
_USES = re.compile(r"\A-- uses: (\w+(?:, \w+)*)\n(with\s)?")
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


def expanded(sql: str) -> str:
    """A statement with the expressions that its first line names, as in `-- uses: comparison, currency`.

    Raises:
        ValueError: there are none of that name.
    """
    found = _USES.match(sql)
    if found is None:
        return sql
    files = [EXPRESSIONS / f"{name.strip()}.sql" for name in found[1].split(",")]
    for file in files:
        if not file.is_file():
            raise ValueError(f"`-- uses: {file.stem}` names no file in {EXPRESSIONS.name}/")
    named = ",\n".join(file.read_text("utf-8").rstrip() for file in files)
    return f"with\n{named}{',' if found[2] else ''}\n{sql[found.end() :]}"


def placeholders(sql: str) -> dict[str, str]:
    """What a statement binds, with the types."""
    return dict(_PLACEHOLDER.findall(sql))
