"""How a producer behaves, and what it has done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

KIBIBYTE = 1024
MEBIBYTE = 1024 * KIBIBYTE

#: An event larger than this is refused by every door.
MAX_EVENT_BYTES = MEBIBYTE


@dataclass(frozen=True, slots=True)
class Options:
    """How a producer behaves; the defaults suit a web service.

    Attributes:
        source: name of the producing service, the `source` of its events.
        strict: raise `ClientError` from `track` when an event is not accepted; otherwise it is counted and logged.
        buffer_dir: folder for what waits, on a local disk; None keeps it in memory, where it dies with the process.
            Processes of one service share a folder; services do not.
        buffer_bytes: most that may wait. Beyond it the newest events are dropped: what was accepted stays accepted.
        batch_events: most events in a request.
        batch_bytes: most bytes in a request, before compression.
        linger_seconds: how long an event waits for company.
        min_backoff_seconds: longest first pause after a failure; doubles with each further one, with jitter.
        max_backoff_seconds: longest pause.
        max_retry_after_seconds: longest pause the other side may ask for.
        close_seconds: how long `close` and the end of the process wait for what is still to be sent.
    """

    source: str | None = None
    strict: bool = False
    buffer_dir: Path | str | None = None
    buffer_bytes: int = 64 * MEBIBYTE
    batch_events: int = 500
    batch_bytes: int = 512 * KIBIBYTE
    linger_seconds: float = 0.5
    min_backoff_seconds: float = 0.5
    max_backoff_seconds: float = 30.0
    max_retry_after_seconds: float = 300.0
    close_seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class Statistics:
    """What became of the events of this process: `tracked + recovered = sent + rejected + dropped + buffered`.

    Attributes:
        tracked: events handed to `track`.
        recovered: events found in the buffer folder, left by processes that ended.
        sent: acknowledged as durable by the other side.
        invalid: of the sent ones, those that the collector said will be quarantined.
        rejected: refused as unusable, here or by the other side; with a buffer folder, what the other side
            refused is kept in its `rejected` folder.
        dropped: not kept, because the buffer was full, or closed.
        buffered: waiting.
        last_error: why the last attempt to send failed; None after a success.
    """

    tracked: int = 0
    recovered: int = 0
    sent: int = 0
    invalid: int = 0
    rejected: int = 0
    dropped: int = 0
    buffered: int = 0
    last_error: str | None = None
