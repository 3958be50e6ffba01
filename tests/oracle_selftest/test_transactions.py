"""Transactions and users against an example counted by hand."""

from __future__ import annotations

from decimal import Decimal

from tests.oracle_selftest.hand import event, found


def test_transactions_by_hand() -> None:
    one = Decimal(1)
    events = [
        event("payment.completed", "01-01", "ann", payment_id="p", amount=one, method="card"),
        event("payment.refunded", "01-02", "ann", payment_id="p", amount=one, currency="XAU"),
        event("order.created", "01-02", "ann", order_id="o", vendor_id="vic", amount=one),
        event("billing.payment_success", "01-02", "ann", plan_id="pro", amount=one),
        event("billing.payment_failed", "01-02", "ann", amount=one),
        event("placement.made", "01-02", "cid", placement_id="m", job_id="j", client_id="eve", fee=one),
        event("placement.made", "01-02", "cid", placement_id="n", job_id="j"),
        event("payout.processed", "01-02", "fay", payout_id="w", amount=one, method="bank"),
        *[
            event("financial.recorded", "01-03", "fay", transaction_id=category, category=category, amount=one)
            for category in ("Earnings", "Fee", "Refund", "Escrow")
        ],
    ]
    told = ("kind", "stream", "user_id", "counterparty_id", "transaction_id", "plan_id", "method", "amount_usd")
    assert sorted(found("transactions", events, *told), key=str) == sorted(
        [
            ("charge", "charge", "ann", "", "p", "", "card", one),
            ("refund", "charge", "ann", "", "p", "", "", None),
            ("charge", "order", "ann", "vic", "o", "", "", one),
            ("charge", "subscription", "ann", "", "", "pro", "", one),
            ("charge", "placement", "cid", "eve", "m", "", "", one),
            ("payout", "", "fay", "", "w", "", "bank", one),
            ("earnings", "", "fay", "", "Earnings", "", "", one),
            ("charge", "service_fee", "fay", "", "Fee", "", "", one),
            ("refund", "service_fee", "fay", "", "Refund", "", "", one),
            ("escrow", "", "fay", "", "Escrow", "", "", one),
        ],
        key=str,
    )


def test_users_by_hand() -> None:
    events = [
        event("user.signup", "01-02", "ann", role="creator", country="US"),
        event("user.signup", "01-03", "ann", role="vendor", plan_tier="team", country="DE"),
        event("user.plan_upgrade", "01-05", "ann", from_plan="free", to_plan="pro"),
        event("user.plan_upgrade", "01-04", "ann", from_plan="free", to_plan="team"),
        event("user.plan_upgrade", "01-04", "bob", from_plan="free", to_plan="team"),
        event("user.signup", "01-02", "cat"),
    ]
    assert found("users", events, "user_id", "role", "plan_tier", "country") == [
        ("ann", "creator", "pro", "US"),
        ("cat", "customer", "free", ""),
    ]
