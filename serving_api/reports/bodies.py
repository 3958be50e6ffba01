"""What callers send for reports, in the words of the creator-platform document, and the requests these become."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from cronsim import CronSim, CronSimError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from serving_api.builder import Query
from serving_api.builder.query import Day
from serving_api.reports.periods import Period
from serving_api.reports.request import (
    Entity,
    ExportFormat,
    ExportRequest,
    FinancialFormat,
    FinancialRequest,
    Granularity,
    QueryRequest,
    ReportName,
    Request,
    StatementRequest,
)

#: Simple on purpose: whether an address exists is for its mail server to say.
Email = Annotated[str, Field(pattern=r"^[^@\s<>,;:\"]{1,64}@[A-Za-z0-9.-]{1,189}$", examples=["cfo@example.com"])]
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
ReportType = Literal["financial", "export", "statement", "query"]

_CRON_FIELDS = 5
_AS_OF = "Number of a kept generation; by default the one in force when the run starts."
_AsOf = Annotated[int, Field(ge=1, le=2**32 - 1, strict=True, description=_AS_OF)]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    def request(self) -> Request:
        """The same in the words of the files' makers."""
        raise NotImplementedError

    @model_validator(mode="after")
    def _can_be_asked(self) -> _Body:
        try:
            self.request()
        except ValidationError as error:
            raise ValueError(told(error)) from None
        return self


class _Dated(_Body):
    start_date: Day | None = Field(None, description="First UTC day.", examples=["2025-01-01"])
    end_date: Day | None = Field(None, description="Last UTC day, inclusive.", examples=["2025-03-31"])
    period: Period | None = Field(None, description="Instead of the dates; for reports that are made again and again.")
    as_of: _AsOf | None = None

    @property
    def _days(self) -> dict[str, Any]:
        return {"start": self.start_date, "end": self.end_date, "period": self.period, "as_of": self.as_of}


class FinancialBody(_Dated):
    """A financial report: what, over which days, in steps of what length."""

    report_type: ReportName = Field(examples=["revenue"])
    format: FinancialFormat = "xlsx"
    group_by: Granularity = "month"

    def request(self) -> FinancialRequest:
        """The request it becomes."""
        return FinancialRequest(
            report=self.report_type, granularity=self.group_by, format=self.format, **self._days
        )  # fmt: skip


class ExportBody(_Dated):
    """Rows to take away: of what, which of them, as what."""

    entity: Entity = Field(examples=["users"])
    filters: dict[str, str | list[str]] = Field({}, description="Filters of the entity.", examples=[{}])
    format: ExportFormat = "csv"

    def request(self) -> ExportRequest:
        """The request it becomes."""
        return ExportRequest(entity=self.entity, filters=self.filters, format=self.format, **self._days)


class StatementBody(_Body):
    """The monthly statement of a creator or vendor."""

    user: Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00]*$", examples=["creator-17"])]
    month: Annotated[str, Field(pattern=r"^(19[7-9][0-9]|20[0-9]{2}|21[0-3][0-9])-(0[1-9]|1[0-2])$")] | None = Field(
        None, description="As YYYY-MM; by default the last whole one."
    )
    as_of: _AsOf | None = None

    def request(self) -> StatementRequest:
        """The request it becomes."""
        return StatementRequest(user=self.user, month=self.month, as_of=self.as_of)


class QueryBody(_Body):
    """A question of the report builder as a file: `query` is what `POST /api/v1/admin/reports/query` takes."""

    query: Query
    format: ExportFormat = "xlsx"
    as_of: _AsOf | None = None

    def request(self) -> QueryRequest:
        """The request it becomes."""
        asked = self.query.model_dump(mode="json", exclude_defaults=True)
        return QueryRequest(query=asked, format=self.format, as_of=self.as_of)


BODIES: dict[ReportType, type[_Body]] = {
    "financial": FinancialBody,
    "export": ExportBody,
    "statement": StatementBody,
    "query": QueryBody,
}


class Template(BaseModel):
    """A report to be made again: what its owner says of it.

    Attributes:
        report_type: which body `config` is.
        config: what one would send to ask for it once.
        schedule_cron: minute, hour, day of month, month, day of week; UTC.
        recipients: whom its files go to.
        is_shared: whether other admins see it and may run it.
        owner_email: who is told when a scheduled run fails; by default the owner if the token's `sub` is an
            address, else the first recipient.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]*$", examples=["Revenue, monthly"])]
    description: Annotated[Text, Field(max_length=2000)] = ""
    report_type: ReportType
    config: dict[str, Any] = Field(
        description="The body with which one asks for it once.",
        examples=[{"report_type": "revenue", "period": "last_month", "format": "xlsx"}],
    )
    is_scheduled: Annotated[bool, Field(strict=True)] = False
    schedule_cron: Annotated[str, Field(max_length=50, examples=["0 6 1 * *"])] | None = Field(
        None, description="Minute, hour, day of month, month, day of week; UTC."
    )
    recipients: Annotated[list[Email], Field(max_length=50)] = []
    is_shared: bool = Field(False, strict=True, description="Whether other admins see it and may run it.")
    owner_email: Email | None = Field(None, description="Who is told when a scheduled run fails.")

    @model_validator(mode="after")
    def _sound(self) -> Template:
        self.request()
        if self.schedule_cron is not None:
            tick_before(self.schedule_cron, datetime.now(UTC))
        elif self.is_scheduled:
            raise ValueError("schedule_cron is missing: is_scheduled says that there is one")
        return self

    def request(self) -> Request:
        """The request of one run.

        Raises:
            ValueError: `config` is none; says why.
        """
        try:
            return BODIES[self.report_type].model_validate(self.config).request()
        except ValidationError as error:
            raise ValueError(told(error, "config")) from None


def tick_before(cron: str, now: datetime) -> datetime:
    """The last tick of a schedule up to `now`, in UTC.

    Raises:
        ValueError: it is no schedule; says why.
    """
    if len(cron.split()) != _CRON_FIELDS:
        raise ValueError("schedule_cron must have five fields: minute, hour, day of month, month, day of week")
    try:
        minute = now.astimezone(UTC).replace(second=0, microsecond=0)
        # Backwards, the start itself is left out.
        return next(CronSim(cron, minute + timedelta(minutes=1), reverse=True))
    except (CronSimError, StopIteration) as error:
        raise ValueError(f"schedule_cron: {error or 'it never comes'}".lower()) from None


def told(error: ValidationError, *above: str) -> str:
    """What is wrong with a document, member by member; `above` is where the document is in another one."""
    return "; ".join(_told(problem, above) for problem in error.errors(include_url=False, include_input=False))


def _told(problem: Any, above: tuple[str, ...]) -> str:
    place = ".".join(str(part) for part in (*above, *problem["loc"]))
    message = str(problem["msg"]).removeprefix("Value error, ")
    return f"{place}: {message}" if place else message
