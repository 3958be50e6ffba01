"""Hypothesis strategies: random small marketplaces, delivered in random pieces."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from tests.oracle import generate

STARTS = (date(2024, 1, 1), date(2024, 2, 27), date(2023, 12, 29), date(2016, 8, 30))


@st.composite
def marketplaces(draw: st.DrawFn, *, start: date | None = None, max_users: int = 9, max_days: int = 6) -> list[bytes]:
    """NDJSON lines of a marketplace of at most `max_users` users and `max_days` days, with bad lines and
    resends.

    Without `start`, periods begin around a new year, a leap day, and before the first exchange rates.
    """
    return generate.marketplace(
        draw(st.integers(0, 2**32 - 1)),
        users=draw(st.integers(1, max_users)),
        days=draw(st.integers(1, max_days)),
        start=start or draw(st.sampled_from(STARTS)),
        per_day=draw(st.integers(0, 30)),
        invalid=draw(st.sampled_from((0.0, 0.1))),
        duplicates=draw(st.sampled_from((0.0, 0.1))),
        altered=draw(st.sampled_from((0.0, 0.2))),
    )


@st.composite
def delivered(draw: st.DrawFn, *, start: date | None = None, max_parts: int = 4) -> list[list[bytes]]:
    """A marketplace split into one to `max_parts` shuffled deliveries, late lines and resends among them."""
    lines = draw(marketplaces(start=start))
    return generate.deliveries(lines, draw(st.integers(0, 2**32 - 1)), draw(st.integers(1, max_parts)))
