"""The layer rules of the dbt project: functions from a manifest to sentences that say what breaks them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

Manifest = dict[str, Any]
Node = dict[str, Any]

LAYERS = ("staging", "intermediate", "marts")
NAMES = {
    "staging": re.compile(r"stg_[a-z]+(_[a-z]+)*"),
    "intermediate": re.compile(r"int_[a-z]+(_[a-z]+)*__[a-z]+(_[a-z]+)*"),
    "marts": re.compile(r"(?!stg_|int_|fct_|dim_|mart_)[a-z]+(_[a-z]+)*"),
}
EVENTS = "stg_events"
RAW_EVENTS = "raw.events"
LEDGER = "staged ledger"
RATES = "int_fx__extended"
RATES_MART = "exchange_rates"
#: What the machinery of restatement reads.
CONTROL = {"horizon", "evidence"}
RATES_MACRO = "macro.marketplace.with_usd"
TYPES_MACRO = "macro.marketplace.of_types"


def models(manifest: Manifest) -> list[Node]:
    """All models of the project."""
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def layer(node: Node) -> str:
    """The folder below `models/`: its layer."""
    return str(node["fqn"][1])


def parents(manifest: Manifest, node: Node) -> Iterator[Node]:
    """What the node reads: models, seeds and sources."""
    for unique_id in node["depends_on"]["nodes"]:
        yield manifest["sources"].get(unique_id) or manifest["nodes"][unique_id]


def _kind(parent: Node) -> str:
    kind = str(parent["resource_type"])
    if kind == "source":
        return RAW_EVENTS if f"{parent['source_name']}.{parent['name']}" == RAW_EVENTS else kind
    if kind != "model":
        return kind
    if parent["name"] == EVENTS:
        return EVENTS
    return LEDGER if layer(parent) == "staging" and not _event_types(parent) else layer(parent)


def _event_types(node: Node) -> list[str]:
    return list(node["config"]["meta"].get("event_types") or [])


# What a layer may read. The admitted events are seen through one model only, by marts narrowed to the types that they
# declare; a staging model without event types is of something else: the ledger, the builds, the publications.
READS = {
    EVENTS: {RAW_EVENTS, "source"},
    LEDGER: {"source"},
    "staging": {EVENTS},
    "intermediate": {EVENTS, LEDGER, "staging", "intermediate", "seed"},
    "marts": {LEDGER, "staging", "intermediate", "marts"},
}


def reads_only_what_its_layer_may(manifest: Manifest) -> Iterator[str]:
    """Sources are read in staging alone, raw events by `stg_events` alone; marts read no seeds, and not all events."""
    for node in models(manifest):
        allowed = READS[_kind(node)] | ({EVENTS} if _event_types(node) else set())
        for parent in parents(manifest, node):
            if _kind(parent) not in allowed:
                yield f"{node['name']} reads {parent['name']} ({_kind(parent)})"


def reads_the_event_types_it_declares(manifest: Manifest) -> Iterator[str]:
    """Who declares event types narrows `stg_events` to them with `of_types`, and the other way round."""
    for node in models(manifest):
        narrows = TYPES_MACRO in node["depends_on"]["macros"]
        reads = EVENTS in {parent["name"] for parent in parents(manifest, node)}
        if narrows != bool(_event_types(node)) or (narrows and not reads):
            yield f"{node['name']} declares other event types than it narrows {EVENTS} to"


def converts_currencies_in_one_place(manifest: Manifest) -> Iterator[str]:
    """The exchange rates are read through the macro `with_usd`, never by a join of one's own; a mart shows them."""
    for node in models(manifest):
        if node["name"] == RATES_MART:
            continue
        uses_rates = RATES in {parent["name"] for parent in parents(manifest, node)}
        if uses_rates and RATES_MACRO not in node["depends_on"]["macros"]:
            yield f"{node['name']} reads {RATES} by itself"


def is_named_by_its_layer(manifest: Manifest) -> Iterator[str]:
    """`stg_<entity>`, `int_<topic>__<verb>`, a mart by its contract name."""
    for node in models(manifest):
        if layer(node) not in LAYERS or not NAMES[layer(node)].fullmatch(node["name"]):
            yield f"{node['name']} does not fit the grammar of {layer(node)}"


def has_a_twin_that_describes_it(manifest: Manifest) -> Iterator[str]:
    """A `.yml` beside each `.sql` and `.csv`, with the grain and every column described."""
    seeds = [node for node in manifest["nodes"].values() if node["resource_type"] == "seed"]
    for node in [*models(manifest), *seeds]:
        twin = re.sub(r"\.(sql|csv)$", ".yml", node["original_file_path"])
        if (node["patch_path"] or "").removeprefix("marketplace://") != twin:
            yield f"{node['name']} is not described in {twin}"
        if "Grain: one row per" not in node["description"]:
            yield f"{node['name']} does not state its grain"
        if not node["columns"]:
            yield f"{node['name']} describes no column"
    for node in [*models(manifest), *seeds, *manifest["sources"].values()]:
        for column in node["columns"].values():
            if not column["description"].strip():
                yield f"{node['name']}.{column['name']} is not described"


