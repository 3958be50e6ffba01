"""Randomness without state: every draw is a hash of (key, name of the draw, row number).

A row's draws do not depend on which rows were drawn before, so chunks may be rendered in any order, by
any number of threads, and a resend of a row comes out byte for byte the same. Only integer arithmetic
and single IEEE operations (+ - * / sqrt) touch drawn values: `exp`, `log` and `pow` differ in the last
bit between processors, so curves are tables, computed once and rounded to integers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]
Mask = NDArray[np.bool_]
Array = NDArray[Any]

TABLE_BITS = 12
TABLE_SIZE = 1 << TABLE_BITS
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)


def _mix(x: Bits) -> Bits:
    """The finalizer of splitmix64, a bijection of 64-bit words; `x` is overwritten."""
    x ^= x >> np.uint64(30)
    x *= _M1
    x ^= x >> np.uint64(27)
    x *= _M2
    x ^= x >> np.uint64(31)
    return x


def weighted(weights: Sequence[float], size: int = TABLE_SIZE) -> Ints:
    """A table of `size` codes (0 … len(weights) - 1), each as often as its weight says; none is lost."""
    total = sum(weights)
    counts = [max(1, round(w / total * size)) if w > 0 else 0 for w in weights]
    counts[counts.index(max(counts))] += size - sum(counts)
    return np.repeat(np.arange(len(weights), dtype=np.int64), counts)


@cache
def lognormal(median: float, sigma: float, low: float = 0, high: float = 1e15) -> Ints:
    """Quantiles of a log-normal law, rounded to integers and clipped to [low, high]."""
    normal = NormalDist()
    return np.array(
        [
            round(min(high, max(low, median * math.exp(sigma * normal.inv_cdf((k + 0.5) / TABLE_SIZE)))))
            for k in range(TABLE_SIZE)
        ],
        dtype=np.int64,
    )


class Dice:
    """Draws for the rows of one table or stream.

    Args:
        key: 16 hex digits or any text naming the run; equal keys give equal draws.
        name: the table or stream drawn for.
    """

    def __init__(self, key: str, name: str) -> None:
        self._prefix = f"{key}/{name}/"
        self._salts: dict[str, np.uint64] = {}

    def bits(self, rows: Array, draw: str) -> Bits:
        """64 uniform bits per row number."""
        salt = self._salts.get(draw)
        if salt is None:
            salt = np.uint64(int.from_bytes(blake2b((self._prefix + draw).encode(), digest_size=8).digest(), "big"))
            self._salts[draw] = salt
        x: Bits = np.asarray(rows).astype(np.uint64)
        x += np.uint64(1)
        x *= _GOLDEN
        x ^= salt
        return _mix(x)

    def below(self, rows: Array, draw: str, limit: int | Array) -> Ints:
        """Uniform integers in [0, limit); limit (a number or one per row) at most 2**32."""
        high: Bits = self.bits(rows, draw) >> np.uint64(32)
        high *= np.asarray(limit).astype(np.uint64)
        return (high >> np.uint64(32)).astype(np.int64)

    def chance(self, rows: Array, draw: str, probability: float | Array) -> Mask:
        """True with the given probability (a number or one per row)."""
        bound = np.asarray(np.asarray(probability, dtype=np.float64) * 4294967296.0).astype(np.uint64)
        return (self.bits(rows, draw) >> np.uint64(32)) < bound

    def unit(self, rows: Array, draw: str) -> NDArray[np.float64]:
        """Uniform in [0, 1) with 53 bits."""
        return (self.bits(rows, draw) >> np.uint64(11)).astype(np.float64) * (1.0 / 9007199254740992.0)

    def pick(self, rows: Array, draw: str, table: Ints) -> Ints:
        """Entries of a table whose size is a power of two (see `weighted`), all equally likely."""
        shift = np.uint64(64 - (len(table).bit_length() - 1))
        picked: Ints = table[self.bits(rows, draw) >> shift]
        return picked

    def smooth(self, rows: Array, draw: str, table: Ints) -> Ints:
        """Like `pick` from a quantile table, spread by up to 1/64 so that values do not repeat."""
        bits = self.bits(rows, draw)
        value = table[bits >> np.uint64(64 - TABLE_BITS)]
        spread = (bits & np.uint64(0xFFFF)).astype(np.int64)
        smoothed: Ints = value + ((value * spread) >> 22)
        return smoothed
