"""Docs describe the tree as it is: every path, command and page named in them exists and is current."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import typer.main

from warehouse.cli.docs import generated_pages
from warehouse.cli.main import app
from warehouse.settings import Settings, project_root

ROOT = project_root()
TRACKED = set(
    subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
)
PAGES = sorted(path for path in TRACKED if path.endswith(".md") and not path.startswith(("tests/", "dbt_project/")))
# Made at run time, or outside the project.
MADE = (".venv/", ".warehouse/", ".engine/", "deploy/secrets", "../shared/")

_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
_PATH = re.compile(r"[\w.-]+(?:/[\w.<>*-]+)+/?")
_COMMAND = re.compile(r"(?:^|[\s`/])warehouse ([a-z-]+)(?: ([a-z]+))?", re.MULTILINE)
_MAKE = re.compile(r"\bmake ([a-z]+)\b")


def named_paths(text: str) -> set[str]:
    found = {match for code in _CODE.findall(text) for match in _PATH.findall(code) if code.startswith(match)}
    tops = {path.split("/")[0] for path in TRACKED}
    return {path for path in found if path.split("/")[0] in tops and "<" not in path and "*" not in path}


@pytest.mark.parametrize("page", PAGES)
def test_paths_named_in_a_page_exist(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    missing = {path for path in named_paths(text) if not path.startswith(MADE) and not (ROOT / path).exists()}
    assert missing == set()
    broken = {link for link in _LINK.findall(text) if not ((ROOT / page).parent / link).exists()}
    assert broken == set()


@pytest.mark.parametrize("page", PAGES)
def test_commands_named_in_a_page_exist(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    group = typer.main.get_command(app)
    commands = group.commands  # type: ignore[attr-defined]
    shown = "\n".join(_CODE.findall(text) + re.findall(r"```(?:bash)?\n(.*?)```", text, re.DOTALL))
    for name, sub in _COMMAND.findall(shown):
        assert name in commands, f"warehouse {name}"
        subcommands = getattr(commands[name], "commands", None)
        if subcommands is not None and sub:
            assert sub in subcommands, f"warehouse {name} {sub}"
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(_MAKE.findall(shown)) <= targets


def test_generated_pages_are_current() -> None:
    stale = [path.name for path, text in generated_pages().items() if path.read_text("utf-8") != text]
    assert stale == [], "run `make docs`"


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    later = {"RABBITMQ_URL", "KAFKA_BOOTSTRAP_SERVERS", "POSTGRES_URL", "CLICKHOUSE_CLUSTER"}
    names = {str(field.validation_alias.choices[0]) for field in Settings.model_fields.values()}  # type: ignore[union-attr]
    assert {name for name in names - later if f"`{name}`" not in text} == set()


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("docs/tutorials/")])
def test_settings_named_in_a_tutorial_exist(page: str) -> None:
    names = {str(field.validation_alias.choices[0]) for field in Settings.model_fields.values()}  # type: ignore[union-attr]
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z0-9]+)+)(?:=[^`]*)?`", (ROOT / page).read_text("utf-8")))
    assert {name for name in named if not {name, name.removesuffix("_FILE")} & names} == set()


def test_adrs_are_listed() -> None:
    index = (ROOT / "docs" / "adr" / "README.md").read_text("utf-8")
    assert {p.name for p in Path(ROOT / "docs" / "adr").glob("0*.md")} == set(re.findall(r"\((0[^)]+)\)", index))
