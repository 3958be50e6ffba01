"""Expected failures: what went wrong and what to do about it."""

from __future__ import annotations


class WarehouseError(Exception):
    """A failure the user can act on; the command line prints it without a traceback and ends 1.

    Args:
        message: what went wrong, one sentence.
        hint: what to do about it; empty when there is nothing to do.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class SettingsError(WarehouseError):
    """A variable is missing or has a value that cannot be used."""


class EngineError(WarehouseError):
    """The embedded engine cannot be installed, started or stopped."""


class Unreachable(WarehouseError):
    """ClickHouse does not answer at its address, or there is no engine to answer."""


class AccessDenied(WarehouseError):
    """ClickHouse answers, but refuses the identity's user name or password."""


class LockHeld(WarehouseError):
    """Another process holds the lock."""
