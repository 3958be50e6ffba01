"""The dbt project keeps its layer rules, and each rule notices when it does not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.dbt_project import layers
from tests.dbt_project.layers import RULES, Manifest

MARTS = {"user_metrics", "revenue", "job_success_score", "daily_metrics"}
REVENUE = "model.marketplace.revenue"
STAGED_ORDERS = "model.marketplace.stg_orders"
RAW_EVENTS = "source.marketplace.raw.events"


def test_manifest_has_the_core_marts_and_their_source(manifest: Manifest) -> None:
    core = {node["name"] for node in layers.models(manifest) if node["fqn"][1:3] == ["marts", "core"]}
    readers = [node["name"] for node in layers.models(manifest) if RAW_EVENTS in node["depends_on"]["nodes"]]
    assert core == MARTS
    assert readers == ["stg_events"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_holds(rule: Callable[[Manifest], Any], manifest: Manifest) -> None:
    assert list(rule(manifest)) == []


def _read_raw(nodes: Manifest) -> None:
    nodes[REVENUE]["depends_on"]["nodes"].append(RAW_EVENTS)


def _read_raw_in_staging(nodes: Manifest) -> None:
    nodes[STAGED_ORDERS]["depends_on"]["nodes"].append(RAW_EVENTS)


def _read_all_events(nodes: Manifest) -> None:
    nodes[REVENUE]["depends_on"]["nodes"].append("model.marketplace.stg_events")


def _declare_what_is_not_read(nodes: Manifest) -> None:
    nodes[REVENUE]["config"]["meta"]["event_types"] = ["order.created"]


def _narrow_to_nothing(nodes: Manifest) -> None:
    del nodes[STAGED_ORDERS]["config"]["meta"]["event_types"]


def _convert_by_hand(nodes: Manifest) -> None:
    nodes[REVENUE]["depends_on"]["nodes"].append("model.marketplace.int_fx__extended")


def _rename(nodes: Manifest) -> None:
    nodes[REVENUE]["name"] = "fct_revenue"


def _drop_description(nodes: Manifest) -> None:
    nodes[STAGED_ORDERS]["columns"]["order_id"]["description"] = " "


def _drop_twin(nodes: Manifest) -> None:
    nodes[STAGED_ORDERS]["patch_path"] = None


def _drop_contract(nodes: Manifest) -> None:
    nodes[REVENUE]["contract"]["enforced"] = False


def _drop_grain_test(nodes: Manifest) -> None:
    for unique_id in [key for key in nodes if key.startswith("test.marketplace.revenue_rows_keep_the_rules")]:
        del nodes[unique_id]


def _disown(nodes: Manifest) -> None:
    nodes[REVENUE]["config"]["group"] = "staging"


def _mumble(nodes: Manifest) -> None:
    nodes["test.marketplace.assert_no_day_is_missing"]["name"] = "check_days"


def _forget_a_reach(nodes: Manifest) -> None:
    del nodes[REVENUE]["config"]["meta"]["restate"]["reach"]["int_revenue__converted"]


def _build_whole_from_events(nodes: Manifest) -> None:
    nodes[REVENUE]["config"]["materialized"] = "table"


def _read_unmerged(nodes: Manifest) -> None:
    nodes["model.marketplace.int_users__signed_up"]["raw_code"] = "select * from {{ ref('int_signups__folded') }}"


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        (_read_raw, layers.reads_only_what_its_layer_may),
        (_read_raw_in_staging, layers.reads_only_what_its_layer_may),
        (_read_all_events, layers.reads_only_what_its_layer_may),
        (_declare_what_is_not_read, layers.reads_the_event_types_it_declares),
        (_narrow_to_nothing, layers.reads_the_event_types_it_declares),
        (_convert_by_hand, layers.converts_currencies_in_one_place),
        (_rename, layers.is_named_by_its_layer),
        (_drop_description, layers.has_a_twin_that_describes_it),
        (_drop_twin, layers.has_a_twin_that_describes_it),
        (_drop_contract, layers.marts_hold_their_contract),
        (_drop_grain_test, layers.marts_hold_their_contract),
        (_disown, layers.everything_has_an_owner),
        (_mumble, layers.singular_tests_are_sentences),
        (_forget_a_reach, layers.says_how_far_each_input_reaches),
        (_build_whole_from_events, layers.is_built_whole_from_small_inputs_only),
        (_read_unmerged, layers.merges_what_is_folded),
    ],
    ids=lambda value: value.__name__,
)
def test_rule_notices(damage: Callable[[Manifest], None], rule: Callable[[Manifest], Any], manifest: Manifest) -> None:
    damaged = copy.deepcopy(manifest)
    damage(damaged["nodes"])
    assert len(list(rule(damaged))) >= 1


def test_a_mart_nobody_reads_is_noticed(manifest: Manifest) -> None:
    damaged = {**manifest, "exposures": {}, "semantic_models": {}}
    marts = [node for node in layers.models(manifest) if layers.layer(node) == "marts"]
    assert len(list(layers.marts_hold_their_contract(damaged))) == len(marts)
