"""Random histories; the same ones each time, so that a red suite means a change. `make law` tries new ones."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.conftest import emptied
from tests.law.law import Plan, check
from tests.law.plans import plans
from warehouse.settings import Settings


@pytest.mark.timeout(1500)
@settings(
    max_examples=4,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # a history takes half a minute: nobody waits for a smaller one
    deadline=None,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)
@given(plan=plans())
def test_whatever_comes_in_whatever_order_the_marts_are_those_of_a_full_build_and_of_the_oracle(
    home: Settings, plan: Plan
) -> None:
    check(emptied(home), plan)
