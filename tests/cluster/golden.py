"""Statements held against files, which `UPDATE_GOLDEN=1` writes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_FOLDER = Path(__file__).with_name("golden")


def held_against(name: str, statements: Iterable[str]) -> None:
    text = ";\n\n".join(statements) + ";\n"
    file = _FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")
