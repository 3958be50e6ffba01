"""A billing worker that turns a payment provider's notifications into events on RabbitMQ.

    RABBITMQ_URL=amqp://… python -m examples.billing_service < examples/notifications.ndjson

Providers deliver a notification at least once and count money in cents. So the event's id is derived from the
notification's, and amounts become decimals before anything else touches them.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from ingestion.client import Options, Tracker
from ingestion.client.rabbitmq import Publisher

_NAMESPACE = uuid.UUID("5f0c7f0e-6f2b-4c1e-9d0a-6b1f6f6f3b52")
#: Currencies whose smallest unit is not a hundredth.
_FRACTION_DIGITS = {"JPY": 0, "KRW": 0, "BHD": 3, "KWD": 3}

_Notice = dict[str, Any]
_Properties = dict[str, Any]


def money(notice: _Notice) -> _Properties:
    """`amount` in the currency's smallest unit, as the contract wants it."""
    currency = notice["currency"].upper()
    return {"amount": Decimal(notice["amount"]).scaleb(-_FRACTION_DIGITS.get(currency, 2)), "currency": currency}


def _subscription(notice: _Notice) -> _Properties:
    return {
        "subscription_id": notice["subscription"],
        "plan_id": notice["plan"],
        "interval": notice["interval"],
        **money(notice),
    }


def _transfer(notice: _Notice) -> _Properties:
    return {
        "transaction_id": notice["transfer"],
        "category": notice["category"],
        "counterparty_id": notice["from"],
        "job_id": notice["job"],
        **money(notice),
    }


#: Kind of notification -> event type and its properties.
EVENTS: dict[str, tuple[str, Callable[[_Notice], _Properties]]] = {
    "subscription.created": ("billing.subscription_created", _subscription),
    "subscription.deleted": (
        "billing.subscription_cancelled",
        lambda n: {"subscription_id": n["subscription"], "plan_id": n["plan"]},
    ),
    "invoice.paid": (
        "billing.payment_success",
        lambda n: {"payment_id": n["invoice"], "plan_id": n["plan"], **money(n)},
    ),
    "invoice.failed": ("billing.payment_failed", lambda n: {"reason": n["reason"], **money(n)}),
    "charge.succeeded": (
        "payment.completed",
        lambda n: {"payment_id": n["charge"], "method": n["method"], **money(n)},
    ),
    "charge.refunded": (
        "payment.refunded",
        lambda n: {"payment_id": n["charge"], "reason": n["reason"], **money(n)},
    ),
    "transfer.created": ("financial.recorded", _transfer),
    "payout.paid": ("payout.processed", lambda n: {"payout_id": n["payout"], "method": n["method"], **money(n)}),
}


def work(analytics: Tracker, notifications: Iterable[str]) -> None:
    """Track an event for each notification; unknown kinds are none of ours."""
    for text in notifications:
        notice = json.loads(text)
        if notice["kind"] not in EVENTS:
            continue
        event_type, properties = EVENTS[notice["kind"]]
        analytics.track(
            event_type,
            notice["customer"],
            properties(notice),
            event_id=uuid.uuid5(_NAMESPACE, notice["id"]),
            # When it happened, not when it was delivered.
            occurred_at=notice["created"],
        )


def main() -> None:
    """Work until the input ends."""
    options = Options(source="billing-service", buffer_dir=os.environ.get("ANALYTICS_BUFFER_DIR"))
    with Publisher(os.environ["RABBITMQ_URL"], options) as analytics:
        work(analytics, sys.stdin)
        analytics.flush(30)
    print(json.dumps({"sent": analytics.statistics.sent, "buffered": analytics.statistics.buffered}))


if __name__ == "__main__":
    main()
