#!/usr/bin/env python3
"""Asks for known weaknesses of everything that is pinned: `constraints.txt` and the packages of the dashboard page.

Ends 1 when there is one. A source of advisories that cannot be reached (CI may have no way out) is no clean bill:
that is said in so many words, and ends 0 unless AUDIT_REQUIRED is set.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 300


class Unreachable(Exception):
    """The source of advisories did not answer; nothing is known."""


def python_packages() -> list[str]:
    """Weaknesses of the pinned Python packages, by pip-audit."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", "constraints.txt", "--no-deps", "--disable-pip"]
    answer = asked([*command, "--format", "json", "--progress-spinner", "off"], ROOT)
    packages = answer["dependencies"]
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    if len(unknown) == len(packages):
        raise Unreachable(packages[0]["skip_reason"])
    found = [
        f"{package['name']} {package['version']}: {weakness['id']}, mended in {weakness['fix_versions'] or 'none'}"
        for package in packages
        for weakness in package.get("vulns", ())
    ]
    if unknown:
        print(f"Python packages that nobody has advisories for: {', '.join(unknown)}")
    return found


def page_packages() -> list[str]:
    """Weaknesses of the packages the dashboard page is built with, by npm."""
    folder = ROOT / "serving_api" / "dashboard" / "web"
    answer = asked(["npm", "audit", "--package-lock-only", "--json"], folder)
    if "vulnerabilities" not in answer:
        raise Unreachable(str(answer.get("message") or answer.get("error") or "no advisories in the answer"))
    return [f"{name}: {found['severity']}" for name, found in answer["vulnerabilities"].items()]


def asked(command: list[str], folder: Path) -> dict:
    """The JSON that a tool prints; what it ends with says less than that."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)
        return json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unreachable(f"{command[0]}: {error}") from error
    except ValueError as error:
        raise Unreachable((done.stderr.strip().splitlines() or ["no answer"])[-1]) from error


def main() -> int:
    """Asks both; see above for how it ends."""
    weak, unreachable = False, False
    for name, source in (("Python packages", python_packages), ("dashboard packages", page_packages)):
        try:
            found = source()
        except Unreachable as error:
            unreachable = True
            print(f"NOT AUDITED: {name}: the source of advisories is unreachable from here ({error})")
            continue
        weak = weak or bool(found)
        print(f"{name}: {len(found)} known weaknesses")
        for line in found:
            print(f"  {line}")
    return 1 if weak or (unreachable and os.environ.get("AUDIT_REQUIRED")) else 0


if __name__ == "__main__":
    sys.exit(main())
