"""This machine as addresses name it: what stays on it needs no encryption and no key."""

from __future__ import annotations

NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
