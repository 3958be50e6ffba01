"""The world the domains share: clock, users, sessions, and the few ways in which events follow each other."""

from __future__ import annotations

from functools import cached_property
from hashlib import blake2b

import numpy as np

from ingestion.simulator import market
from ingestion.simulator.clock import Clock
from ingestion.simulator.dice import Array, Dice, Ints, lognormal
from ingestion.simulator.population import Sessions, Users, people, visits
from ingestion.simulator.stream import Props, Stream, no_props

Law = tuple[float, float]


class World:
    """A market of `population` users on the days of a clock.

    Lags of an hour and more shrink in runs under 60 days (`pace`, in ‰), so that contracts also complete,
    and creators also rise, in a short run.
    """

    def __init__(self, clock: Clock, population: int) -> None:
        self.clock = clock
        self.tag = blake2b(clock.key.encode(), digest_size=3).hexdigest()
        self.pace = min(1000, max(15, clock.days * 1000 // 60))
        self.users: Users = people(clock, population, self.pace)
        self.sessions: Sessions = visits(clock, self.users)
        self._laws: dict[Law, Ints] = {}
        self._role_sessions: dict[str, Ints] = {}

    def dice(self, name: str) -> Dice:
        """Draws of a table of this run."""
        return Dice(self.clock.key, name)

    @cached_property
    def session_role(self) -> Array:
        """Role code per session."""
        return self.users.role[self.sessions.user]

    def role_sessions(self, *roles: str) -> Ints:
        """Numbers of the sessions of users of some roles, in order of time."""
        key = ",".join(roles)
        if key not in self._role_sessions:
            codes = [market.ROLES.index(role) for role in roles]
            self._role_sessions[key] = np.flatnonzero(np.isin(self.session_role, codes))
        return self._role_sessions[key]

    def some_sessions(self, dice: Dice, draw: str, share: float, *roles: str) -> Ints:
        """A share of the sessions of some roles (of all, if none is named)."""
        numbers = self.role_sessions(*roles) if roles else np.arange(len(self.sessions))
        return numbers[dice.chance(numbers, draw, share)]

    def lag(self, dice: Dice, rows: Array, draw: str, law: Law) -> Ints:
        """Milliseconds of a log-normal lag, 1 s at least; `law` is (median in s, sigma)."""
        if law not in self._laws:
            self._laws[law] = lognormal(law[0], law[1], low=1, high=2e8)
        value = dice.smooth(rows, draw, self._laws[law]) * (self.pace if law[0] >= market.HOUR else 1000)
        return np.maximum(value, 1000) + dice.below(rows, draw + ".ms", 1000)

    def within(self, dice: Dice, rows: Array, draw: str, session: Array) -> Ints:
        """Instants inside sessions, at least 10 s after their start."""
        inside: Ints = self.sessions.t[session] + 10_000 + dice.below(rows, draw, self.sessions.length[session])
        return inside

    def next_session(self, dice: Dice, rows: Array, draw: str, role: str, after: Ints) -> Ints:
        """Numbers of sessions of a role that start at or soon after given instants; -1 if none is left."""
        numbers = self.role_sessions(role)
        position = np.searchsorted(self.sessions.t[numbers], after) + dice.below(rows, draw, 6)
        found = np.full(len(position), -1, dtype=np.int64)
        there = position < len(numbers)
        found[there] = numbers[position[there]]
        return found

    def local_cents(self, cents: Array, currency: Array) -> Ints:
        """Dollar prices as list prices of a currency: rounded factors, not exchange rates."""
        factor = np.array([100, 93, 80, 520])[currency]
        prices: Ints = np.maximum(cents * factor // 100, 1)
        return prices

    def stream(
        self,
        event_type: str,
        source: str,
        t: Ints,
        *,
        user: Array | None = None,
        session: Array | None = None,
        props: Props = no_props,
        context: bool = False,
        part: str = "",
        **columns: Array,
    ) -> Stream:
        """A stream from columns in any order; rows after the end of the simulation are left out.

        With `session` and without `user`, the user is the session's. `part` tells streams of one type apart.
        """
        if user is None and session is not None:
            user = self.sessions.user[session]
        order = np.argsort(t, kind="stable")
        order = order[: np.searchsorted(t[order], self.clock.length)]
        name = f"{event_type}/{part}"
        return Stream(
            name=name,
            event_type=event_type,
            source=source,
            t=t[order],
            user=None if user is None else user[order].astype(np.int32),
            session=None if session is None else session[order].astype(np.int32),
            columns={key: value[order] for key, value in columns.items()},
            props=props,
            context=context,
            dice=self.dice(name),
            tag=self.tag,
            start_ms=self.clock.start_ms,
        )
