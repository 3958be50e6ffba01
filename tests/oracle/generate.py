"""Small adversarial event sets written from the contract: everything it allows, nothing it leaves open.

What the contract does not decide is never generated: a contract completed or started twice, feedback at the
same instant, letters outside camelCase in property names.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from uuid import UUID

import pandas as pd

from tests.oracle.cases import ambiguous_cases, invalid_cases
from tests.oracle.catalog import CATALOG, ROLES
from tests.oracle.valid_cases import valid_cases
from tests.oracle.writing import line

__all__ = ["ambiguous_cases", "deliveries", "fx_rates", "invalid_cases", "marketplace", "valid_cases"]

PLANS = ("free", "pro", "team", "pro plus")
# ISK has no rate anywhere: it stays unconverted.
CURRENCIES = ("USD", "USD", "EUR", "EUR", "GBP", "BRL", "JPY", "ISK")
AMOUNTS = (
    "0",
    "0.0001",
    "0.01",
    "1.71",
    "1.7183",
    "19.99",
    "100",
    "333.3333",
    "22025.4658",
    "22026.4658",
    "12345678.9012",
)
ODD_USERS = ('o"brien\\', "用户-8", "U1", "u 9", "\U0001f600", "a\tb", "42", "é" * 255)
FREQUENT = (
    "user.signin", "page.view", "user.plan_upgrade", "user.plan_downgrade", "billing.payment_success",
    "payment.completed",
    "payment.refunded", "payout.processed", "order.created", "placement.made", "financial.recorded",
    "assignment.reviewed",
    "assignment.created", "assignment.completed", "upload.completed", "account.flagged",
    "account.flag_resolved",
    "account.suspended", "chat.message_sent", "job.posted", "proposal.sent",
)  # fmt: skip
CONTRACT_TYPES = frozenset({"contract.started", "contract.completed", "feedback.submitted"})
NUMBERS: Mapping[str, tuple[str, ...]] = {
    "number": ("-3.5", "0", "12", "99.99"),
    ">=0": ("0", "0.5", "3", "1234.5678"),
    "1-5": ("1", "2", "3.5", "4", "4.5", "5"),
    "0-1": ("0", "0.25", "0.9999", "1"),
}
INTEGERS: Mapping[str, tuple[int, ...]] = {
    "int": (200, 204, 404, 500),
    "int>=0": (0, 1, 17, 100_000),
    "int>=1": (1, 1, 2, 3),
}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "role": ROLES,
    "contract_outcome": ("success", "success", "success", "cancelled", "disputed"),
    "flag_outcome": ("confirmed", "false_positive"),
    "category": ("Earnings", "Refund", "Escrow", "Fee"),
    "decision": ("approved", "approved", "revision", "rejected"),
    "interval": ("month", "year"),
    "currency": CURRENCIES,
}


@cache
def _short_bad_lines() -> tuple[bytes, ...]:
    return tuple(bad for bad, _ in invalid_cases() if len(bad) < 5000)


class _Market:
    def __init__(self, seed: int, users: int, days: int, start: date) -> None:
        self.rng = Random(seed)
        odd = self.rng.sample(ODD_USERS, min(len(ODD_USERS), users // 3))
        self.users = odd + [f"u{number}" for number in range(users - len(odd))]
        self.start = datetime(start.year, start.month, start.day, tzinfo=UTC)
        self.milliseconds = days * 86_400_000
        self.events: list[dict[str, object]] = []

    def event_id(self) -> str:
        return str(UUID(int=self.rng.getrandbits(128), version=4))

    def moment(self) -> datetime:
        """Any instant of the period, every fifth on either side of a midnight."""
        at = self.rng.randrange(self.milliseconds)
        if self.rng.random() < 0.2:
            at = at // 86_400_000 * 86_400_000 + self.rng.choice((0, 1, 86_399_999, 86_399_000))
        return self.start + timedelta(milliseconds=at)

    def add(self, name: str, at: datetime, user: str | None, properties: Mapping[str, object]) -> dict[str, object]:
        event: dict[str, object] = {"event_id": self.event_id(), "event_type": name, "occurred_at": at}
        if user is not None:
            event["user_id"] = user
        if self.rng.random() < 0.3:
            event["session_id"] = f"s{self.rng.randrange(5)}"
        if self.rng.random() < 0.3:
            event["source"] = self.rng.choice(("billing", "chat-service", "collector ☃"))
        if self.rng.random() < 0.2:
            event["context"] = {"page_url": "https://example.test/a?b=1", "ip": "203.0.113.77"}
        event["properties"] = dict(properties)
        self.events.append(event)
        return event

    def text(self, name: str) -> str:
        rng = self.rng
        if name in ("plan_tier", "plan_id", "from_plan", "to_plan"):
            return rng.choice(PLANS)
        if name in ("freelancer_id", "client_id", "vendor_id", "counterparty_id", "profile_user_id"):
            return rng.choice(self.users)
        number = rng.randrange(6)
        return str(100 + number) if number % 2 else f"{name}-{number} 'q'"

    def value(self, name: str, kind: str) -> object:
        rng = self.rng
        match kind:
            case "money":
                if rng.random() < 0.5:
                    return Decimal(rng.choice(AMOUNTS))
                return Decimal(rng.randrange(10**8)).scaleb(-rng.randint(0, 4))
            case "bool":
                return rng.random() < 0.5
            case "instant":
                return "2031-02-03T04:05:06+07:00"
            case "list":
                return rng.sample(["image", "video", "text"], rng.randrange(3))
            case "free":
                return f'{name} with "quotes", \\ and \n lines'
        if kind in NUMBERS:
            return Decimal(rng.choice(NUMBERS[kind]))
        if kind in INTEGERS:
            return rng.choice(INTEGERS[kind])
        return rng.choice(CHOICES[kind]) if kind in CHOICES else self.text(name)

    def any(self, name: str, at: datetime | None = None) -> dict[str, object]:
        event_type = CATALOG[name]
        anonymous = not event_type.user_required and self.rng.random() < 0.4
        properties = {
            key: self.value(key, kind)
            for key, kind in event_type.properties.items()
            if key in event_type.required or self.rng.random() < 0.6
        }
        return self.add(name, at or self.moment(), None if anonymous else self.rng.choice(self.users), properties)

    def signups(self) -> None:
        """Most users sign up, at any time (so often after they were active), some of them twice or thrice, in
        one instant."""
        for user in self.users:
            if self.rng.random() < 0.2:
                continue
            at = self.moment()
            for again in range(self.rng.choice((1, 1, 1, 2, 3))):
                event = self.any("user.signup", at if again == 1 else max(at, self.moment()))
                event["user_id"] = user

    def plan_bursts(self) -> None:
        """Several plan changes of a user on one day, some of them in one instant."""
        for user in self.users[::2]:
            at = self.moment()
            for _ in range(self.rng.randint(2, 4)):
                self.any(self.rng.choice(("user.plan_upgrade", "user.plan_downgrade")), at)["user_id"] = user
                at = min(
                    at + timedelta(seconds=self.rng.choice((0, 0, 1, 3600))),
                    self.start + timedelta(milliseconds=self.milliseconds - 1),
                )

    def contract(self, number: int, at: datetime | None = None) -> None:
        """A contract between few parties (so that clients return), each of its events present or not, in any
        order of time."""
        rng = self.rng
        client, freelancer = rng.choice(self.users[:3]), rng.choice(self.users[-3:])
        key = {"contract_id": f"contract {number}", "freelancer_id": freelancer}

        def terms() -> dict[str, object]:
            chosen: dict[str, object] = {}
            if rng.random() < 0.6:
                chosen["value"] = self.value("value", "money")
            if rng.random() < 0.6:
                chosen["currency"] = rng.choice(CURRENCIES)
            return chosen

        if rng.random() < 0.7:
            self.add("contract.started", self.moment(), client, key | terms())
        if at or rng.random() < 0.8:
            outcome = {"outcome": self.value("outcome", "contract_outcome")}
            self.add("contract.completed", at or self.moment(), client, key | outcome | terms())
        for moment in {self.moment() for _ in range(rng.choice((0, 1, 1, 3)))}:
            self.add("feedback.submitted", moment, client, key | {"score": self.value("score", "1-5")})

    def altered(self, event: Mapping[str, object]) -> dict[str, object]:
        """The same event_id with another content, still valid; contracts keep their id."""
        given = event["properties"]
        assert isinstance(given, Mapping)
        name = str(event["event_type"])
        kinds = CATALOG[name].properties
        changed = {key: value if key == "contract_id" else self.value(key, kinds[key]) for key, value in given.items()}
        copy: dict[str, object] = {**event, "properties": changed}
        if name not in CONTRACT_TYPES:
            copy["occurred_at"] = self.moment()
            if "user_id" in copy:
                copy["user_id"] = self.rng.choice(self.users)
        return copy

    def spoiled(self) -> bytes:
        """An invalid line: a good one broken, or one of the invalid cases."""
        rng = self.rng
        good = line(rng, self.any(rng.choice(list(CATALOG))))
        self.events.pop()
        return rng.choice((good[: len(good) // 2], b"[" + good + b"]", good + b"}", rng.choice(_short_bad_lines())))


def marketplace(
    seed: int,
    *,
    users: int,
    days: int,
    start: date,
    per_day: int,
    invalid: float = 0.0,
    duplicates: float = 0.0,
    altered: float = 0.0,
    old: bool = False,
) -> list[bytes]:
    """NDJSON lines of a small marketplace; the same arguments give the same bytes.

    Every event type occurs at least once. `per_day` random events a day come on top of signups, plan changes
    and contracts. `invalid`, `duplicates`, `altered` are fractions of the valid events, added as bad lines,
    resends (in other spellings) and resends with another content, each somewhere after the original. `old`
    adds contracts on both edges of the 730-day window (so the calendar becomes two years long). `users` ≥ 1,
    `days` ≥ 1; the period must end in the past.
    """
    market = _Market(seed, users, days, start)
    rng = market.rng
    for name in CATALOG:
        if name not in CONTRACT_TYPES:
            market.any(name)
    market.signups()
    market.plan_bursts()
    for number in range(4 + per_day * days // 25):
        market.contract(number)
    for _ in range(per_day * days):
        market.any(rng.choice(FREQUENT if rng.random() < 0.7 else [n for n in CATALOG if n not in CONTRACT_TYPES]))
    last = market.start + timedelta(milliseconds=market.milliseconds - 1)
    market.any("audit.recorded", last)
    if old:
        for number, back in enumerate((728, 729, 730, 731)):
            for second in (0, 86_399):
                midnight = last.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=back)
                market.contract(1_000_000 + 10 * number + (second > 0), midnight + timedelta(seconds=second))
    placed = [(rng.random(), line(rng, event)) for event in market.events]
    originals = list(zip(placed, list(market.events), strict=True))
    for share, change in ((duplicates, False), (altered, True)):
        for _ in range(round(share * len(originals))):
            (place, _), event = rng.choice(originals)
            resent = line(rng, market.altered(event) if change else event)
            placed.append((rng.uniform(place, 1.0), resent))
    placed += [(rng.random(), market.spoiled()) for _ in range(round(invalid * len(originals)))]
    return [text for _, text in sorted(placed)]


def deliveries(lines: list[bytes], seed: int, parts: int) -> list[list[bytes]]:
    """The lines in `parts` ≥ 1 deliveries, each shuffled: a fifth arrives in another delivery than its turn,
    a twentieth twice."""
    rng = Random(seed)
    split: list[list[bytes]] = [[] for _ in range(parts)]
    for at, text in enumerate(lines):
        turn = at * parts // len(lines)
        split[rng.randrange(parts) if rng.random() < 0.2 else turn].append(text)
        if rng.random() < 0.05:
            split[rng.randrange(parts)].append(text)
    for part in split:
        rng.shuffle(part)
    return split


def fx_rates(start: date, days: int) -> pd.DataFrame:
    """A seed with holes: EUR all the time, GBP every third day, BRL from the middle on, JPY on the first day
    only, no ISK."""
    rng = Random(7)
    rows = []
    for offset in range(days):
        day = start + timedelta(days=offset)
        rows.append((day, "EUR", Decimal(rng.randrange(1_050_000, 1_200_000)).scaleb(-6)))
        if offset % 3 == 0:
            rows.append((day, "GBP", Decimal(rng.randrange(12_000, 14_000)).scaleb(-4)))
        if offset >= days // 2:
            rows.append((day, "BRL", Decimal(rng.randrange(180_000, 200_000)).scaleb(-6)))
    rows.append((start, "JPY", Decimal("0.00667")))
    return pd.DataFrame(rows, columns=["date", "currency", "usd_rate"]).astype({"date": str, "usd_rate": str})
