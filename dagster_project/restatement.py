"""What a build rebuilt and revised, as metadata for people: of each model, and of the publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import dagster as dg

from warehouse import revisions
from warehouse.builds import Outcome
from warehouse.evidence import Rebuilt
from warehouse.revisions import Revision

#: Revisions shown one by one; all are in `marts.revisions`.
LARGEST = 30


def of_model(rebuilt: Rebuilt) -> dict[str, Any]:
    """Days of a restated model that were rebuilt, and what had changed for them."""
    return {
        "days_rebuilt": len(rebuilt.days),
        "first_day": str(rebuilt.days[0]),
        "last_day": str(rebuilt.days[-1]),
        "causes": ", ".join(rebuilt.causes),
    }


def of_publication(outcome: Outcome) -> dict[str, Any]:
    """Why there is a new generation, how much was rebuilt, and which values differ from the one before."""
    summary = [{**row, "causes": ", ".join(row["causes"])} for row in revisions.summary(outcome.revised)]
    return {
        "reason": outcome.reason,
        "full": outcome.full,
        "days_rebuilt": outcome.days_rebuilt,
        "values_revised": len(outcome.revised),
        "revised": _table(("mart", "days", "values", "causes"), summary),
        "largest_revisions": _table(
            ("mart", "date", "column", "old", "new", "delta", "causes"),
            [_row(entry) for entry in _largest(outcome.revised)],
        ),
    }


def _largest(revised: Sequence[Revision]) -> list[Revision]:
    return sorted(revised, key=lambda entry: (-abs(entry.new - entry.old), entry.mart, entry.date, entry.column))[
        :LARGEST
    ]


def _row(entry: Revision) -> dict[str, str]:
    return {
        "mart": entry.mart,
        "date": str(entry.date),
        "column": entry.column,
        "old": _plain(entry.old),
        "new": _plain(entry.new),
        "delta": _plain(entry.new - entry.old),
        "causes": ", ".join(entry.causes),
    }


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> dg.TableMetadataValue:
    return dg.MetadataValue.table(
        [dg.TableRecord({name: row[name] for name in columns}) for row in rows],
        schema=dg.TableSchema([dg.TableColumn(name) for name in columns]),
    )
