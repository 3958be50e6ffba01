"""The oracle's marts against examples computed by hand; the arithmetic is in the comments."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pandas as pd
import pytest

from tests.oracle import marts
from tests.oracle.compare import frame_differences
from tests.oracle.contract import Event

RATES = pd.DataFrame(
    [("2024-01-02", "EUR", "1.10"), ("2024-01-04", "EUR", "1.20005"), ("2024-01-01", "JPY", "0.0067")],
    columns=["date", "currency", "usd_rate"],
)
_serial = iter(range(10**6))


def event(name: str, at: str, user: str = "", **properties: object) -> Event:
    """An event at `day[Thh:mm]` of January 2024 style text; a higher `serial` is a later id."""
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    serial = properties.pop("serial", None) or next(_serial)
    identity = f"00000000-0000-4000-8000-{serial:012x}"
    return Event(identity, name, moment, user, "", "test", {}, properties)


def amount(text: str) -> Decimal:
    return Decimal(text)


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return list(frame[list(columns)].itertuples(index=False, name=None))


def test_user_metrics_by_hand() -> None:
    events = [
        # ann: client on free from day 1; her second signup (creator) counts for nothing but activity on day
        # 2.
        event("user.signup", "2024-01-01T10:00", "ann", role="client"),
        event("user.signup", "2024-01-02T10:00", "ann", role="creator", plan_tier="team"),
        # Two changes in one instant on day 2: the higher id wins, so pro at the end of the day, also for her
        # morning signin.
        event("user.plan_upgrade", "2024-01-02T12:00", "ann", serial=10**6 + 2, from_plan="team", to_plan="pro"),
        event("user.plan_upgrade", "2024-01-02T12:00", "ann", serial=10**6 + 1, from_plan="free", to_plan="team"),
        event("user.signin", "2024-01-02T00:00", "ann"),
        event("user.signin", "2024-01-02T23:59", "ann"),
        # bob: active on day 2, signs up on day 3 with the default role: customer on free already on day 2.
        event("page.view", "2024-01-02T08:00", "bob"),
        event("user.signup", "2024-01-03T08:00", "bob"),
        # cid never signs up; his plan change does not give him a plan. He exists from day 3.
        event("user.plan_upgrade", "2024-01-03T09:00", "cid", from_plan="free", to_plan="pro"),
        # dan is only paid: not active, so he never exists. The payout makes day 5 the last day.
        event("payout.processed", "2024-01-05T09:00", "dan", payout_id="p", amount=amount("1")),
    ]
    found = rows(marts.user_metrics(events), *marts.USER_METRICS)
    assert [(day.day, *rest) for day, *rest in found if isinstance(day, date)] == [
        (1, "client", "free", 1, 1, 0),
        (2, "client", "free", 0, 0, 0),
        (2, "client", "pro", 0, 1, 2),
        (2, "customer", "free", 0, 1, 0),
        (3, "client", "free", 0, 0, 0),
        (3, "client", "pro", 0, 0, 0),
        (3, "customer", "free", 1, 1, 0),
        (3, "unknown", "unknown", 0, 1, 0),
        *[(day, *group, 0, 0, 0) for day in (4, 5) for group in (
            ("client", "free"), ("client", "pro"), ("customer", "free"), ("unknown", "unknown"),
        )],
    ]  # fmt: skip


def test_signups_in_one_instant_are_ordered_by_id() -> None:
    events = [
        event("user.signup", "2024-01-01", "u", serial=2, role="vendor"),
        event("user.signup", "2024-01-01", "u", serial=1, role="creator", plan_tier="pro"),
    ]
    assert rows(marts.user_metrics(events), "role", "plan_tier", "new_users") == [("creator", "pro", 1)]


def test_revenue_by_hand() -> None:
    events = [
        # Before the first EUR rate: unconverted, both the charge and the refund.
        event("payment.completed", "2024-01-01", "u", payment_id="1", amount=amount("10"), currency="EUR"),
        event("payment.refunded", "2024-01-01", "u", payment_id="1", amount=amount("4"), currency="EUR"),
        # Day 3 has the rate of day 2: 10.5 · 1.10 = 11.55 and 0.05 · 1.10 = 0.055.
        event("payment.completed", "2024-01-03", "u", payment_id="2", amount=amount("10.5"), currency="EUR"),
        event("payment.completed", "2024-01-03", "u", payment_id="3", amount=amount("0.05"), currency="EUR"),
        # Day 4: 1 · 1.20005 = 1.20005 → 1.2001 per event, away from zero; twice: 2.4002 and not 2.4001.
        event(
            "order.created",
            "2024-01-04",
            "u",
            order_id="1",
            vendor_id="v",
            amount=amount("1"),
            currency="EUR",
            quantity=3,
        ),
        event(
            "order.created",
            "2024-01-04",
            "u",
            order_id="1",
            vendor_id="v",
            amount=amount("1"),
            currency="EUR",
        ),
        event("billing.payment_success", "2024-01-04", "u", amount=amount("9.99"), plan_id="pro"),
        event("billing.payment_success", "2024-01-04", "u", amount=amount("5")),
        event("placement.made", "2024-01-04", "u", placement_id="1", job_id="j"),
        event("placement.made", "2024-01-04", "u", placement_id="2", job_id="j", fee=amount("0")),
        event("financial.recorded", "2024-01-04", "u", transaction_id="1", category="Fee", amount=amount("2")),
        event("financial.recorded", "2024-01-04", "u", transaction_id="2", category="Refund", amount=amount("3")),
        event(
            "financial.recorded",
            "2024-01-04",
            "u",
            transaction_id="3",
            category="Earnings",
            amount=amount("7"),
        ),
        event("billing.payment_failed", "2024-01-04", "u", amount=amount("7")),
    ]
    found = [tuple(map(str, row)) for row in rows(marts.revenue(events, RATES), *marts.REVENUE)]
    zero = "0.0000"
    assert found == [
        ("2024-01-01", "charge", "EUR", "", "10.0000", "4.0000", "6.0000", zero, zero, zero, "1", "1", "2"),
        (
            "2024-01-03",
            "charge",
            "EUR",
            "",
            "10.5500",
            zero,
            "10.5500",
            "11.6050",
            zero,
            "11.6050",
            "2",
            "0",
            "0",
        ),
        ("2024-01-04", "order", "EUR", "", "2.0000", zero, "2.0000", "2.4002", zero, "2.4002", "2", "0", "0"),
        ("2024-01-04", "placement", "USD", "", zero, zero, zero, zero, zero, zero, "1", "0", "0"),
        (
            "2024-01-04",
            "service_fee",
            "USD",
            "",
            "2.0000",
            "3.0000",
            "-1.0000",
            "2.0000",
            "3.0000",
            "-1.0000",
            "1",
            "1",
            "0",
        ),
        (
            "2024-01-04",
            "subscription",
            "USD",
            "",
            "5.0000",
            zero,
            "5.0000",
            "5.0000",
            zero,
            "5.0000",
            "1",
            "0",
            "0",
        ),
        (
            "2024-01-04",
            "subscription",
            "USD",
            "pro",
            "9.9900",
            zero,
            "9.9900",
            "9.9900",
            zero,
            "9.9900",
            "1",
            "0",
            "0",
        ),
    ]


def completed(contract: str, at: str, client: str, outcome: str, **more: object) -> Event:
    return event("contract.completed", at, client, contract_id=contract, freelancer_id="f", outcome=outcome, **more)


def test_job_success_score_by_hand() -> None:
    key = {"freelancer_id": "f"}
    events = [
        # A: worth 100 USD, score 5 → 3 (the later one, received first). w = ln 101 = 4.61512, factor 1 · 0.5.
        event("feedback.submitted", "2024-01-03", "ann", contract_id="A", score=Decimal(3), **key),
        event("feedback.submitted", "2024-01-02", "ann", contract_id="A", score=Decimal(5), **key),
        completed("A", "2024-01-04", "ann", "success", value=amount("100")),
        # B: no value at its end; started with 10 EUR on day 2 = 11 USD. w = ln 12 = 2.48491, no feedback: 1 ·
        # 0.75.
        event(
            "contract.started",
            "2024-01-02",
            "ann",
            contract_id="B",
            value=amount("10"),
            currency="EUR",
            **key,
        ),
        completed("B", "2024-01-04", "ann", "success"),
        # C: a value without a rate is 0 and hides the start's: w = 1; cancelled, score 1 → 0.5 · 0.
        event("contract.started", "2024-01-02", "bob", contract_id="C", value=amount("500"), **key),
        completed("C", "2024-01-04", "bob", "cancelled", value=amount("900"), currency="ISK"),
        event("feedback.submitted", "2024-01-04", "bob", contract_id="C", score=Decimal(1), **key),
        # D: huge, so w = 10; disputed: 0.
        completed("D", "2024-01-04", "bob", "disputed", value=amount("30000")),
    ]
    frame = marts.job_success_score(events, RATES)
    # Σw = 4.615121 + 2.484907 + 1 + 10 = 18.100027; Σ = 2.307560 + 1.863680 = 4.171240; base = 23.045492.
    # Clients ann and bob, ann long-term: 0.9 · 23.045492 + 10 · 1 / 2 = 25.740942.
    exact = 0.9 * 100 * (0.5 * math.log(101) + 0.75 * math.log(12)) / (math.log(101) + math.log(12) + 11) + 5
    assert exact == pytest.approx(25.740942, abs=1e-6)
    assert rows(frame, *marts.JOB_SUCCESS_SCORE) == [
        ("f", date(2024, 1, 4), 25.74, 4, 2, 2.0, Decimal("30111.0000"), 2, 1, pytest.approx(exact,
        abs=1e-9)),
    ]  # fmt: skip


def test_job_success_score_window_and_cap() -> None:
    last = datetime(2024, 1, 4, 23, 59, tzinfo=UTC)
    inside, outside = (last - timedelta(days=back) for back in (729, 730))
    events = [
        completed("A", "2024-01-04", "ann", "success"),
        completed("B", inside.replace(hour=0, minute=0, tzinfo=None).isoformat(), "ann", "success"),
        completed("C", outside.replace(tzinfo=None).isoformat(), "bob", "disputed"),
        *[
            event("feedback.submitted", "2024-01-04", "ann", contract_id=c, freelancer_id="f", score=Decimal(5))
            for c in "AB"
        ],
        event(
            "contract.completed",
            "2022-01-01",
            "ann",
            contract_id="Z",
            freelancer_id="gone",
            outcome="success",
        ),
        event("audit.recorded", "2024-01-04T23:59"),
    ]
    # Both contracts in the window are perfect: 0.9 · 100 + 10 · 1 / 1 = 100.
    found = rows(marts.job_success_score(events, RATES), "freelancer_id", "jss", "contracts_completed", "clients")
    assert found == [("f", 100.0, 2, 1)]


def test_daily_metrics_by_hand() -> None:
    def review(at: str, decision: str, **more: object) -> Event:
        return event("assignment.reviewed", at, "eve", assignment_id=f"{decision}", decision=decision, **more)

    events = [
        event("user.signup", "2024-01-01", "ann", role="uploader"),
        event("user.signup", "2024-01-01", "eve", role="creator"),
        event("payment.completed", "2024-01-01", "ann", payment_id="1", amount=amount("100")),
        event("payment.completed", "2024-01-01", "ann", payment_id="2", amount=amount("9"), currency="ISK"),
        event("payment.refunded", "2024-01-01", "ann", payment_id="1", amount=amount("30.5")),
        event("payout.processed", "2024-01-01", "eve", payout_id="1", amount=amount("50.25")),
        event("upload.completed", "2024-01-01", "ann", upload_id="1"),
        event("upload.completed", "2024-01-01", "ann", upload_id="1"),
        # Reviews: approved at version 1 (by default), at 1, at 2; one revision, two rejections of one
        # assignment.
        review("2024-01-02", "approved", overall_score=Decimal(5)),
        review("2024-01-02", "approved", version=1),
        review("2024-01-02", "approved", version=2, overall_score=Decimal(2)),
        review("2024-01-02", "revision", overall_score=Decimal("4.5")),
        review("2024-01-02", "rejected"),
        review("2024-01-02", "rejected"),
        event("account.suspended", "2024-01-02", "eve"),
        event("account.suspended", "2024-01-02", "eve"),
        event("chat.message_sent", "2024-01-02", "ann", conversation_id="c", provider="p", model="m", tokens=7),
        event("chat.message_sent", "2024-01-02", "zoe", conversation_id="c", provider="p", model="m"),
        event("api.request", "2024-01-08", "ann", service="s", endpoint="e", status=200, duration_ms=Decimal(1)),
        event("page.view", "2024-01-31", "zoe"),
    ]
    frame = marts.daily_metrics(events, RATES)
    assert len(frame) == 31
    day = {number: frame.iloc[number - 1].to_dict() for number in range(1, 32)}
    first = {name: day[1][name] for name in marts.DAILY_METRICS[1:17]}
    # 100 + unconverted - 30.5 - 50.25 = 19.25; three charges and refunds; eve is active by her signup only.
    assert first == {
        "total_revenue": Decimal(100), "total_refunds": Decimal("30.5"), "total_payouts": Decimal("50.25"),
        "platform_margin": Decimal("19.25"), "transaction_count": 3, "new_users": 2, "new_uploaders": 1,
        "new_creators": 1,
        "active_users": 2, "active_uploaders": 1, "active_creators": 1, "wau": 2, "mau": 2,
        "uploads_count": 1,
        "assignments_created": 0, "assignments_completed": 0,
    }  # fmt: skip
    # Day 2: ann and zoe are active, eve (reviewed, suspended) is not; 3 of 7 days' users. (5 + 2 + 4.5) / 3;
    # 2 of 3; 1 of 6.
    second = {name: day[2][name] for name in ("active_users", "active_creators", "wau",
    "assignments_rejected", "accounts_suspended", "messages_sent", "tokens_used")}  # fmt: skip
    assert list(second.values()) == [2, 0, 3, 1, 1, 2, 7]
    assert [day[2][name] for name in ("avg_rating", "first_approval_rate", "revision_rate")] == pytest.approx(
        [11.5 / 3, 2 / 3, 1 / 6]
    )
    assert [day[1][name] for name in ("avg_rating", "first_approval_rate", "revision_rate")] == [
        None,
        None,
        None,
    ]
    # Seven days ending on the 7th reach the 1st (ann, eve, zoe), on the 8th the 2nd (ann, zoe), on the 9th
    # the 3rd (nobody).
    assert [day[number]["wau"] for number in (7, 8, 9)] == [3, 2, 0]
    # Thirty days: on the 30th all three, on the 31st from the 2nd: ann and zoe.
    assert [day[number]["mau"] for number in (30, 31)] == [3, 2]


def test_revenue_adds_up_to_daily_metrics_and_comparison_sees_a_change() -> None:
    events = [
        event("payment.completed", f"2024-01-0{n}", "u", payment_id="p", amount=amount("1.005"), currency="EUR")
        for n in range(1, 8)
    ]
    revenue, daily = marts.revenue(events, RATES), marts.daily_metrics(events, RATES)
    assert sum(revenue["gross_usd"]) == sum(daily["total_revenue"]) > 0
    assert frame_differences("revenue", marts.KEYS["revenue"], revenue, revenue) == []
    changed = revenue.copy()
    changed["net_usd"] = [value + Decimal("0.0001") * (at == 1) for at, value in enumerate(revenue["net_usd"])]
    assert len(frame_differences("revenue", marts.KEYS["revenue"], revenue, changed)) == 1
    assert len(frame_differences("revenue", marts.KEYS["revenue"], revenue, changed.iloc[2:])) == 2


def test_without_events_every_mart_is_empty() -> None:
    for name, mart in marts.MARTS.items():
        frame = mart([], RATES)
        assert len(frame) == 0
        assert list(frame.columns[: len(marts.KEYS[name])]) == list(marts.KEYS[name])
