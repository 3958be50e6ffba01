"""Answers in Redis, for several processes of the API; whatever is the matter with it, the API goes on without."""

from __future__ import annotations

import hashlib
import logging
import time
from pathlib import Path
from typing import cast

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from serving_api.cache import Answer
from warehouse.errors import SettingsError

#: Redis drops what nobody has put there again for so long; a newer generation asks for other keys.
KEPT_SECONDS = 3600
# An answer that Redis gives later than this had better come from ClickHouse.
_PATIENCE_SECONDS = 0.25
#: After a failure nobody waits for it again for so long.
AWAY_SECONDS = 5.0

_log = logging.getLogger("serving_api")


def redis_cache(url: str) -> RedisCache:
    """The cache at an address; connects when it is first asked.

    Raises:
        SettingsError: the address is none.
    """
    try:
        return RedisCache(url)
    except ValueError:
        # Not chained: the error repeats the address with its login.
        pass
    raise SettingsError("API_REDIS_URL is not an address of Redis", "it looks like redis://user:password@host:6379/0")


class RedisCache:
    """A second level of answers.

    Args:
        url: `redis://`, `rediss://` or `unix://`.
    """

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url, socket_timeout=_PATIENCE_SECONDS, socket_connect_timeout=_PATIENCE_SECONDS, retry=Retry(NoBackoff(), 0)
        )
        self._prefix = f"warehouse:{_code()}:"
        self._away_until = float("-inf")
        self._is_away = False

    async def get(self, key: str) -> Answer | None:
        """The answer of a key; None if it is not there, or Redis is away."""
        if time.monotonic() < self._away_until:
            return None
        try:
            # Redis is asked for bytes; its types do not know.
            kept = cast(bytes | None, await self._redis.get(self._prefix + key))
        except (RedisError, OSError) as error:
            self._fails(error)
            return None
        self._works()
        media_type, line_end, content = (kept or b"").partition(b"\n")
        return Answer(content, media_type.decode("latin-1")) if line_end else None

    async def put(self, key: str, answer: Answer) -> None:
        """Keep an answer, unless Redis is away."""
        if time.monotonic() < self._away_until:
            return
        try:
            await self._redis.set(
                self._prefix + key, answer.media_type.encode("latin-1") + b"\n" + answer.content, ex=KEPT_SECONDS
            )
        except (RedisError, OSError) as error:
            self._fails(error)
        else:
            self._works()

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()

    def _fails(self, error: Exception) -> None:
        self._away_until = time.monotonic() + AWAY_SECONDS
        if not self._is_away:
            # Not its text, which may hold the address.
            _log.warning("Redis does not answer (%s); answers are kept in this process only", type(error).__name__)
        self._is_away = True

    def _works(self) -> None:
        if self._is_away:
            _log.info("Redis answers again")
        self._is_away = False


def _code() -> str:
    """Hash of the code that makes answers: what another version of it has made is not its own."""
    files = sorted(Path(__file__).parent.rglob("*.py"))
    return hashlib.blake2b(b"".join(file.read_bytes() for file in files), digest_size=8).hexdigest()
