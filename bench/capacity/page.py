"""docs/capacity.md and its picture from what was measured: every figure, and every sentence that depends on one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from bench import pages
from bench.capacity import forecast, picture
from bench.capacity.forecast import Assumptions, Limit
from bench.capacity.generate import DAYS
from bench.capacity.growth import GOOD, Curve
from bench.capacity.model import GROWING, KEPT, Measured, Model, cost, growing, layers, modelled
from warehouse.settings import project_root

PAGE = project_root() / "docs" / "capacity.md"
BILLION = 1e9

# What it takes for the figures to be relied on.
_ENOUGH_SIZES, _ENOUGH_EVENTS, _QUIET = 4, 10_000_000, 0.15

_NO_CONCLUSION = "The figures are provisional (see the beginning), so nothing is concluded from these:"

#: Stages in the order of a day, with the unit of their cost.
UNITS = {
    "land": "all events",
    "full build": "all events",
    "day build": "a day's delivery",
    "hour build": "an hour's delivery",
    "publish": "one publication",
    "ask": "one dashboard",
    "door": "a million events",
}


def write(measured: Measured) -> None:
    """Fill the page and draw its picture."""
    PAGE.write_text(filled(PAGE.read_text("utf-8"), measured), "utf-8")
    picture.draw(measured, modelled(measured))


def filled(text: str, measured: Measured) -> str:
    """The page with everything that depends on what was measured."""
    model, given = modelled(measured), Assumptions()
    # How much hangs on one size: the same of all but one, for each.
    others = [modelled([one for one in measured if one is not left]) for left in measured] if len(measured) > 2 else []
    return pages.filled(
        text,
        {
            "about": _about(measured),
            "processors": _processors(measured),
            "layers": _layers(measured),
            "memory": _memory(measured),
            "disk": _disk(measured),
            "growth": _growth(model),
            "nodes-of-a-build": _nodes_of_a_build(measured),
            "limits": _limits(measured, model, others, given),
            "assumptions": _assumptions(given),
            "billion": _billion(measured, model, others, given),
        },
    )


def _about(measured: Measured) -> str:
    machine, versions = measured[-1]["machine"], measured[-1]["versions"]
    dates = dict.fromkeys(sorted(one["measured_on"] for one in measured))
    busy = [_others(one) for one in measured]
    stages = measured[-1]["stages"].values()
    minutes, gib = sum(used["seconds"] for used in stages) / 60, max(used["disk_mib"] for used in stages) / 1024
    return (
        f"Sizes: **{' · '.join(_count(one['events']) for one in measured)}** events, {' and '.join(dates)}. "
        f"{machine['architecture']}, {machine['cores']} cores, {machine['memory_mib'] / 1024:.0f} GiB, "
        f"{', '.join(f'{name} {version}' for name, version in versions.items())}. Meanwhile other work took "
        f"{min(busy):.0%} to {max(busy):.0%} of the machine's processors: {_quiet(max(busy))}. "
        f"The largest size took {minutes:,.0f} minutes and at most {gib:,.1f} GiB of disk.{_provisional(measured)}"
    )


def _provisional(measured: Measured) -> str:
    """What keeps the figures from being relied on, as a paragraph; nothing where nothing does."""
    largest, busy = measured[-1]["events"], max(map(_others, measured))
    reasons = []
    if len(measured) < _ENOUGH_SIZES:
        reasons.append(f"there are only {len(measured)} sizes")
    if largest < _ENOUGH_EVENTS:
        reasons.append(f"the largest size is {_count(largest)} events, where fixed costs hide what grows")
    if busy > _QUIET:
        reasons.append(f"other work took up to {busy:.0%} of the processors")
    if not reasons:
        return ""
    return f"\n\n**Provisional**: {', '.join(reasons)}. What is extrapolated from this is arithmetic, no forecast."


def _quiet(busy: float) -> str:
    if busy <= _QUIET:
        return "a quiet machine"
    return "times by the clock are upper bounds, processor seconds are not, or little, affected"


def _others(one: dict[str, Any]) -> float:
    """Share of the processors; at most all, as the clock stops before merges do, which processors are counted with."""
    stages = one["stages"].values()
    possible = sum(used["seconds"] for used in stages) * one["machine"]["cores"]
    share: float = sum(used["others_cpu"] for used in stages) / possible
    return min(1.0, share)


def _processors(measured: Measured) -> str:
    head = ["processor seconds, Python + ClickHouse", "of", *(_count(one["events"]) for one in measured)]
    rows = []
    for stage, unit in UNITS.items():
        cells = []
        for one in measured:
            used = one["stages"][stage]
            share = cost(one, stage) / max(used["own_cpu"] + used["engine_cpu"], 1e-9)
            cells.append(f"{_figure(used['own_cpu'] * share)} + {_figure(used['engine_cpu'] * share)}")
        rows.append([stage, unit, *cells])
    largest = measured[-1]
    millions, stages = largest["events"] / 1e6, largest["stages"]
    each = [f"{stage} {_figure(cost(largest, stage) / millions)}" for stage in ("land", "full build")]
    each.append(f"door {_figure(cost(largest, 'door'))}")
    clock = [f"{stage} {_figure(stages[stage]['seconds'])} s" for stage in GROWING]
    return (
        f"{pages.table(head, rows)}\n\n"
        f"For each million events, at {_count(largest['events'])}, in processor seconds: {', '.join(each)}. "
        f"By the clock there: {', '.join(clock)}; a dashboard {_figure(stages['ask']['p95_ms'])} ms (p95); "
        f"the door took {stages['door']['events_per_s']:,} events a second."
    )


def _layers(measured: Measured) -> str:
    head = ["seconds, two at a time", *(_count(one["events"]) for one in measured)]
    rows = [
        [f"{stage}: {layer}", *(_figure(layers(one, stage)[layer]) for one in measured)]
        for stage in ("full build", "hour build")
        for layer in layers(measured[0], stage)
    ]
    return pages.table(head, rows)


def _memory(measured: Measured) -> str:
    head = ["most resident, Python + ClickHouse, MiB", *(_count(one["events"]) for one in measured)]
    rows = [
        [
            stage,
            *(
                f"{one['stages'][stage]['own_mib']:,.0f} + {one['stages'][stage]['engine_mib']:,.0f}"
                for one in measured
            ),
        ]
        for stage in UNITS
    ]
    return pages.table(head, rows)


def _disk(measured: Measured) -> str:
    head = ["MiB", *(_count(one["events"]) for one in measured)]
    rows = [[_KEPT_AS[kept], *(_figure(one["disk"][f"{kept}_mib"]) for one in measured)] for kept in KEPT]
    rows.append(
        ["parts of all these", *(f"{sum(one['disk'][f'{kept}_parts'] for kept in KEPT):,}" for one in measured)]
    )
    for stage in ("land", "full build", "hour build"):
        rows.append([f"most below the home: {stage}", *(_figure(one["stages"][stage]["disk_mib"]) for one in measured)])
    largest = measured[-1]
    each = [f"{_KEPT_AS[kept]} {largest['disk'][f'{kept}_mib'] * 2**20 / largest['events']:.0f}" for kept in KEPT]
    return pages.table(head, rows) + f"\n\nBytes for each event, at {_count(largest['events'])}: {', '.join(each)}."


_KEPT_AS = {
    "raw": "`raw` without receipts",
    "receipts": "`raw.receipts`",
    "build": "`build`",
    "marts": "one generation of marts",
}


def _growth(model: Model) -> str:
    head = ["N in millions of events", "fitted", "largest residual"]
    rows = []
    for what, curves in (
        ("processor s", model.cpu),
        ("clock s", model.seconds),
        ("ClickHouse MiB", model.engine_mib),
        ("disk MiB", model.disk),
    ):
        rows += [[f"{what}: {name}", _formula(curve), f"{curve.worst:.0%}"] for name, curve in curves.items()]
    poor = [row[0] for row in rows if int(row[2].removesuffix("%")) > 100 * GOOD]
    said = (
        f"All residuals are within {GOOD:.0%}."
        if not poor
        else (f"Beyond {GOOD:.0%}, so with care: {', '.join(poor)}.")
    )
    return f"{pages.table(head, rows)}\n\n{said}"


def _formula(curve: Curve) -> str:
    third = f" + {_figure(curve.c)}·{curve.term}" if curve.term and curve.c else ""
    return f"{_figure(curve.a)} + {_figure(curve.b)}·N{third}"


def _nodes_of_a_build(measured: Measured) -> str:
    small, large = (_count(one["events"]) for one in (measured[0], measured[-1]))
    head = ["node", f"s at {small}", f"s at {large}", "exponent"]
    told = []
    for stage in ("full build", "hour build"):
        rows = [
            [f"`{name}`", _figure(before), _figure(after), f"{exponent:.2f}"]
            for name, before, after, exponent in growing(measured, stage)
        ]
        told.append(f"{stage[0].upper()}{stage[1:]}:\n\n{pages.table(head, rows)}")
    return "\n\n".join(told)


def _limits(measured: Measured, model: Model, others: Sequence[Model], given: Assumptions) -> str:
    machine = measured[-1]["machine"]
    found = forecast.limits(model, machine, given)
    without = [{limit.stage: limit.per_day for limit in forecast.limits(other, machine, given)} for other in others]
    head = ["reached", "events a day", "without any one size", "that is"]
    rows = [
        [
            f"{one.stage}: {one.said}",
            _rough(one.per_day),
            _between([per_day[one.stage] for per_day in without]),
            _how_far(one),
        ]
        for one in found
    ]
    shown = pages.table(head, rows)
    if _provisional(measured):
        return f"{_NO_CONCLUSION}\n\n{shown}"
    first, second = found[0], found[1]
    return (
        f"With {machine['cores']} cores and {machine['memory_mib'] / 1024:.0f} GiB, as measured, what comes first is "
        f"**{first.stage}**: {first.said} at {_rough(first.per_day)} events a day. "
        f"The next is {second.stage}, at {_rough(second.per_day)}.\n\n{shown}"
    )


def _how_far(limit: Limit) -> str:
    if limit.beyond == 0:
        return "from the rate measured"
    if limit.per_day > _ANY:
        return "never, by what was measured"
    return "measured" if limit.beyond <= 1 else f"extrapolated, {_rough(limit.beyond)} times what was measured"


def _assumptions(given: Assumptions) -> str:
    said = {
        "events_days": "days that events are kept ([retention](retention.md)); marts stay, of a year here",
        "peak": "times the mean, in the busiest second",
        "busy": "of processors and disks used at the peak",
        "turns": "builds a day, each with its part of the last day and few late events of a day sixty days back",
        "full_hours": "hours that a full build may take",
        "questions": "dashboards a second, nothing remembered",
        "dashboard_ms": "ms in which 95 of 100 dashboards answer",
        "replicas": "copies of everything",
        "cores": "cores of a node",
        "memory_gib": "GiB of memory of a node",
        "disk_tib": "TiB of disk of a node",
    }
    rows = [[f"{getattr(given, one.name):,g}", said[one.name]] for one in fields(given)]
    return "\n".join(["| | |", "|---:|---|", *(f"| {value} | {text} |" for value, text in rows)])


def _billion(measured: Measured, model: Model, others: Sequence[Model], given: Assumptions) -> str:
    wanted = forecast.needs(model, BILLION, given)
    without = [{need.stage: need.cores for need in forecast.needs(other, BILLION, given)} for other in others]
    disk, nodes = forecast.disk(model, BILLION, given), forecast.nodes(model, BILLION, given)
    rows = [
        [one.stage, one.said, _rough(one.cores), _between([cores[one.stage] for cores in without])] for one in wanted
    ]
    shown = pages.table(["stage", "how often", "cores", "without any one size"], rows)
    kept, forever, year = (f"{_rough(size / 2**40)} TiB" for size in (disk.kept, disk.forever, disk.year))
    stored = (
        f"A day adds {kept} of events, which leave after {given.events_days} days, and {forever} for good (receipts "
        f"and marts): {year} after a year, copies included."
    )
    if _provisional(measured):
        return f"{_NO_CONCLUSION}\n\n{shown}\n\n{stored}"
    fits = nodes.build_memory_gib <= given.memory_gib * forecast.MEMORY_SHARE
    decides = "processors" if nodes.by_cores >= nodes.by_disk else "disk"
    return "\n\n".join(
        (
            shown,
            f"Most cores go to **{wanted[0].stage}**: {_rough(wanted[0].cores)}. {stored} A full build by one node "
            f"would take {_rough(nodes.build_memory_gib)} GiB of memory: {'less than' if fits else '**more** than'} a "
            "node gives ClickHouse.",
            f"If all work could be divided, that is **{_rough(nodes.most)} nodes**, {_rough(nodes.shards)} shards of "
            f"{given.replicas}: {_rough(nodes.by_cores)} by processors, {_rough(nodes.by_disk)} by disk, so {decides} "
            f"decides. Such a year is {_rough(BILLION * DAYS / model.cpu['land'].last)} times as many events as "
            "the most that was measured: this is what the curves say, not what anybody has seen.",
        )
    )


def _figure(value: float) -> str:
    """Three digits at least where there are any."""
    if value < 1e-6:
        return "0"
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


_ANY = 1e15


def _rough(value: float) -> str:
    """Two digits: more would pretend to know."""
    if value > _ANY:
        return "any number"
    if value <= 0:
        return "0"
    digits = 1 - math.floor(math.log10(value))
    rounded = round(value, digits)
    for unit, name in ((1e12, " trillion"), (1e9, " billion"), (1e6, " million")):
        if rounded >= unit:
            return f"{rounded / unit:,.3g}{name}"
    return f"{rounded:,.{max(0, digits)}f}"


def _between(values: Sequence[float]) -> str:
    """The range of what comes out without any one size."""
    if not values:
        return "not known"
    low, high = _rough(min(values)), _rough(max(values))
    return low if low == high else f"{low} to {high}"


def _count(events: int) -> str:
    return f"{events / 1e6:g} M" if events >= 1_000_000 else f"{events / 1e3:g} k"
