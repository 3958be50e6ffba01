"""Who is there and when: users, the flags raised on them, and their sessions, from which all else follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.simulator import market
from ingestion.simulator.clock import Clock
from ingestion.simulator.dice import Array, Dice, Ints, lognormal, weighted
from ingestion.simulator.text import DAY_MS

_ROLES = weighted(market.ROLE_SHARES)
_COUNTRIES = weighted(market.COUNTRY_SHARES)
_PLANS = weighted(market.SIGNUP_PLAN_SHARES)
_LIFE_HOURS = lognormal(market.LIFETIME_DAYS[0] * 24, market.LIFETIME_DAYS[1], low=1, high=24 * 3000)
_ACTIVITY = lognormal(*market.USER_ACTIVITY_PERCENT, low=5, high=1200)
_LENGTH_S = lognormal(*market.SESSION_LENGTH, low=40, high=3 * market.HOUR)
_FLAG_AGE_H = lognormal(60, 1.1, low=1)
_RESOLVE_H = lognormal(20, 0.9, low=1)
NEVER = np.int64(1 << 60)


@dataclass(frozen=True)
class Users:
    """Columns over users, in order of signup; instants in ms since the start, or `NEVER`."""

    signup: Ints
    role: Array
    country: Array
    currency: Array
    plan: Array
    activity: Ints  # percent
    flagged: Ints
    resolved: Ints
    suspended: Ints
    until: Ints  # last instant the user opens a session

    def __len__(self) -> int:
        return len(self.signup)


@dataclass(frozen=True)
class Sessions:
    """Columns over sessions, in order of their start."""

    t: Ints
    user: Array
    length: Array  # ms

    def __len__(self) -> int:
        return len(self.t)


def people(clock: Clock, count: int, pace: int) -> Users:
    """`count` users signing up over the days of the clock, growing; lags scaled by `pace` ‰."""
    dice = Dice(clock.key, "users")
    rows = np.arange(count)
    table = clock.day_table([clock.growth(d) for d in range(clock.days)])
    launched = dice.chance(rows, "launch", market.LAUNCH_SHARE)
    launch_day = dice.below(rows, "launch day", min(2, clock.days)) * DAY_MS + clock.hours(dice, rows, "launch")
    signup = np.sort(np.where(launched, launch_day, clock.moments(dice, rows, "signup", table)))
    role = dice.pick(rows, "role", _ROLES)
    country = dice.pick(rows, "country", _COUNTRIES)
    flag = dice.chance(rows, "flag", market.FLAGGED_USERS)
    resolve = flag & dice.chance(rows, "resolve", market.FLAG_RESOLVED)
    suspend = resolve & dice.chance(rows, "suspend", market.FLAG_CONFIRMED * market.SUSPENDED)
    flagged = signup + dice.smooth(rows, "flag age", _FLAG_AGE_H) * market.HOUR * pace + 60_000
    resolved = flagged + dice.smooth(rows, "resolve after", _RESOLVE_H) * market.HOUR * pace + 60_000
    suspended = np.where(suspend, resolved + 5_000, NEVER)
    life = dice.smooth(rows, "life", _LIFE_HOURS) * (market.HOUR * 1000)
    return Users(
        signup=signup,
        role=role.astype(np.int8),
        country=country.astype(np.int8),
        currency=np.array(market.COUNTRY_CURRENCY, dtype=np.int8)[country],
        plan=dice.pick(rows, "plan", _PLANS).astype(np.int8),
        activity=dice.smooth(rows, "activity", _ACTIVITY),
        flagged=np.where(flag, flagged, NEVER),
        resolved=np.where(resolve, resolved, NEVER),
        suspended=suspended,
        until=np.minimum(np.minimum(signup + life, suspended), clock.length),
    )


def visits(clock: Clock, users: Users) -> Sessions:
    """Sessions thinning out with the square root of age; the first one is the signup's."""
    dice = Dice(clock.key, "sessions")
    rows = np.arange(len(users))
    scale = float(market.RETENTION_SCALE_DAYS * DAY_MS)
    reach = np.sqrt(1.0 + (users.until - users.signup) / scale) - 1.0
    rate = np.array(market.ROLE_SESSIONS)[users.role] * users.activity.astype(np.float64) * 0.02
    # Randomised rounding keeps the mean without a Poisson draw, whose logarithms differ between machines.
    count = np.floor(rate * reach + dice.unit(rows, "count")).astype(np.int64)
    user = np.repeat(rows.astype(np.int32), count)
    rows = np.arange(len(user))
    root = 1.0 + dice.unit(rows, "age") * reach[user]
    age = ((root * root - 1.0) * scale).astype(np.int64)
    day = np.minimum((users.signup[user] + age) // DAY_MS, clock.days - 1)
    t = day * DAY_MS + clock.hours(dice, rows, "hour")
    early = t <= users.signup[user]
    t[early] = users.signup[user[early]] + 3_600_000 + dice.below(rows[early], "same day", 4 * 3_600_000)
    share = np.array(clock.weights)[day] / max(clock.weights)
    keep = dice.chance(rows, "keep", share) & (t < users.until[user]) & (t < clock.length)
    everyone = np.arange(len(users), dtype=np.int32)
    t = np.concatenate([users.signup, t[keep]])
    user = np.concatenate([everyone, user[keep]])
    order = np.argsort(t, kind="stable")
    t, user = t[order], user[order]
    length = dice.smooth(np.arange(len(t)), "length", _LENGTH_S) * 1000
    return Sessions(t, user, length.astype(np.int32))
