"""`warehouse foresight`: learn what the daily figures are expected to be, and publish it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from warehouse.cli.output import JsonOption, Output

if TYPE_CHECKING:
    from warehouse.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(foresight)


def foresight(
    build: Annotated[
        bool, typer.Option(help="Publish forecasts and anomalies at once, or leave it to the next build.")
    ] = True,
    json: JsonOption = False,
) -> None:
    """Learn forecasts and anomalies from what readers see, and publish them; Dagster does so every night."""
    from warehouse.cli.ready import ready

    answer = learn_and_publish(ready(), build=build)
    Output(json).result(answer, text=_described(answer))


def learn_and_publish(settings: Settings, *, build: bool = True) -> dict[str, Any]:
    """One training, and the build that shows it.

    Raises:
        WarehouseError: nothing has been published to learn from.
    """
    from warehouse.cli.building import build_and_publish
    from warehouse.foresight.training import train

    started = time.monotonic()
    training = train(settings)
    answer: dict[str, Any] = {
        "trained_on": training.generation,
        "trained_at": training.trained_at.isoformat(timespec="milliseconds"),
        "figures": [one.summary() for one in training.learnt],
        "train_seconds": round(time.monotonic() - started, 3),
    }
    return {**answer, **(build_and_publish(settings) if build else {"published": False})}


def _described(answer: dict[str, Any]) -> str:
    lines = [f"{'figure':<22} {'status':<18} {'days':>5}  {'model':<15} {'error':>6} {'coverage':>9}"]
    for one in answer["figures"]:
        error, coverage = one["relative_error"], one["coverage"]
        lines.append(
            f"{one['metric']:<22} {one['status']:<18} {one['days']:>5}  {one['model'] or '-':<15}"
            f" {'-' if error is None else f'{error:.2f}':>6} {'-' if coverage is None else f'{coverage:.0%}':>9}"
        )
    lines.append("error: mean absolute error of theta over that of the week before, in back-tests")
    lines.append(f"learnt from generation {answer['trained_on']} in {answer['train_seconds']} s")
    if answer["published"]:
        lines.append(f"published as generation {answer['generation']}")
    return "\n".join(lines)
