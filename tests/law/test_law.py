"""Two histories that have much of what is hard; the same each time. `make law` tries new ones."""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import emptied
from tests.law.law import Plan, check
from warehouse.settings import Settings

HISTORIES = {
    # A leap day, events years from the others, and a build killed among those that mend.
    "eventful": Plan(120459, users=17, days=35, start=date(2024, 2, 20), per_day=28, old=True, parts=3, kills={1: 8.0}),
    # Next to nothing, over the end of a year; the very first build is killed.
    "sparse": Plan(0, users=1, days=10, start=date(2023, 12, 27), per_day=0, old=False, parts=2, kills={0: 6.0}),
}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", HISTORIES)
def test_whatever_comes_in_whatever_order_the_marts_are_those_of_a_full_build_and_of_the_oracle(
    home: Settings, name: str
) -> None:
    check(emptied(home), HISTORIES[name])