def marts_hold_their_contract(manifest: Manifest) -> Iterator[str]:
    """An enforced contract with a type for each column, a test of the grain, and a reader.

    Readers are the exposures, and the report builder, which asks whatever has a semantic model.
    """
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    readers = [*manifest["exposures"].values(), *manifest["semantic_models"].values()]
    read = {mart for reader in readers for mart in reader["depends_on"]["nodes"]}
    for node in models(manifest):
        if layer(node) != "marts":
            if node["contract"]["enforced"]:
                yield f"{node['name']} has a contract, though no outsider may read it"
            continue
        if not node["contract"]["enforced"]:
            yield f"{node['name']} has no enforced contract"
        for column in node["columns"].values():
            if not column["data_type"]:
                yield f"{node['name']}.{column['name']} has no type"
        grain = [
            test
            for test in tests
            if test.get("attached_node") == node["unique_id"]
            and (test.get("test_metadata") or {}).get("name") == "rows_keep_the_rules"
        ]
        if len(grain) != 1:
            yield f"{node['name']} has {len(grain)} tests of its grain"
        if node["unique_id"] not in read:
            yield f"{node['name']} is read by nobody (no exposure, no semantic model)"


def everything_has_an_owner(manifest: Manifest) -> Iterator[str]:
    """Folder = group: the group of a model is its layer, that of a mart its folder below `marts/`."""
    for node in models(manifest):
        group = node["fqn"][2] if layer(node) == "marts" else layer(node)
        if node["config"]["group"] != group:
            yield f"{node['name']} belongs to {node['config']['group']}, not to {group}"
    for group in manifest["groups"].values():
        if not group["owner"].get("email"):
            yield f"group {group['name']} has no owner to write to"


def singular_tests_are_sentences(manifest: Manifest) -> Iterator[str]:
    """`assert_<what holds>`, so that a failure reads as the sentence that is no longer true."""
    for node in manifest["nodes"].values():
        is_singular = node["resource_type"] == "test" and not node.get("test_metadata")
        if is_singular and not re.fullmatch(r"assert_[a-z]+(_[a-z]+){2,}", node["name"]):
            yield f"{node['name']} is no sentence"


def says_how_far_each_input_reaches(manifest: Manifest) -> Iterator[str]:
    """A restated model names every input, and how far its changes reach."""
    for node in models(manifest):
        if node["config"]["materialized"] != "restated":
            continue
        reach = node["config"]["meta"].get("restate", {}).get("reach", {})
        read = {parent["name"] for parent in parents(manifest, node)} - CONTROL
        for name in read - set(reach):
            yield f"{node['name']} does not say how far a change of {name} reaches"
        for name in set(reach) - read:
            yield f"{node['name']} says how far {name} reaches, but does not read it"


def _views_through(manifest: Manifest, node: Node) -> Iterator[Node]:
    for parent in parents(manifest, node):
        yield parent
        if parent["resource_type"] == "model" and parent["config"]["materialized"] == "view":
            yield from _views_through(manifest, parent)


def is_built_whole_from_small_inputs_only(manifest: Manifest) -> Iterator[str]:
    """A table that is rebuilt in every build reads rollups and entities, never the events, not through views either."""
    for node in models(manifest):
        if node["config"]["materialized"] != "table":
            continue
        for parent in _views_through(manifest, node):
            if parent["resource_type"] == "model" and layer(parent) == "staging" and _reads_events(manifest, parent):
                yield f"{node['name']} is built whole from {parent['name']}"


def _reads_events(manifest: Manifest, node: Node) -> bool:
    return node["name"] == EVENTS or EVENTS in {parent["name"] for parent in parents(manifest, node)}


def merges_what_is_folded(manifest: Manifest) -> Iterator[str]:
    """A folded model is read through the macro `folded`, which merges its rows."""
    for node in models(manifest):
        for parent in parents(manifest, node):
            is_folded = parent["resource_type"] == "model" and parent["config"]["materialized"] == "folded"
            if is_folded and f"ref('{parent['name']}')" in node["raw_code"]:
                yield f"{node['name']} reads {parent['name']} without merging it"


RULES: tuple[Callable[[Manifest], Iterator[str]], ...] = (
    reads_only_what_its_layer_may,
    reads_the_event_types_it_declares,
    converts_currencies_in_one_place,
    is_named_by_its_layer,
    has_a_twin_that_describes_it,
    marts_hold_their_contract,
    everything_has_an_owner,
    singular_tests_are_sentences,
    says_how_far_each_input_reaches,
    is_built_whole_from_small_inputs_only,
    merges_what_is_folded,
)
