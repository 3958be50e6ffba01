"""A market under construction: parties, a period, and the events that happened so far in canonical form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from tests.oracle.catalog import CATALOG, ROLES
from tests.oracle.writing import instant_text

# "pro plus" is on no price list, "guru" among no levels.
PLANS = ("free", "pro", "team", "enterprise", "pro plus")
TEXTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("plan_tier", "plan_id", "from_plan", "to_plan"), PLANS),
    **dict.fromkeys(("level", "from_level", "to_level"), ("probation", "junior", "mid", "senior", "elite", "guru")),
    "output_type": ("image", "video", "Text 'x'"),
    "flag_type": ("spam", "fraud"),
    "category": ("web", "art"),
    "job_type": ("hourly", "fixed"),
    "provider": ("openai", "anthropic"),
    "model": ("small", "large"),
    "endpoint": ("/a", "/b?c=1"),
}
PARTIES = frozenset({"freelancer_id", "client_id", "vendor_id", "counterparty_id", "profile_user_id"})
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
CONTRACT_TYPES = frozenset({"contract.started", "contract.completed", "feedback.submitted"})
NUMBERS: Mapping[str, tuple[str, ...]] = {
    "number": ("-3.5", "0", "12", "99.99"),
    ">=0": ("0", "0.1", "0.5", "3", "1234.5678"),
    "1-5": ("1", "2", "3.5", "4", "4.5", "5"),
    "0-1": ("0", "0.25", "0.9999", "1"),
}
INTEGERS: Mapping[str, tuple[int, ...]] = {
    "int": (200, 204, 399, 400, 404, 499, 500, 599),
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


class Market:
    """Random values of every kind, instants of the period, and events added one by one."""

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

    @property
    def end(self) -> datetime:
        """The last instant of the period."""
        return self.start + timedelta(milliseconds=self.milliseconds - 1)

    def reach_back(self, days: int) -> None:
        """Let the period begin that many days before its last one."""
        longer = (days + 1) * 86_400_000 - self.milliseconds
        self.start -= timedelta(milliseconds=longer)
        self.milliseconds += longer

    def within(self, at: datetime) -> datetime:
        """The instant of the period nearest to `at`."""
        return min(max(at, self.start), self.end)

    def near(self, at: datetime) -> datetime:
        """An instant that stands in an interesting relation to another: equal, on its day, next to it, or any."""
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
        day, tick = timedelta(days=1), timedelta(milliseconds=1)
        instants = (
            at, at + tick, at - tick, midnight, midnight + day - tick, midnight - tick, midnight + day,
            at + timedelta(hours=1), at + timedelta(hours=49.5), at - day, self.moment(), self.moment(),
        )  # fmt: skip
        return self.within(self.rng.choice(instants))

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def user(self) -> str:
        return self.rng.choice(self.users)

    def some(self, name: str, share: float = 0.6) -> dict[str, object]:
        """Random optional properties of an event type."""
        event_type = CATALOG[name]
        return {
            key: self.value(key, kind)
            for key, kind in event_type.properties.items()
            if key not in event_type.required and self.chance(share)
        }

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
        if name in TEXTS:
            return rng.choice(TEXTS[name])
        if name in PARTIES:
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
                return instant_text(rng, self.moment())
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
                at = self.within(at + timedelta(seconds=self.rng.choice((0, 0, 1, 3600))))

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
        for moment in sorted({self.moment() for _ in range(rng.choice((0, 1, 1, 3)))}):
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
