"""What the days to come are likely to bring, tried on the past: the Theta method against the week before."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from warehouse.foresight.scales import Floats, Scale
from warehouse.foresight.series import Series
from warehouse.foresight.usual import spread, usual

# A bound is drawn from the errors of back-tests; with fewer it would be a guess.
_FEWEST_BACKTESTS = 4


class Model(StrEnum):
    """How a forecast is made."""

    THETA = "theta"
    SEASONAL_NAIVE = "seasonal_naive"


@dataclass(frozen=True, slots=True)
class Forecast:
    """Days to come and what back-tests say of them.

    Attributes:
        values: expected, one per day.
        lower: bounds of the interval.
        upper: the same.
        deviation: of a day from a forecast at most a season ahead, on the scale of comparison.
        model: the better one in back-tests.
        backtests: how many there were.
        relative_error: mean absolute error of Theta over that of the week before; below 1 it is better. None when the
            week before is never wrong.
        coverage: share of past days between bounds that were drawn from what was known before; None with too few
            back-tests to tell.
    """

    values: Floats
    lower: Floats
    upper: Floats
    deviation: float
    model: Model
    backtests: int
    relative_error: float | None
    coverage: float | None


def naive(values: Floats, season: int, horizon: int) -> Floats:
    """The last season again, until the horizon; a day that is missing is looked for a season earlier."""
    last = values[-season:].copy()
    for back in range(2, len(values) // season + 1):
        earlier = values[len(values) - back * season : len(values) - (back - 1) * season]
        last = np.where(np.isnan(last), earlier, last)
    return np.resize(last, horizon)


def theta(values: Floats, series: Series) -> Floats:
    """Forecast without the outliers of the past.

    Source: Assimakopoulos and Nikolopoulos, "The theta model: a decomposition approach to forecasting", 2000.
    """
    import pandas as pd
    from statsmodels.tsa.forecasting.theta import ThetaModel

    scale = Scale.of(values[~np.isnan(values)], series.kind)
    cleaned = usual(scale.forth(values), series.season, scale.noise).cleaned
    if np.ptp(cleaned) == 0:
        return scale.back(np.full(series.horizon, cleaned[0]))
    model = ThetaModel(pd.Series(cleaned), period=series.season, deseasonalize=True, use_test=False, method="additive")
    return scale.back(np.asarray(model.fit(disp=False).forecast(series.horizon), dtype=np.float64))


def forecast(values: Floats, series: Series) -> Forecast | None:
    """The days after the values; None where back-tests have nothing to learn from.

    Args:
        values: one per day, NaN where one is missing.
        series: how to.
    """
    horizon = series.horizon
    scale = Scale.of(values[~np.isnan(values)], series.kind)
    origins = _origins(len(values), series)
    made: dict[Model, Floats] = {
        Model.THETA: np.array([theta(values[:origin], series) for origin in origins]),
        Model.SEASONAL_NAIVE: np.array([naive(values[:origin], series.season, horizon) for origin in origins]),
    }
    came = np.array([values[origin : origin + horizon] for origin in origins])
    if not np.isfinite(made[Model.SEASONAL_NAIVE]).all() or np.isnan(came).all():
        return None
    errors = {model: float(np.nanmean(np.abs(came - values_made))) for model, values_made in made.items()}
    baseline = errors[Model.SEASONAL_NAIVE]
    relative = errors[Model.THETA] / baseline if baseline > 0 else None
    model = Model.THETA if relative is not None and relative < 1 else Model.SEASONAL_NAIVE
    ahead = theta(values, series) if model is Model.THETA else naive(values, series.season, horizon)
    missed = scale.forth(came) - scale.forth(made[model])
    low, high = _bounds(missed, series)
    next_season = missed[:, : series.season]
    return Forecast(
        values=ahead,
        lower=np.minimum(scale.back(scale.forth(ahead) + low), ahead),
        upper=np.maximum(scale.back(scale.forth(ahead) + high), ahead),
        deviation=spread(next_season[~np.isnan(next_season)], scale.noise, float(np.ptp(scale.forth(ahead)))) or 0.0,
        model=model,
        backtests=len(origins),
        relative_error=relative,
        coverage=_coverage(missed, series),
    )


def _origins(days: int, series: Series) -> list[int]:
    """Ends of what back-tests learn from: a season apart, the last one a horizon before the end."""
    first = max(series.shortest_training, days - series.horizon - (series.backtests - 1) * series.season)
    return list(range(days - series.horizon, first - 1, -series.season))[::-1]


def _bounds(missed: Floats, series: Series) -> tuple[Floats, Floats]:
    """How far below and above a forecast its interval reaches, per day ahead: quantiles of past errors.

    Days of the same season ahead share their errors. The bounds are those of split conformal prediction: of `n` errors
    the `(n + 1)`-th part is asked for.
    """
    low, high = np.empty(series.horizon), np.empty(series.horizon)
    tail = (1 - series.coverage) / 2
    for ahead in range(0, series.horizon, series.season):
        alike = slice(ahead, min(ahead + series.season, series.horizon))
        errors = missed[:, alike]
        found = np.quantile(errors[~np.isnan(errors)], [tail, 1 - tail], method="weibull")
        low[alike], high[alike] = min(found[0], 0.0), max(found[1], 0.0)
    return low, high


def _coverage(missed: Floats, series: Series) -> float | None:
    """Share of the days within bounds that were drawn from the back-tests over before them."""
    inside: list[NDArray[np.bool_]] = []
    over = -(-series.horizon // series.season)
    for place in range(_FEWEST_BACKTESTS + over - 1, len(missed)):
        low, high = _bounds(missed[: place - over + 1], series)
        known = ~np.isnan(missed[place])
        inside.append(((missed[place] >= low) & (missed[place] <= high))[known])
    return float(np.concatenate(inside).mean()) if inside else None
