"""How well days out of line are found, and forecasts hold, on the simulator's figures and on real orders.

python -m bench.foresight [--seeds 5] [--olist FOLDER] [--json]
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from tests.warehouse.foresight import planted
from tests.warehouse.foresight.planted import History, Score
from warehouse.foresight.ahead import Model, naive
from warehouse.foresight.learning import learn
from warehouse.settings import project_root

OLIST = project_root().parent / "shared" / "data" / "olist"
DAYS, EVENTS = 150, 200_000


def backtest(history: History, shortest: int, step: int) -> dict[str, float]:
    """Forecasts from many past days, each learnt anew from what was known then: model choice and bounds included."""
    series, values = history.series, history.values
    errors, naive_errors, inside, chosen, widths = [], [], [], [], []
    for end in range(shortest, len(values) - series.horizon + 1, step):
        ahead = learn(series, history.dates[:end], list(values[:end])).forecast
        if ahead is None:
            continue
        came = values[end : end + series.horizon]
        errors.append(np.abs(came - ahead.values))
        naive_errors.append(np.abs(came - naive(values[:end], series.season, series.horizon)))
        inside.append((came >= ahead.lower) & (came <= ahead.upper))
        widths.append((ahead.upper - ahead.lower) / np.maximum(ahead.values, 1))
        chosen.append(ahead.model is Model.THETA)
    if not errors:
        return {}
    # The scale of MASE: how far a day lies from the one a week before, in the history before the back-tests.
    scale = float(np.mean(np.abs(values[series.season : shortest] - values[: shortest - series.season])))
    return {
        "forecasts": len(errors),
        "theta": float(np.mean(chosen)),
        "mase": float(np.mean(errors)) / scale if scale else float("nan"),
        "mase_naive": float(np.mean(naive_errors)) / scale if scale else float("nan"),
        "relative_error": float(np.mean(errors) / np.mean(naive_errors)),
        "coverage": float(np.mean(inside)),
        "width": float(np.mean(widths)),
    }


def measure(seeds: int, folder: Path) -> list[dict[str, float | str]]:
    """One row per figure, means over the seeds."""
    rows: list[dict[str, float | str]] = []
    simulated: dict[str, list[History]] = {}
    for seed in range(1, seeds + 1):
        for history in planted.simulated(seed, DAYS, EVENTS):
            simulated.setdefault(history.series.metric, []).append(history)
    for figure, histories in simulated.items():
        rows.append({"figure": figure, **_row(histories, shortest=91, step=7, rounds=20)})
    if folder.is_dir():
        for history in planted.olist(folder):
            rows.append({"figure": history.series.metric, **_row([history], shortest=112, step=14, rounds=60)})
    return rows


def _row(histories: Iterable[History], shortest: int, step: int, rounds: int) -> dict[str, float]:
    rng, found, alarms, own, tests = np.random.default_rng(8), Score(), Score(), Score(), []
    mean = float(np.mean([np.mean(history.values) for history in histories]))
    for history in histories:
        found += planted.detection(history, rng, rounds)
        alarms += planted.alarms(history)
        own += planted.own(history)
        tests.append(backtest(history, shortest, step))
    kept = [test for test in tests if test]
    return {
        "mean": mean,
        "planted": found.planted,
        "recall": found.recall,
        "own_planted": own.planted,
        "own_recall": own.recall,
        "alarms_a_month": alarms.alarms_a_month,
        **({name: float(np.mean([test[name] for test in kept])) for name in kept[0]} if kept else {}),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.foresight", description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="simulated marketplaces")
    parser.add_argument("--olist", type=Path, default=OLIST, help="folder of the Olist files, left out if not there")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args()
    started = time.monotonic()
    rows = measure(chosen.seeds, chosen.olist)
    if chosen.json:
        print(json.dumps(rows))
        return
    columns = ("mean", "recall", "own_recall", "alarms_a_month", "mase", "mase_naive", "relative_error", "coverage")
    print(f"{'figure':<18}" + "".join(f"{name:>16}" for name in columns))
    for row in rows:
        print(f"{row['figure']:<18}" + "".join(f"{row.get(name, float('nan')):>16.2f}" for name in columns))
    print(f"{time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
