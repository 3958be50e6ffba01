"""A believable marketplace as events of the contract: `simulate`, `write`, and the days that stand out."""

from __future__ import annotations

from ingestion.simulator.clock import Anomaly, anomalies
from ingestion.simulator.writer import DEFAULT_END, simulate, write

__all__ = ["DEFAULT_END", "Anomaly", "anomalies", "simulate", "write"]
