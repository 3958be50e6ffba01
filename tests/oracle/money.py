"""Money as the mart contract tells it: exactly, in dollars at the rate of a day."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

import pandas as pd

from tests.oracle.contract import Event

ZERO = Decimal("0.0000")
CENTI_CENT = Decimal("0.0001")
# Wide enough for 18 digits of money times any rate, so that only the final rounding rounds.
EXACT = Context(prec=80, rounding=ROUND_HALF_UP)


class Rates:
    """Exchange rates to USD: for a day the latest one not after it.

    `fx_rates` has columns date (text or date), currency, usd_rate (text is exact).
    """

    def __init__(self, fx_rates: pd.DataFrame) -> None:
        by_currency: dict[str, dict[date, Decimal]] = defaultdict(dict)
        for day, currency, rate in fx_rates[["date", "currency", "usd_rate"]].itertuples(index=False):
            by_currency[str(currency)][date.fromisoformat(str(day)[:10])] = Decimal(str(rate))
        self._days = {currency: sorted(rates) for currency, rates in by_currency.items()}
        self._rates = by_currency

    def rate(self, currency: str, day: date) -> Decimal | None:
        """USD for one unit, or None if there is no rate up to that day."""
        if currency == "USD":
            return Decimal(1)
        days = self._days.get(currency, [])
        at = bisect_right(days, day)
        return self._rates[currency][days[at - 1]] if at else None

    def usd(self, event: Event, name: str = "amount") -> Decimal | None:
        """The event's money property `name` in USD at four digits; None without the property or without a
        rate."""
        amount = event.number(name)
        rate = self.rate(event.text("currency", "USD"), event.day)
        if amount is None or rate is None:
            return None
        return EXACT.quantize(EXACT.multiply(amount, rate), CENTI_CENT)
