"""The scale on which days of a figure differ by as much whatever its height."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.foresight.series import Kind

Floats = NDArray[np.float64]

# A day's amount may be 0, of which there is no logarithm.
_SHARE_OF_TYPICAL = 0.1


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to the scale of comparison and back.

    Attributes:
        kind: what the figure is.
        offset: added to amounts before their logarithm, in their unit.
        noise: the least deviation there can be: that of counting, on the scale of counts.
    """

    kind: Kind
    offset: float = 0.0

    @classmethod
    def of(cls, values: Floats, kind: Kind) -> Scale:
        """The scale for values seen; amounts need a positive one among them."""
        if kind is not Kind.AMOUNT:
            return cls(kind)
        return cls(kind, _SHARE_OF_TYPICAL * float(np.median(values[values > 0])))

    @property
    def noise(self) -> float:
        """See the class."""
        return 1.0 if self.kind is Kind.COUNT else 0.0

    def forth(self, values: Floats) -> Floats:
        """Values on the scale: by Anscombe's root for counts, by the logarithm for amounts."""
        if self.kind is Kind.COUNT:
            return 2 * np.sqrt(np.maximum(values, 0) + 3 / 8)
        if self.kind is Kind.AMOUNT:
            return np.log(np.maximum(values, 0) + self.offset)
        return values

    def back(self, scaled: Floats) -> Floats:
        """Values again; counts and amounts are never negative."""
        if self.kind is Kind.COUNT:
            return np.maximum((np.maximum(scaled, 0) / 2) ** 2 - 3 / 8, 0)
        if self.kind is Kind.AMOUNT:
            return np.maximum(np.exp(scaled) - self.offset, 0)
        return scaled
