"""What is pinned is asked for known weaknesses; that nobody could be asked is said."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from types import ModuleType

import pytest

from warehouse.settings import project_root

AUDIT = project_root() / "deploy" / "audit.py"


@pytest.fixture
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", AUDIT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_kind_of_package_is_judged_or_said_not_to_be() -> None:
    environment = os.environ | {"AUDIT_REQUIRED": "1"}
    done = subprocess.run(
        [sys.executable, AUDIT], env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    judged = re.findall(r"^(Python|dashboard) packages: (\d+) known weaknesses$", done.stdout, re.MULTILINE)
    unknown = re.findall(r"^NOT AUDITED: (Python|dashboard) packages: .*unreachable", done.stdout, re.MULTILINE)
    assert sorted([kind for kind, _ in judged] + unknown) == ["Python", "dashboard"], done.stdout + done.stderr
    assert done.returncode == (1 if unknown or any(count != "0" for _, count in judged) else 0)


def test_a_known_weakness_ends_the_audit(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # As pip-audit and npm write it; here neither may reach its source.
    weak = {"name": "old", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}
    answers = iter([{"dependencies": [weak, {"name": "own", "skip_reason": "not on PyPI"}]}, {"vulnerabilities": {}}])
    monkeypatch.setattr(audit, "asked", lambda *_: next(answers))
    assert audit.main() == 1
    said = capsys.readouterr().out
    assert "old 1: PYSEC-1, mended in ['2']" in said
    assert "nobody has advisories for: own" in said
    assert "dashboard packages: 0 known weaknesses" in said
