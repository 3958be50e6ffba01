"""Why a step failed, in the words of whoever raised."""

from __future__ import annotations

import dagster as dg


def cause(event: dg.DagsterEvent) -> str:
    """The step and the message at the bottom of its chain of errors."""
    data = event.step_failure_data
    error = data.error
    while error is not None and error.cause is not None:
        error = error.cause
    said = data.user_failure_data.description if data.user_failure_data else None
    return f"{event.step_key}: {said or (error.message.strip() if error else event.message)}"
