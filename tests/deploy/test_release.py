"""A release can be made, signed and checked as docs/releasing.md says."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from importlib.metadata import version
from pathlib import Path

from warehouse.settings import project_root

ROOT = project_root()
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def run(*command: str | Path, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, check=check, capture_output=True, text=True, timeout=200)


def test_a_release_is_signed_and_whole(release: Path) -> None:
    made = release / "made"
    names = {file.name for file in made.iterdir()}
    assert {f"marketplace_warehouse-{VERSION}-py3-none-any.whl", f"marketplace_warehouse-{VERSION}.tar.gz"} <= names
    assert names >= {"constraints.txt", "sbom.json", "SHA256SUMS", "SHA256SUMS.sig"}
    run("sha256sum", "--check", "--strict", "SHA256SUMS", cwd=made)
    assert len((made / "SHA256SUMS").read_text().splitlines()) == len(names) - 2


def test_a_forged_release_is_noticed(release: Path) -> None:
    made = release / "made"
    (release / "allowed").write_text(f"release@example.com {(release / 'key.pub').read_text()}")
    verify = f"ssh-keygen -Y verify -f {release / 'allowed'} -I release@example.com"
    verify += " -n marketplace-warehouse -s SHA256SUMS.sig"
    assert run("sh", "-c", f"{verify} < SHA256SUMS", cwd=made).returncode == 0
    (release / "forged").write_text((made / "SHA256SUMS").read_text().replace("a", "b", 1))
    assert run("sh", "-c", f"{verify} < {release / 'forged'}", cwd=made, check=False).returncode != 0


def test_the_changelog_begins_with_the_version() -> None:
    heads = re.findall(r"^## (\S+?),? ", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert heads[0] == VERSION


def test_the_bill_of_materials_names_what_is_installed(release: Path) -> None:
    bill = json.loads((release / "made" / "sbom.json").read_text("utf-8"))
    root = bill["metadata"]["component"]
    assert (root["name"], root["version"]) == ("marketplace-warehouse", VERSION)
    components = {component["name"]: component["version"] for component in bill["components"]}
    for name in ("clickhouse-connect", "dagster", "dbt-core", "fastapi"):
        assert components[name] == version(name)
