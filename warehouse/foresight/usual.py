"""What was usual for each day: a robust seasonal decomposition, and how far days lie around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warehouse.foresight.scales import Floats

# STL: a weekly pattern that changes over months, a trend over a month; outliers weigh nothing in either.
_CYCLES, _TREND_SEASONS = 35, 4
# Of a normal distribution, from its median and mean absolute deviation.
_FROM_MEDIAN, _FROM_MEAN = 1.4826, 1.2533
#: Days farther than this many deviations from what was usual are not learnt from.
OUTLIER = 3.0


@dataclass(frozen=True, slots=True)
class Usual:
    """What was usual, on the scale of comparison.

    Attributes:
        expected: for each day.
        deviation: how far a usual day lies from it; None when no two days differ, and so nothing can be said.
        cleaned: the days, with what was expected in place of outliers and missing ones.
    """

    expected: Floats
    deviation: float | None
    cleaned: Floats


def usual(scaled: Floats, season: int, noise: float) -> Usual:
    """Decompose days, NaN where one is missing; there must be two seasons of them.

    Source: Cleveland et al., "STL: A Seasonal-Trend Decomposition Procedure Based on Loess", 1990.
    """
    from statsmodels.tsa.seasonal import STL

    days, known = np.arange(len(scaled)), ~np.isnan(scaled)
    filled = np.interp(days, days[known], scaled[known])
    # The loess of a constant is that constant, give or take the last bits.
    decomposed = STL(filled, period=season, seasonal=_CYCLES, trend=_TREND_SEASONS * season + 1, robust=True).fit()
    expected = np.asarray(decomposed.trend + decomposed.seasonal, dtype=np.float64)
    residuals = scaled[known] - expected[known]
    deviation = spread(residuals, noise, float(np.ptp(filled)))
    far = np.zeros_like(known) if deviation is None else np.abs(filled - expected) > OUTLIER * deviation
    return Usual(expected, deviation, np.where(far | ~known, expected, filled))


def spread(residuals: Floats, noise: float, extent: float) -> float | None:
    """The deviation of residuals, by their median; by their mean where more than half of them are nothing."""
    least = max(1e-9 * extent, 1e-12)
    sizes = np.abs(residuals)
    for found in (_FROM_MEDIAN * float(np.median(sizes)), _FROM_MEAN * float(np.mean(sizes))):
        if max(found, noise) > least:
            return max(found, noise)
    return None
