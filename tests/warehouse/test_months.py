"""Spans of months: how they are written, and how a history is parted into them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.client import Identity, connect
from warehouse.errors import WarehouseError
from warehouse.months import Span, buildable, in_turn, next_month, parse, parted
from warehouse.settings import Settings

MONTHS = st.dates(date(2019, 1, 1), date(2026, 12, 31)).map(lambda day: day.replace(day=1))


@pytest.mark.parametrize("text", ["2025-01", "2024-12..2025-02"])
def test_a_span_is_read_as_it_is_written(text: str) -> None:
    assert str(parse(text)) == text


def test_a_span_ends_with_its_last_month() -> None:
    assert parse("2024-02..2024-02") == parse("2024-02") == Span(date(2024, 2, 1), date(2024, 3, 1))
    assert parse("2024-12").days == 31


@pytest.mark.parametrize("text", ["", "2025", "2025-13", "2025-01-01", "2025-02..2025-01", "2025-01...2025-02"])
def test_what_is_no_span_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(WarehouseError, match=r"write 2025-01, or 2025-01\.\.2025-03"):
        parse(text)


def test_before_the_first_build_there_is_no_month(empty: Settings) -> None:
    connect(Identity.ADMIN, empty).command("DROP TABLE IF EXISTS build.stg_events SYNC")
    assert buildable(connect(Identity.TRANSFORMER, empty)) == {}


def test_spans_hold_about_as_many_events_as_they_may() -> None:
    counts = {date(2025, month, 1): events for month, events in enumerate((10, 20, 30, 200, 5, 5), start=1)}
    assert [str(span) for span in parted(counts, 60)] == ["2025-01..2025-03", "2025-04", "2025-05..2025-06"]
    assert parted({}, 60) == []


@given(st.dictionaries(MONTHS, st.integers(1, 1000), min_size=1), st.integers(1, 2000))
def test_spans_are_the_history_without_a_gap_and_none_could_be_one_with_the_next(
    counts: dict[date, int], budget: int
) -> None:
    spans = parted(counts, budget)
    held = [sum(events for month, events in counts.items() if span.first <= month < span.until) for span in spans]
    assert (spans[0].first, spans[-1].until) == (min(counts), next_month(max(counts)))
    assert all(one.until == other.first for one, other in pairwise(spans))
    for span, events in zip(spans, held, strict=True):
        assert events <= budget or span.until - span.first <= timedelta(days=31)
    for events, span in zip(held, spans[1:], strict=False):
        assert events + counts.get(span.first, 0) > budget


@given(st.dictionaries(MONTHS, st.integers(1, 1000), min_size=2), st.integers(1, 2000))
def test_later_months_move_no_earlier_bound(counts: dict[date, int], budget: int) -> None:
    earlier = {month: events for month, events in counts.items() if month != max(counts)}
    assert parted(counts, budget)[: len(parted(earlier, budget)) - 1] == parted(earlier, budget)[:-1]


def test_every_span_has_its_turn_and_a_short_history_is_built_at_once() -> None:
    counts = {date(2025, month, 1): 50 for month in range(1, 8)}
    nights = [in_turn(counts, 100, date(2025, 9, 1) + timedelta(days=night)) for night in range(4)]
    assert {str(span) for span in nights} == {str(span) for span in parted(counts, 100)}
    assert in_turn(counts, 350, date(2025, 9, 1)) is None
    assert in_turn({}, 350, date(2025, 9, 1)) is None
