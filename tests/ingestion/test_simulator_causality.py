"""The simulated market: cause before effect, sums that add up, behaviour to believe."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from ingestion.simulator import anomalies
from tests.ingestion.test_simulator_contract import (
    Event,
    lines_of,
    parse,
)


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    return lines_of(events=50_000, days=90, seed=1)


@pytest.fixture(scope="module")
def events(lines: list[bytes]) -> list[Event]:
    return [parse(line) for line in lines]


@pytest.fixture(scope="module")
def by_type(events: list[Event]) -> dict[str, list[Event]]:
    grouped: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        grouped[event["event_type"]].append(event)
    return grouped


def instants(events: list[Event], key: str) -> dict[str, dt.datetime]:
    """First instant per id."""
    first: dict[str, dt.datetime] = {}
    for event in events:
        first.setdefault(event["properties"][key], event["at"])
    return first


def test_no_event_of_a_user_before_the_signup(events: list[Event]) -> None:
    signed_up: set[str] = set()
    for event in events:
        if event["event_type"] == "user.signup":
            signed_up.add(event["user_id"])
        elif "user_id" in event:
            assert event["user_id"] in signed_up
        for key in ("client_id", "freelancer_id", "vendor_id", "counterparty_id", "profile_user_id"):
            if key in event["properties"]:
                assert event["properties"][key] in signed_up


@pytest.mark.parametrize(
    ("cause", "effect", "key"),
    [
        ("job.posted", "job.viewed", "job_id"),
        ("job.posted", "proposal.sent", "job_id"),
        ("job.posted", "match.created", "job_id"),
        ("job.posted", "job.filled", "job_id"),
        ("job.posted", "job.closed", "job_id"),
        ("job.posted", "contract.started", "job_id"),
        ("proposal.sent", "proposal.viewed", "proposal_id"),
        ("proposal.viewed", "proposal.accepted", "proposal_id"),
        ("contract.started", "contract.completed", "contract_id"),
        ("contract.completed", "feedback.submitted", "contract_id"),
        ("match.created", "match.accepted", "match_id"),
        ("job.posted", "placement.made", "job_id"),
        ("placement.made", "placement.ended", "placement_id"),
        ("chat.conversation_created", "chat.message_sent", "conversation_id"),
        ("chat.conversation_created", "chat.conversation_deleted", "conversation_id"),
        ("billing.subscription_created", "billing.subscription_cancelled", "subscription_id"),
        ("payment.completed", "payment.refunded", "payment_id"),
        ("upload.initiated", "upload.completed", "upload_id"),
        ("upload.completed", "payment.completed", "upload_id"),
        ("upload.completed", "assignment.created", "upload_id"),
        ("assignment.created", "assignment.claimed", "assignment_id"),
        ("assignment.claimed", "assignment.submitted", "assignment_id"),
        ("assignment.submitted", "assignment.reviewed", "assignment_id"),
        ("assignment.reviewed", "assignment.completed", "assignment_id"),
        ("product.viewed", "order.created", "product_id"),
        ("order.created", "rating.updated", "product_id"),
        ("account.flagged", "account.flag_resolved", "flag_id"),
    ],
)
def test_effects_follow_their_causes(by_type: dict[str, list[Event]], cause: str, effect: str, key: str) -> None:
    caused = instants(by_type[cause], key)
    assert by_type[effect]
    for event in by_type[effect]:
        assert caused[event["properties"][key]] <= event["at"]


def test_each_thing_happens_once(by_type: dict[str, list[Event]]) -> None:
    for event_type, key in [
        ("user.signup", "user_id"),
        ("job.posted", "job_id"),
        ("job.filled", "job_id"),
        ("contract.started", "contract_id"),
        ("contract.completed", "contract_id"),
        ("billing.subscription_created", "subscription_id"),
        ("financial.recorded", "transaction_id"),
        ("order.created", "order_id"),
        ("payout.processed", "payout_id"),
        ("payment.completed", "payment_id"),
        ("assignment.claimed", "assignment_id"),
        ("assignment.completed", "assignment_id"),
    ]:
        ids = Counter(e["user_id"] if key == "user_id" else e["properties"][key] for e in by_type[event_type])
        assert max(ids.values()) == 1, event_type


def test_contract_money_adds_up(by_type: dict[str, list[Event]]) -> None:
    """What was put in escrow for ended contracts is earned, charged as a fee or refunded, to the cent."""
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for event in by_type["financial.recorded"]:
        properties = event["properties"]
        number = int(properties["transaction_id"].rsplit("-", 1)[1]) // 4
        sums[str(number)][properties["category"]] += Decimal(properties["amount"])
    ended = {e["properties"]["contract_id"].rsplit("-", 1)[1] for e in by_type["contract.completed"]}
    whole = [s for number, s in sums.items() if number in ended and len(s) > 1]
    assert len(whole) > 50
    for parts in whole:
        assert parts["Escrow"] == parts["Earnings"] + parts["Fee"] + parts["Refund"]


def test_plan_changes_continue_each_other(events: list[Event]) -> None:
    plan: dict[str, str] = {}
    for event in events:
        if event["event_type"] == "user.signup":
            plan[event["user_id"]] = event["properties"].get("plan_tier", "free")
        elif event["event_type"] in {"user.plan_upgrade", "user.plan_downgrade"}:
            assert plan[event["user_id"]] == event["properties"]["from_plan"]
            plan[event["user_id"]] = event["properties"]["to_plan"]


def test_creators_rise_level_by_level_with_completed_work(events: list[Event]) -> None:
    level: dict[str, str] = defaultdict(lambda: "probation")
    completed: Counter[str] = Counter()
    for event in events:
        user, properties = event.get("user_id", ""), event["properties"]
        if event["event_type"] == "assignment.completed":
            completed[user] += 1
        elif event["event_type"] == "creator.level_changed":
            assert properties.get("from_level", level[user]) == level[user]
            level[user] = properties["to_level"]
            needed = {"junior": 5, "mid": 15, "senior": 40, "elite": 100}
            assert completed[user] >= needed[level[user]]
    assert {"junior", "mid"} <= set(level.values())


def test_suspended_users_sign_in_no_more(events: list[Event]) -> None:
    suspended: set[str] = set()
    for event in events:
        if event["event_type"] == "account.suspended":
            suspended.add(event["user_id"])
        elif event["event_type"] == "user.signin":
            assert event["user_id"] not in suspended
    assert suspended


# --- believable -----------------------------------------------------------------------------------------


def test_the_market_has_returning_clients_many_currencies_and_a_long_tail(
    by_type: dict[str, list[Event]],
) -> None:
    pairs = Counter((e["user_id"], e["properties"]["freelancer_id"]) for e in by_type["contract.started"])
    assert max(pairs.values()) >= 2
    currencies = Counter(e["properties"]["currency"] for e in by_type["payment.completed"])
    assert set(currencies) == {"USD", "EUR", "GBP", "BRL"}
    assert currencies["USD"] == max(currencies.values())
    views = sorted(Counter(e["properties"]["product_id"] for e in by_type["product.viewed"]).values())
    assert sum(views[-len(views) // 5 :]) > 0.4 * sum(views)


def test_users_stay_less_the_older_they_are() -> None:
    events = [parse(line) for line in lines_of(events=50_000, days=84, seed=4)]
    joined = {e["user_id"]: e["at"] for e in events if e["event_type"] == "user.signup"}
    old = {user for user, at in joined.items() if at <= events[0]["at"] + dt.timedelta(days=28)}
    weeks = defaultdict(set)
    for event in events:
        if event["event_type"] == "user.signin" and event["user_id"] in old:
            weeks[(event["at"] - joined[event["user_id"]]).days // 7].add(event["user_id"])
    retained = [len(weeks[week]) for week in range(8)]
    assert retained[0] > retained[2] > retained[7] > 0


def test_anomalies_are_where_they_are_said_to_be() -> None:
    end = dt.date(2026, 3, 31)
    said = {a.kind: a.date for a in anomalies(days=60, end=end)}
    assert anomalies(days=6, end=end) == []
    events = [parse(line) for line in lines_of(events=60_000, days=60, seed=9, end=end)]
    signins = Counter(e["at"].astimezone(dt.UTC).date() for e in events if e["event_type"] == "user.signin")
    week = dt.timedelta(days=7)
    drop, spike, burst = said["traffic_drop"], said["revenue_spike"], said["error_burst"]
    assert signins[drop] < 0.6 * min(signins[drop - week], signins[drop + week])
    orders = Counter(e["at"].astimezone(dt.UTC).date() for e in events if e["event_type"] == "order.created")
    assert orders[spike] > 2 * max(orders[spike - week], orders[spike + week])
    errors = Counter(
        e["at"].astimezone(dt.UTC).date()
        for e in events
        if e["event_type"] == "api.request" and int(e["properties"]["status"]) >= 500
    )
    assert errors[burst] > 2 * max(errors[burst - week], errors[burst + week])
