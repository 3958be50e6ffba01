"""What the routes of reports answer with, in the words of the creator-platform document."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from serving_api.generations import instant
from serving_api.reports.bodies import ReportType
from serving_api.reports.runs import Run, Status
from serving_api.reports.store import SavedReport


class Started(BaseModel):
    """A run that Dagster has taken on."""

    report_run_id: UUID
    status: Status
    estimated_time: float = Field(description="Seconds until it is likely to be done.")
    estimated_rows: int = Field(description="Rows its file would have if it were made now.")


class StartedExport(BaseModel):
    """The same for an export."""

    export_id: UUID = Field(description="Id of its run.")
    status: Status
    estimated_time: float = Field(description="Seconds until it is likely to be done.")
    estimated_rows: int = Field(description="Rows its file would have if it were made now.")


class ReportRun(BaseModel):
    """A run of a report, as Dagster has it."""

    id: UUID
    report_id: UUID | None = Field(description="The saved report it is of; null for one asked for once.")
    status: Status = Field(description="A cancelled run has failed.")
    request: dict[str, Any] = Field(description="What was asked for.")
    created_at: str
    started_at: str | None
    completed_at: str | None
    result_url: str | None = Field(description="Where the file lies, if that is in object storage.")
    file_name: str | None
    row_count: int | None = Field(description="Rows of data in the file.")
    file_size_bytes: int | None
    sha256: str | None = Field(description="Of the bytes of the file, in hexadecimal.")
    generation: int | None = Field(description="Generation of the marts that its numbers are from.")
    complete_through: str | None = Field(description="Instant of the last event in that generation.")
    error_message: str | None = Field(description="Why it failed.")


class RunAnswer(BaseModel):
    """A run, and where its file is."""

    report_run: ReportRun
    download_url: str | None = Field(description="Good for an hour, for whoever has it; null unless completed.")


class Report(BaseModel):
    """A saved report."""

    id: UUID
    created_by: str = Field(description="Subject of its owner's tokens.")
    name: str
    description: str
    report_type: ReportType
    config: dict[str, Any] = Field(description="The body with which one asks for it once.")
    is_scheduled: bool
    schedule_cron: str | None
    recipients: list[str]
    is_shared: bool
    owner_email: str | None
    last_run_at: str | None = Field(description="When a run of it last made its file.")
    created_at: str
    updated_at: str


class ReportAnswer(BaseModel):
    """One saved report."""

    report: Report


class ReportsAnswer(BaseModel):
    """Saved reports by name: the caller's own and those that others share."""

    reports: list[Report]


#: Members of a run's answer, and what they are of an outcome.
_MADE = {
    "file_name": "file",
    "row_count": "rows",
    "file_size_bytes": "size",
    "sha256": "sha256",
    "generation": "generation",
    "complete_through": "complete_through",
}


def run_answer(run: Run, location: str | None, download_url: str | None) -> RunAnswer:
    """A run as it is answered; `location` and `download_url` are those of its file."""
    made = run.outcome if run.status == "completed" else None
    return RunAnswer(
        report_run=ReportRun(
            id=run.id,
            report_id=run.saved_report,
            status=run.status,
            request=run.request,
            created_at=_said(run.created_at),
            started_at=instant(run.started_at),
            completed_at=instant(run.completed_at),
            result_url=location,
            **{name: getattr(made, member, None) for name, member in _MADE.items()},
            error_message=run.error,
        ),
        download_url=download_url,
    )


def report(saved: SavedReport) -> Report:
    """A saved report as it is answered."""
    given = saved.model_dump(exclude={"scheduled_since", "last_run_at", "created_at", "updated_at"})
    return Report(
        **given,
        last_run_at=instant(saved.last_run_at),
        created_at=_said(saved.created_at),
        updated_at=_said(saved.updated_at),
    )


def _said(at: datetime) -> str:
    return instant(at) or ""
