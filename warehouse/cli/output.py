"""What commands say: one JSON object under `--json`, else lines for people; logs always on stderr."""

from __future__ import annotations

import json as json_module
import sys
from collections.abc import Mapping
from typing import Annotated, Any, NoReturn

import typer

# The same option in every command: `def start(json: JsonOption = False)`.
JsonOption = Annotated[bool, typer.Option("--json", help="Answer with one JSON object on stdout.")]


class Output:
    """Where a command puts its answer, its progress and its failure.

    Args:
        json: answer with one JSON object on stdout instead of lines for people.
    """

    def __init__(self, json: bool) -> None:
        self.json = json

    def result(self, answer: Mapping[str, Any], text: str | None = None) -> None:
        """Print the answer: as JSON, or as `text`, or as one `key: value` line each."""
        if self.json:
            print(json_module.dumps(answer, default=_plain))
        elif text is not None:
            print(text)
        else:
            for name, value in answer.items():
                print(f"{name.replace('_', ' ')}: {_readable(value)}")
        sys.stdout.flush()

    def log(self, message: str) -> None:
        """Print progress to stderr."""
        print(message, file=sys.stderr, flush=True)

    def fail(self, message: str, hint: str = "") -> NoReturn:
        """Print what went wrong and what to do about it, and end the command with exit code 1."""
        self.error(message, hint)
        raise typer.Exit(1)

    def error(self, message: str, hint: str = "") -> None:
        """Print a failure: a JSON object on stdout under `--json`, else two lines on stderr."""
        if self.json:
            print(json_module.dumps({"error": message, "hint": hint}), flush=True)
            return
        print(f"error: {message}", file=sys.stderr)
        if hint:
            print(f"hint: {hint}", file=sys.stderr)


def _plain(value: object) -> str:
    """JSON text of what JSON has no type for: decimals, instants, paths, UUIDs."""
    isoformat = getattr(value, "isoformat", None)
    return str(isoformat() if isoformat is not None else value)


def _readable(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict | list):
        return json_module.dumps(value, default=_plain)
    return str(value)
