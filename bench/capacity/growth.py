"""Growth of a cost with the number of events: a + b·N, and a third term where two do not do."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

#: Residuals up to this share are what two measurements of the same differ by.
GOOD = 0.10
_MILLION = 1e6
_TERMS: dict[str, Callable[[float], float]] = {
    "": lambda _: 0.0,
    "N·log N": lambda n: n * math.log2(1 + n),
    "N²": lambda n: n * n,
}


@dataclass(frozen=True, slots=True)
class Curve:
    """Cost by events; N in the coefficients is millions.

    Attributes:
        a: what it costs without any events.
        b: for each million.
        c: for each unit of `term`.
        term: the third term, '' for none.
        residuals: of each measured point (measured - fitted) / measured.
        first: fewest and `last`: most events measured; beyond it is extrapolated.
        last: see there.
    """

    a: float
    b: float
    c: float
    term: str
    residuals: tuple[float, ...]
    first: int
    last: int

    @property
    def worst(self) -> float:
        """The largest residual, as a share."""
        return max(map(abs, self.residuals))

    def at(self, events: float) -> float:
        """The cost of so many events."""
        n = events / _MILLION
        return self.a + self.b * n + self.c * _TERMS[self.term](n)

    def reaches(self, limit: float) -> float:
        """The events at which the cost is at the limit; infinite where it never is, 0 where it always is."""
        if self.at(0) >= limit:
            return 0.0
        if not self.b and not self.c:
            return math.inf
        low, high = 0.0, _MILLION
        while self.at(high) < limit:
            low, high = high, 2 * high
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self.at(middle) < limit else (low, middle)
        return high


def fitted(events: Sequence[int], costs: Sequence[float]) -> Curve:
    """Least squares of relative residuals, no coefficient below zero.

    A third term comes in where two leave a residual that is not good, the third at least halves it, and there are two
    points more than coefficients.

    Raises:
        ValueError: fewer than two sizes.
    """
    if len(events) < 2:
        raise ValueError("growth needs at least two sizes")
    straight = _fit(events, costs, "")
    if straight.worst <= GOOD or len(events) < 5:
        return straight
    best = min((_fit(events, costs, term) for term in _TERMS if term), key=lambda curve: curve.worst)
    return best if best.worst <= straight.worst / 2 else straight


def _fit(events: Sequence[int], costs: Sequence[float], term: str) -> Curve:
    measured = np.maximum(np.asarray(costs, dtype=float), 1e-9)
    millions = [count / _MILLION for count in events]
    basis = np.array([[1.0, n, *([_TERMS[term](n)] if term else [])] for n in millions])
    found, _ = nnls(basis / measured[:, None], np.ones(len(measured)))
    residuals = (measured - basis @ found) / measured
    a, b, c = (*map(float, found), 0.0)[:3]
    return Curve(a, b, c, term, tuple(float(one) for one in residuals), min(events), max(events))
