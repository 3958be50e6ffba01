"""Every movement of money, one by one, from the events alone.

Readings of what the contract leaves open:

1. A transaction is an event, whatever ids it has: a payment told of twice under two event ids is two.
2. Its `transaction_id` is the id its type is about; of a refund that of the payment given back. The other party is the
   vendor of an order, the client of a placement, and what a booking says.
3. Fees are charges, and booked refunds are refunds, of the stream `service_fee`; so only earnings and escrow are
   bookings of a kind of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from tests.oracle.contract import Event
from tests.oracle.money import Rates
from tests.oracle.seeds import Mart, Seeds
from tests.oracle.tools import frame

TRANSACTIONS = (
    "event_id", "date", "occurred_at", "kind", "stream", "user_id", "counterparty_id", "transaction_id", "plan_id",
    "method", "currency", "amount", "amount_usd",
)  # fmt: skip

# By type: kind, stream, and the properties with its id, the other party, the plan, the method and the money.
_TOLD = {
    "billing.payment_success": ("charge", "subscription", "payment_id", "", "plan_id", "", "amount"),
    "payment.completed": ("charge", "charge", "payment_id", "", "", "method", "amount"),
    "payment.refunded": ("refund", "charge", "payment_id", "", "", "", "amount"),
    "order.created": ("charge", "order", "order_id", "vendor_id", "", "", "amount"),
    "placement.made": ("charge", "placement", "placement_id", "client_id", "", "", "fee"),
    "financial.recorded": ("", "", "transaction_id", "counterparty_id", "", "", "amount"),
    "payout.processed": ("payout", "", "payout_id", "", "", "method", "amount"),
}
_BOOKED = {
    "Fee": ("charge", "service_fee"),
    "Refund": ("refund", "service_fee"),
    "Earnings": ("earnings", ""),
    "Escrow": ("escrow", ""),
}


def transactions(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per event that moves money."""
    rates = Rates(seeds.fx_rates)
    rows = []
    for event in events:
        if event.event_type not in _TOLD:
            continue
        kind, stream, *names, money = _TOLD[event.event_type]
        if event.event_type == "financial.recorded":
            kind, stream = _BOOKED[event.text("category")]
        amount = event.number(money)
        if amount is None:
            continue
        words = [event.text(name) if name else "" for name in names]
        party, (id_, counterparty, plan, method) = event.user_id, words
        what = (kind, stream, party, counterparty, id_, plan, method, event.text("currency", "USD"))
        rows.append((event.event_id, event.day, event.occurred_at, *what, amount, rates.usd(event, money)))
    return frame(TRANSACTIONS, 1, rows)


MARTS: dict[str, Mart] = {"transactions": (transactions, TRANSACTIONS[:1])}
