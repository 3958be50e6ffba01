"""What came of a soak: a JSON object, a picture of memory and answers over time, and tables for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.soak.asker import Asked
from bench.soak.killer import Kill
from bench.soak.sampler import Sample

_MINUTE = 60.0
# A bad answer is put down to the last kill, if that was not longer ago.
_BLAMED_SECONDS = 60.0


def by_victim(kills: Sequence[Kill], asked: Sequence[Asked]) -> dict[str, dict[str, Any]]:
    """Of each victim: kills, seconds away, and the bad answers in the minute after it was killed."""
    bad: dict[str, int] = defaultdict(int)
    for one in asked:
        if not one.good:
            last = max((kill for kill in kills if one.at >= kill.at - 1), key=lambda kill: kill.at, default=None)
            blamed = last is not None and one.at <= last.at + _BLAMED_SECONDS
            bad[last.victim if last is not None and blamed else "nobody"] += 1
    answer = {}
    for victim in sorted({kill.victim for kill in kills} | bad.keys()):
        away = [kill.away_s for kill in kills if kill.victim == victim and kill.away_s is not None]
        answer[victim] = {
            "kills": sum(kill.victim == victim for kill in kills),
            "away_median_s": median(away) if away else None,
            "away_longest_s": max(away) if away else None,
            "bad_answers": bad[victim],
        }
    return answer


def troubles(asked: Sequence[Asked]) -> dict[str, int]:
    """How answers were bad: status, or why none came, and what it was about."""
    counted: dict[str, int] = defaultdict(int)
    for one in asked:
        if not one.good:
            counted[f"{one.status or one.trouble} {one.path.partition('?')[0]}"] += 1
    return dict(sorted(counted.items(), key=lambda item: -item[1]))


def draw(path: Path, began: float, samples: Sequence[Sample], asked: Sequence[Asked], kills: Sequence[Kill]) -> None:
    """Memory by process and seconds of answers over minutes, kills marked; an SVG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 8), layout="constrained")
    memory, answers = figure.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    lives: dict[tuple[str, int], list[Sample]] = defaultdict(list)
    for sample in samples:
        lives[sample.name, sample.pid].append(sample)
    names = sorted({sample.name for sample in samples if sample.name != "run"})
    for (name, _), life in lives.items():
        if name in names:
            memory.plot(
                [(sample.at - began) / _MINUTE for sample in life],
                [sample.mib for sample in life],
                color=f"C{names.index(name)}",
                linewidth=1,
            )
    for number, name in enumerate(names):
        memory.plot([], [], color=f"C{number}", label=name)
    memory.set_yscale("log")
    memory.set_ylabel("MiB (PSS)")
    memory.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize="small")
    for good, color in ((True, "C0"), (False, "C3")):
        shown = [one for one in asked if one.good is good]
        x = [(one.at - began) / _MINUTE for one in shown]
        answers.plot(x, [one.seconds for one in shown], ".", color=color, markersize=2 if good else 5)
    answers.set_ylabel("seconds of an answer (red: bad)")
    answers.set_xlabel("minutes")
    for kill in kills:
        for axes in (memory, answers):
            axes.axvline((kill.at - began) / _MINUTE, color="0.6", linewidth=0.7, linestyle=":")
        memory.annotate(
            kill.victim,
            ((kill.at - began) / _MINUTE, 1),
            xycoords=("data", "axes fraction"),
            rotation=90,
            fontsize=6,
            va="top",
        )
    figure.savefig(path)


def show(console: Console, result: Mapping[str, Any]) -> None:
    """Tables of a result."""
    for title in ("api", "load", "publications", "checked", "faults"):
        _table(console, title, ("figure", "value"), [(name, value) for name, value in result[title].items()])
    for title in ("victims", "memory", "sizes"):
        rows = result[title]
        columns = list(next(iter(rows.values()), {}))
        _table(console, title, ("", *columns), [(name, *row.values()) for name, row in rows.items()])
    if result["differing_tables"]:
        console.print(f"differ from a full build: {', '.join(result['differing_tables'])}")
    console.print(f"verdict: {'nothing lost, nothing doubled' if result['holds'] else 'it does NOT hold'}")


def _table(console: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    table = Table(title=title, title_justify="left", title_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    for row in rows:
        table.add_row(*("-" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
                        for value in row))  # fmt: skip
    console.print(table)
