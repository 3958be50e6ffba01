"""Hypothesis strategies for histories."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from tests.law.law import Plan

STARTS = (date(2025, 1, 10), date(2024, 2, 20), date(2023, 12, 27), date(2018, 9, 25))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Marketplaces of up to three months and some two thousand events, in two to four deliveries."""
    parts = draw(st.integers(2, 4))
    return Plan(
        seed=draw(st.integers(0, 2**32 - 1)),
        users=draw(st.integers(1, 20)),
        days=draw(st.sampled_from((1, 3, 10, 35, 95))),
        start=draw(st.sampled_from(STARTS)),
        per_day=draw(st.integers(0, 30)),
        old=draw(st.booleans()),
        parts=parts,
        kills=draw(st.dictionaries(st.integers(0, parts - 1), st.floats(2.0, 12.0), max_size=1)),
    )
