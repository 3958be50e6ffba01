"""Messages to chat models: how many, at what cost and latency, and in which sessions.

Readings of what the contract leaves open, beyond those of `marts`:

1. A message is a `chat.message_sent` event; conversations created or deleted count for nothing. Absent tokens
   are 0, so is a cost without a rate; an absent latency is no value.
2. Quantiles interpolate linearly between the closest ranks of the exact values.
3. A session belongs to a user, not to a conversation or a `session_id`: it goes on as long as his next
   message comes at most 30 minutes (1,800,000 ms) after the last. It counts on the day of its first message,
   also when it crosses midnight; a single message lasts 0 seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from tests.oracle.contract import Event
from tests.oracle.money import Rates
from tests.oracle.seeds import Mart, Seeds
from tests.oracle.tools import MILLISECOND, frame, grouped, ids, mean, money, of_type

LONGEST_GAP = timedelta(minutes=30)
PERCENTS = (50, 95, 99)

CHAT_STATISTICS = ("date", "provider", "model", "messages", "conversations", "users", "tokens")
PROVIDER_USAGE = (
    "date", "provider", "model", "messages", "users", "tokens", "cost_usd", "latency_p50_ms", "latency_p95_ms",
    "latency_p99_ms",
)  # fmt: skip
CHAT_SESSIONS = ("date", "sessions", "avg_session_seconds")

Group = tuple[date, str, str]


def quantile(values: Iterable[Decimal], percent: int) -> float | None:
    """The exact quantile, linear between the two closest ranks; None without values."""
    ordered = sorted(map(Fraction, values))
    if not ordered:
        return None
    below, rest = divmod((len(ordered) - 1) * percent, 100)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (ordered[above] - ordered[below]) * Fraction(rest, 100))


def quantiles(events: Sequence[Event], name: str) -> list[float | None]:
    """The 50th, 95th and 99th percentile of a numeric property, of the events that have it."""
    values = [value for event in events if (value := event.number(name)) is not None]
    return [quantile(values, percent) for percent in PERCENTS]


def _by_model(events: Sequence[Event]) -> dict[Group, list[Event]]:
    messages = of_type(events, "chat.message_sent")
    return grouped(messages, lambda event: (event.day, event.text("provider"), event.text("model")))


def _users(messages: Sequence[Event]) -> int:
    return len({event.user_id for event in messages})


def _tokens(messages: Sequence[Event]) -> int:
    return sum(int(event.number("tokens") or 0) for event in messages)


def chat_statistics(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per date, provider, model with a message. The seeds are not needed."""
    rows = [
        (*key, len(messages), ids(messages, "conversation_id"), _users(messages), _tokens(messages))
        for key, messages in _by_model(events).items()
    ]
    return frame(CHAT_STATISTICS, 3, rows)


def provider_usage(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per date, provider, model with a message."""
    rates = Rates(seeds.fx_rates)
    rows = []
    for key, messages in _by_model(events).items():
        cost = money(rates.usd(event, "cost") for event in messages)
        latency = quantiles(messages, "latency_ms")
        rows.append((*key, len(messages), _users(messages), _tokens(messages), cost, *latency))
    return frame(PROVIDER_USAGE, 3, rows)


def _sessions(events: Sequence[Event]) -> list[tuple[datetime, datetime]]:
    """(first message, last message) of every session."""
    found: list[tuple[datetime, datetime]] = []
    for messages in grouped(of_type(events, "chat.message_sent"), lambda event: event.user_id).values():
        first = last = messages[0].occurred_at
        for message in messages[1:]:
            if message.occurred_at - last > LONGEST_GAP:
                found.append((first, last))
                first = message.occurred_at
            last = message.occurred_at
        found.append((first, last))
    return found


def chat_sessions(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per date on which a session starts. The seeds are not needed."""
    seconds: dict[date, list[Fraction]] = defaultdict(list)
    for first, last in _sessions(events):
        seconds[first.date()].append(Fraction((last - first) // MILLISECOND, 1000))
    return frame(CHAT_SESSIONS, 1, [(day, len(found), mean(found)) for day, found in seconds.items()])


MARTS: dict[str, Mart] = {
    "chat_statistics": (chat_statistics, CHAT_STATISTICS[:3]),
    "provider_usage": (provider_usage, PROVIDER_USAGE[:3]),
    "chat_sessions": (chat_sessions, CHAT_SESSIONS[:1]),
}
