"""Answers that have been given: in this process, and where Redis is configured in it for the processes beside."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple, Protocol

from serving_api.flights import Flights

#: One large answer must not push out everything else.
LARGEST_BYTES = 2 << 20


class Answer(NamedTuple):
    """The bytes of an answer, and what they are."""

    content: bytes
    media_type: str


class Shared(Protocol):
    """A second level, which several processes share."""

    async def get(self, key: str) -> Answer | None:
        """The answer of a key, None if it is not there."""

    async def put(self, key: str, answer: Answer) -> None:
        """Keep an answer."""


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


class Answers:
    """What has been answered, and what is being found out.

    Args:
        own: of this process.
        shared: of several, None without.
    """

    def __init__(self, own: ByteCache, shared: Shared | None = None) -> None:
        self._own = own
        self._shared = shared
        self._flights: Flights[Answer] = Flights()

    @property
    def size(self) -> int:
        """Bytes of the answers that this process has itself."""
        return self._own.size

    def at_hand(self, key: str) -> Answer | None:
        """An answer that this process has itself."""
        return self._own.get(key)

    async def get(self, key: str) -> Answer | None:
        """An answer that has been given."""
        found = self._own.get(key)
        if found is None and self._shared is not None:
            found = await self._shared.get(key)
            if found is not None:
                self._own.put(key, found)
        return found

    async def put(self, key: str, answer: Answer) -> None:
        """Keep an answer, if it is not too large."""
        self._own.put(key, answer)
        if self._shared is not None and len(answer.content) <= LARGEST_BYTES:
            await self._shared.put(key, answer)

    async def of(self, key: str, find: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        """The answer of a key, found out once for all who ask for it at the same time."""
        return self._own.get(key) or await self._flights.share(key, lambda: self._found(key, find))

    async def _found(self, key: str, find: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        found = await self.get(key)
        if found is None:
            found = await find()
            await self.put(key, found)
        return found
