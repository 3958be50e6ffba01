"""Users: signups, sign-ins, what they look at and use, and the flags raised on them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ingestion.simulator import market, text
from ingestion.simulator.dice import weighted
from ingestion.simulator.population import NEVER
from ingestion.simulator.stream import Rows, Stream
from ingestion.simulator.text import Money, Prop
from ingestion.simulator.world import World

_ROLES = text.vocabulary(market.ROLES)
_PLANS = text.vocabulary(market.PLANS)
_COUNTRIES = text.vocabulary(market.COUNTRIES)
_METHODS = text.vocabulary(market.SIGNUP_METHODS)
_METHOD_TABLE = weighted(market.SIGNUP_METHOD_SHARES)
_ROLE_TABLE = weighted(market.ROLE_SHARES)
_QUERIES = text.vocabulary(
    (
        "logo design",
        "data cleaning",
        "tradução técnica",
        "running shoes",
        "podcast editing",
        "product photos",
        "python developer",
        "wireless headphones",
        "blog post",
        "été robe",
        'desk 48"',
    )
)
_FEATURES = text.vocabulary(
    [
        "saved_search",
        "export_csv",
        "calendar",
        "templates",
        "dark_mode",
        "team_invite",
        "api_key",
        "bulk_edit",
    ]
)
_FEATURE_TABLE = weighted([24, 12, 16, 14, 13, 8, 5, 8])
_CONVERSIONS = text.vocabulary(["newsletter", "trial_started", "demo_booked", "pricing_contacted"])
_FLAGS = text.vocabulary(market.FLAG_TYPES)
_FLAG_TABLE = weighted(market.FLAG_TYPE_SHARES)


def streams(world: World) -> list[Stream]:
    """Events of accounts and of sessions."""
    return [*_accounts(world), *_sessions(world), *_trust(world)]


def _accounts(world: World) -> list[Stream]:
    users, dice = world.users, world.dice("accounts")
    everyone = np.arange(len(users))

    def signup(rows: Rows) -> Sequence[Prop]:
        who = rows.user
        return (
            Prop("method", (text.words(_METHODS, rows.pick("method", _METHOD_TABLE)),)),
            # Defaults may be left out: role customer, plan free.
            Prop(
                "role",
                (text.words(_ROLES, users.role[who]),),
                rows.chance("role", 0.95) | (users.role[who] != 0),
            ),
            Prop(
                "plan_tier",
                (text.words(_PLANS, users.plan[who]),),
                rows.chance("p", 0.95) | (users.plan[who] != 0),
            ),
            Prop("country", (text.words(_COUNTRIES, users.country[who]),)),
            Prop("email", ('"', "user", text.number(who), f'.{world.tag}@example.com"')),
        )

    def started(rows: Rows) -> Sequence[Prop]:
        return (Prop("role", (text.words(_ROLES, rows["role"]),)),)

    lead = 20_000 + dice.below(everyone, "form", 400_000)
    tried = np.flatnonzero(dice.chance(everyone, "abandoned", market.ABANDONED_SIGNUPS))
    drift = dice.below(tried, "abandoned at", 7_200_000)
    seen = users.signup >= lead  # the first minutes' forms were opened before the simulation begins
    start = np.concatenate([(users.signup - lead)[seen], users.signup[tried] + drift])
    role = np.concatenate([users.role[seen], dice.pick(tried, "abandoned role", _ROLE_TABLE)])
    return [
        world.stream("signup.started", "web", start, role=role, props=started, context=True),
        world.stream("user.signup", "auth-service", users.signup, user=everyone, props=signup, context=True),
    ]


def _sessions(world: World) -> list[Stream]:
    sessions, dice = world.sessions, world.dice("visits")
    signed_in = world.some_sessions(dice, "in", market.SIGNIN)
    signed_out = world.some_sessions(dice, "out", market.SIGNOUT)
    searched = world.some_sessions(dice, "search", market.SEARCHES)
    used = world.some_sessions(dice, "feature", market.FEATURES)
    looked = world.some_sessions(dice, "profile", market.PROFILE_VIEWS, "client", "employer")
    converted = world.some_sessions(dice, "conversion", 0.03)

    # A freelancer who came early has been seen more: the square of a uniform draw favours low numbers.
    freelancers = np.flatnonzero(world.users.role == market.ROLES.index("freelancer"))
    look_t = world.within(dice, looked, "look", looked)
    known = np.searchsorted(world.users.signup[freelancers], look_t)
    look_t, looked, known = look_t[known > 0], looked[known > 0], known[known > 0]
    place = dice.unit(looked, "who")
    profile = freelancers[(place * place * known).astype(np.int64)]

    def search(rows: Rows) -> Sequence[Prop]:
        query = text.words(_QUERIES, rows.below("query", len(_QUERIES)))
        filters = ('{"max_price":', text.number(rows.below("price", 20) * 50 + 50), ',"remote":true}')
        return (Prop("query", (query,)), Prop("filters", filters, rows.chance("filters", 0.4)))

    def feature(rows: Rows) -> Sequence[Prop]:
        return (Prop("feature", (text.words(_FEATURES, rows.pick("feature", _FEATURE_TABLE)),)),)

    def viewed(rows: Rows) -> Sequence[Prop]:
        return (Prop("profile_user_id", rows.ident("u", rows["profile"])),)

    def conversion(rows: Rows) -> Sequence[Prop]:
        kind = text.words(_CONVERSIONS, rows.below("type", len(_CONVERSIONS)))
        value = Money(rows.below("value", 20_000))
        return (Prop("type", (kind,)), Prop("value", (value,), rows.chance("valued", 0.6)))

    in_t = sessions.t[signed_in] + 2_000 + dice.below(signed_in, "in after", 6_000)
    out_t = sessions.t[signed_out] + 12_000 + sessions.length[signed_out]
    return [
        world.stream("user.signin", "auth-service", in_t, session=signed_in, context=True),
        world.stream("user.signout", "auth-service", out_t, session=signed_out),
        world.stream(
            "search.performed",
            "search-service",
            world.within(dice, searched, "s", searched),
            session=searched,
            props=search,
        ),
        world.stream("feature.used", "web", world.within(dice, used, "f", used), session=used, props=feature),
        world.stream("profile.viewed", "web", look_t, session=looked, profile=profile, props=viewed, context=True),
        world.stream(
            "conversion",
            "web",
            world.within(dice, converted, "c", converted),
            session=converted,
            props=conversion,
        ),
    ]


def _trust(world: World) -> list[Stream]:
    users, dice = world.users, world.dice("trust")
    flagged = np.flatnonzero(users.flagged < NEVER)
    resolved = np.flatnonzero(users.resolved < NEVER)
    suspended = np.flatnonzero(users.suspended < NEVER)
    blocked = np.flatnonzero(dice.chance(np.arange(len(users)), "blocked", market.DUPLICATES_BLOCKED))

    def flag(rows: Rows) -> Sequence[Prop]:
        kind = text.words(_FLAGS, dice.pick(rows.user, "type", _FLAG_TABLE))
        manual = ~rows.chance("automatic", market.FLAG_AUTOMATIC)
        automatic = text.words(text.vocabulary([True, False]), manual.astype(np.int8))
        return (
            Prop("flag_id", rows.ident("flag", rows.user)),
            Prop("flag_type", (kind,)),
            Prop("automatic", (automatic,), manual | rows.chance("said", 0.8)),
        )

    def resolution(rows: Rows) -> Sequence[Prop]:
        confirmed = (users.suspended[rows.user] < NEVER) | dice.chance(rows.user, "confirmed", 0.2)
        outcome = text.words(text.vocabulary(["false_positive", "confirmed"]), confirmed.astype(np.int8))
        return (Prop("flag_id", rows.ident("flag", rows.user)), Prop("outcome", (outcome,)))

    def suspension(rows: Rows) -> Sequence[Prop]:
        return (Prop("reason", (text.words(_FLAGS, dice.pick(rows.user, "type", _FLAG_TABLE)),)),)

    blocked_t = users.signup[blocked] + dice.below(blocked, "blocked at", 80_000_000)
    return [
        world.stream("account.flagged", "trust-service", users.flagged[flagged], user=flagged, props=flag),
        world.stream(
            "account.flag_resolved",
            "trust-service",
            users.resolved[resolved],
            user=resolved,
            props=resolution,
        ),
        world.stream(
            "account.suspended", "trust-service", users.suspended[suspended], user=suspended, props=suspension
        ),
        world.stream("account.duplicate_blocked", "trust-service", blocked_t, context=True),
    ]
