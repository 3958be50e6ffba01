"""Work beside the others', until it is stopped."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod


class Background(ABC):
    """A thread that begins when it is told and ends when `_stopping` is set.

    Args:
        name: of the thread.
    """

    def __init__(self, name: str) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, patience: float | None = None) -> bool:
        """Begin nothing new, and wait for what is under way; False when that is not done within `patience` seconds."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(patience)
        return not self._thread.is_alive()

    @abstractmethod
    def _run(self) -> None: ...
