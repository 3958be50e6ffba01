"""Answers as bytes, the least recently used ones dropped first."""

from __future__ import annotations

from collections import OrderedDict

CACHE_BYTES = 64 << 20
#: One large answer must not push out everything else.
LARGEST_BYTES = 2 << 20


class ByteCache:
    """Bytes by key, bounded by their total size. A key names the generation, so nothing ever goes stale."""

    def __init__(self, capacity: int = CACHE_BYTES, largest: int = LARGEST_BYTES) -> None:
        self._capacity = capacity
        self._largest = largest
        self._size = 0
        self._entries: OrderedDict[str, bytes] = OrderedDict()

    def get(self, key: str) -> bytes | None:
        """The bytes of a key, None if they are not here."""
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
        return found

    def put(self, key: str, content: bytes) -> None:
        """Keep bytes, if they are not too many."""
        if len(content) > self._largest or key in self._entries:
            return
        self._entries[key] = content
        self._size += len(content)
        while self._size > self._capacity:
            _, dropped = self._entries.popitem(last=False)
            self._size -= len(dropped)
