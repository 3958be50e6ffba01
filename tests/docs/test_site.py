"""The site builds without a warning, and its tutorials do what they say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import running_home
from warehouse.settings import project_root

ROOT = project_root()
BLOCK = re.compile(r'```\w+ title="([^"]+)"\n(.*?)```', re.DOTALL)


def test_the_site_builds_strictly(tmp_path: Path) -> None:
    mkdocs = Path(sys.executable).with_name("mkdocs")
    done = subprocess.run(
        [mkdocs, "build", "--strict", "--quiet", "--site-dir", tmp_path / "site"],
        cwd=ROOT, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "site" / "tutorials" / "event-type.html").is_file()


def test_the_tutorial_of_an_event_type_does_what_it_says(tmp_path: Path) -> None:
    """In a copy of the packages: the catalog is one file, and nothing else has to be touched."""
    tree = tmp_path / "tree"
    for package in ("ingestion", "warehouse"):
        shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tree)
    blocks = dict(BLOCK.findall((ROOT / "docs" / "tutorials" / "event-type.md").read_text("utf-8")))
    catalog = tree / "ingestion" / "catalog" / "events.yaml"
    head, below, rest = catalog.read_text("utf-8").partition("  product.viewed:\n")
    end = re.search(r"^  \S", rest, re.MULTILINE)
    assert end is not None
    (tree / "questions.ndjson").write_text(blocks["questions.ndjson"], "utf-8")
    with running_home(tmp_path / "home") as home:
        environment = os.environ | {
            "PYTHONPATH": str(tree), "WAREHOUSE_HOME": str(home.home), "WAREHOUSE_ENGINE_DIR": str(home.engine_dir),
        }  # fmt: skip

        def landed() -> dict[str, int]:
            command = [sys.executable, "-m", "warehouse.cli.main", "ingest", "questions.ndjson", "--json"]
            done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=True)
            return dict(json.loads(done.stdout))

        catalog.write_text(
            head + below + rest[: end.start()] + blocks["ingestion/catalog/events.yaml"] + rest[end.start() :]
        )
        said = landed()
    assert (said["received"], said["stored"], said["quarantined"]) == (2, 1, 1)
