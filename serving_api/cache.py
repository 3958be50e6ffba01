"""Answers as bytes, the least recently used ones dropped first."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

#: One large answer must not push out everything else.
LARGEST_BYTES = 2 << 20


class Answer(NamedTuple):
    """The bytes of an answer, and what they are."""

    content: bytes
    media_type: str


class ByteCache:
    """Answers by key, bounded by their total size. A key names the generation, so nothing ever goes stale."""

    def __init__(self, capacity: int, largest: int = LARGEST_BYTES) -> None:
        self._capacity = capacity
        self._largest = largest
        self._size = 0
        self._entries: OrderedDict[str, Answer] = OrderedDict()

    @property
    def size(self) -> int:
        """Bytes of all answers."""
        return self._size

    def get(self, key: str) -> Answer | None:
        """The answer of a key, None if it is not here."""
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
        return found

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer, if it is not too large."""
        if len(answer.content) > min(self._largest, self._capacity) or key in self._entries:
            return
        self._entries[key] = answer
        self._size += len(answer.content)
        while self._size > self._capacity:
            _, dropped = self._entries.popitem(last=False)
            self._size -= len(dropped.content)
