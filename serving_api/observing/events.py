"""The API's own requests as `api.request` events, sent the way every service sends its events."""

from __future__ import annotations

from ingestion.client import AsyncClient, Options
from serving_api.observing.requests import Answered
from warehouse.errors import SettingsError
from warehouse.settings import DEVELOPMENT_KEY, Settings, generated_credentials

SERVICE = "warehouse-api"
#: Nobody misses the requests of an outage so much that memory should go for them.
_BUFFER_BYTES = 4 << 20
_LINGER_SECONDS = 2.0
_CLOSE_SECONDS = 3.0


class Reporter:
    """Sends events in the background, in batches, to API_EVENTS_URL; what cannot be sent in time is dropped."""

    def __init__(self, settings: Settings) -> None:
        self._client: AsyncClient | None = None
        self._settings = settings
        if settings.api_events_url is not None:
            self._key = _key(settings)

    def open(self) -> None:
        """From now on."""
        url = self._settings.api_events_url
        if url is not None:
            options = Options(
                source=SERVICE,
                buffer_bytes=_BUFFER_BYTES,
                linger_seconds=_LINGER_SECONDS,
                close_seconds=_CLOSE_SECONDS,
            )
            self._client = AsyncClient(str(url).rstrip("/"), self._key, options)

    def tell(self, answered: Answered) -> None:
        """Take a request; returns at once."""
        if self._client is not None:
            self._client.track(
                "api.request",
                properties={
                    "service": SERVICE,
                    "endpoint": answered.route if answered.method == "GET" else f"{answered.method} {answered.route}",
                    "status": answered.status,
                    "duration_ms": round(answered.seconds * 1000, 3),
                },
                occurred_at=answered.began_at,
            )

    async def close(self) -> None:
        """Send what waits, for a moment."""
        if self._client is not None:
            await self._client.close()


def _key(settings: Settings) -> str:
    if settings.api_events_key is not None:
        return settings.api_events_key.get_secret_value()
    if settings.embedded:
        # That of a collector which nobody has given keys, on loopback.
        return generated_credentials(settings.home)[DEVELOPMENT_KEY]
    raise SettingsError(
        "API_EVENTS_URL is set, but no key to send with", "set API_EVENTS_KEY to a key of the collector"
    )
