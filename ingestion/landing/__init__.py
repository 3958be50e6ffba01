"""Landing: `Lander.land(batch)` judges, stores and accounts for a batch of events."""

from __future__ import annotations

from ingestion.landing.lander import Lander, LandingError, count_events
from ingestion.landing.ledger import Entry, Totals

__all__ = ["Entry", "Lander", "LandingError", "Totals", "count_events"]
