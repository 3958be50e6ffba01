"""This machine as addresses name it: what stays on it needs no encryption and no key."""

from __future__ import annotations

ADDRESS = "127.0.0.1"
NAMES = frozenset({"localhost", ADDRESS, "::1"})
