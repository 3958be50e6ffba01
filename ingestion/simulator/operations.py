"""Operations: samples of queues, storage and external services, the audit trail; and the elastic types,
page views and API requests, whose number is whatever the wanted total leaves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ingestion.simulator import market, text
from ingestion.simulator.dice import Ints, lognormal, weighted
from ingestion.simulator.stream import Rows, Stream
from ingestion.simulator.text import DAY_MS, Prop
from ingestion.simulator.world import World

_QUEUES = text.vocabulary(["analytics.events", "emails", "thumbnails", "webhooks"])
_STORES = text.vocabulary(["uploads", "avatars", "backups"])
_EXTERNAL = text.vocabulary(["stripe", "transcription", "email", "geocoding", "identity"])
_ACTIONS = text.vocabulary(["user.view", "user.update", "payout.approve", "flag.resolve", "export.create", "login"])
_RESOURCES = text.vocabulary(["users", "payouts", "contracts", "reports", "settings"])
_SERVICES = text.vocabulary(["auth-service", "job-service", "shop-service", "chat-service", "payment-service"])
_ENDPOINTS = text.vocabulary(["/api/v1/items", "/api/v1/items/{id}", "/api/v1/search", "/api/v1/me", "/healthz"])
_STATUS = np.array([200, 201, 204, 304, 400, 401, 404, 429])
_STATUS_TABLE = weighted([78, 7, 4, 3, 3, 2, 2.5, 0.5])
_ERRORS = np.array([500, 502, 503, 504])
_DURATION = lognormal(42, 0.9, low=2, high=30_000)
_DEPTH = lognormal(25, 1.2, low=0, high=50_000)
_PAGES = text.vocabulary(
    [
        "/",
        "/jobs",
        "/jobs/search",
        "/pricing",
        "/shop",
        "/shop/new",
        "/chat",
        "/dashboard",
        "/profile",
        "/help",
        "/blog",
    ]
)
_PAGE_TABLE = weighted([20, 14, 10, 7, 14, 6, 9, 10, 5, 2, 3])
_REFERRERS = text.vocabulary(
    [
        "https://www.google.com/",
        "https://news.example.org/",
        "https://social.example.net/feed",
        "https://mail.example.com/",
    ]
)
_REFERRER_TABLE = weighted([60, 10, 20, 10])


def sampled(world: World, events: int) -> list[Stream]:
    """The sampled types, by their shares of a run of `events`; at least four of each from 2,000 on."""
    least = 4 if events >= 2000 else 0
    count = {kind: max(least, int(events * share)) for kind, share in market.SAMPLED_SHARES.items()}

    def queue(rows: Rows) -> Sequence[Prop]:
        depth = rows.smooth("depth", _DEPTH)
        return (
            Prop("queue", (text.words(_QUEUES, rows.index % len(_QUEUES)),)),
            Prop("depth", (text.number(depth),)),
            Prop("processed", (text.number(depth * 7 + rows.below("processed", 90)),)),
        )

    def storage(rows: Rows) -> Sequence[Prop]:
        store = rows.index % len(_STORES)
        used = 40_000_000_000 * (store + 1) + rows.t * 30 * (store + 1) + rows.below("used", 1_000_000)
        return (Prop("service", (text.words(_STORES, store),)), Prop("bytes_used", (text.number(used),)))

    def external(rows: Rows) -> Sequence[Prop]:
        up = text.words(text.vocabulary([False, True]), rows.chance("up", 0.992).astype(np.int8))
        return (Prop("service", (text.words(_EXTERNAL, rows.index % len(_EXTERNAL)),)), Prop("up", (up,)))

    def audit(rows: Rows) -> Sequence[Prop]:
        missing = rows.chance("incomplete", 0.03)
        complete = text.words(text.vocabulary([True, False]), missing.astype(np.int8))
        return (
            Prop("action", (text.words(_ACTIONS, rows.below("action", len(_ACTIONS))),)),
            Prop("resource", (text.words(_RESOURCES, rows.below("resource", len(_RESOURCES))),)),
            Prop("complete", (complete,), missing | rows.chance("said", 0.8)),
        )

    def every(kind: str) -> Ints:
        rows = np.arange(count[kind])
        period = max(1, world.clock.length // max(1, count[kind]))
        return rows * period + world.dice(kind).below(rows, "jitter", min(period, 60_000))

    plain = world.clock.day_table([world.clock.growth(d) for d in range(world.clock.days)])
    audited = world.clock.moments(world.dice("audit"), np.arange(count["audit"]), "at", plain)
    return [
        world.stream("queue.sampled", "monitor", every("queue"), props=queue),
        world.stream("storage.sampled", "monitor", every("storage"), props=storage),
        world.stream("external.checked", "monitor", every("external"), props=external),
        world.stream("audit.recorded", "audit-service", audited, props=audit),
    ]


def elastic(world: World, events: int) -> list[Stream]:
    """Exactly `events` page views (of users in their sessions, and of strangers) and API requests."""
    sessions, dice = world.sessions, world.dice("elastic")
    views = int(events * market.PAGE_VIEW_PART)
    ours = int(views * (1 - market.ANONYMOUS_PAGE_VIEWS)) if len(sessions) else 0
    rows = np.arange(ours)
    session = dice.below(rows, "session", max(1, len(sessions)))
    t = np.minimum(world.within(dice, rows, "view", session), world.clock.length - 1)
    table = world.clock.day_table([world.clock.growth(d) for d in range(world.clock.days)])
    strangers = world.clock.moments(world.dice("visitors"), np.arange(views - ours), "at", table)
    requests = world.clock.moments(world.dice("requests"), np.arange(events - views), "at", table)
    burst = world.clock.day_of("error_burst")
    opens = -1 if burst is None else burst * DAY_MS + 13 * 3_600_000

    def page(rows: Rows) -> Sequence[Prop]:
        url = text.words(_PAGES, rows.pick("url", _PAGE_TABLE))
        referrer = text.words(_REFERRERS, rows.pick("referrer", _REFERRER_TABLE))
        return (Prop("url", (url,)), Prop("referrer", (referrer,), rows.chance("referred", 0.3)))

    def request(rows: Rows) -> Sequence[Prop]:
        burning = (opens >= 0) & (rows.t >= opens) & (rows.t < opens + 3 * 3_600_000)
        failed = rows.chance("fails", np.where(burning, market.BURST_ERROR_RATE, market.ERROR_RATE))
        status = np.where(failed, _ERRORS[rows.below("error", 4)], _STATUS[rows.pick("status", _STATUS_TABLE)])
        duration = rows.smooth("duration", _DURATION) * np.where(failed, 8, 1)
        return (
            Prop("service", (text.words(_SERVICES, rows.below("service", len(_SERVICES))),)),
            Prop("endpoint", (text.words(_ENDPOINTS, rows.below("endpoint", len(_ENDPOINTS))),)),
            Prop("status", (text.number(status),)),
            Prop("duration_ms", (text.number(duration),)),
        )

    return [
        world.stream("page.view", "web", t, session=session, props=page, context=True),
        world.stream("page.view", "web", strangers, part="anonymous", props=page, context=True),
        world.stream("api.request", "gateway", requests, props=request),
    ]
