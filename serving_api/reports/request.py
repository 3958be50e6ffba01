"""What can be asked for: JSON documents that say all that a file depends on, but the generation."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator, model_validator

from serving_api.builder.query import Query
from serving_api.parameters import FIRST_DATE, LAST_DATE
from serving_api.reports.definition import EXPORTS, FINANCIAL, Definition, definitions
from serving_api.reports.periods import Period
from warehouse.errors import WarehouseError

ReportName = Literal["revenue", "payouts", "transactions", "refunds", "balances", "form_1099"]
Entity = Literal["users", "transactions", "assignments", "payouts"]
Granularity = Literal["day", "week", "month"]
FinancialFormat = Literal["csv", "xlsx", "json"]
ExportFormat = Literal["csv", "json", "ndjson", "xlsx", "parquet"]

Day = Annotated[date, Field(ge=FIRST_DATE, le=LAST_DATE)]


class RequestError(WarehouseError):
    """Nothing can be made of a request; says what is possible."""


class _Request(BaseModel):
    """What all requests have.

    Attributes:
        as_of: number of a kept generation; by default the one in force when the file is made.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: Annotated[int, Field(ge=1, le=2**32 - 1)] | None = None


class _Dated(_Request):
    """A request about days: a first and a last one (UTC, inclusive), or a period that is counted from the day on
    which the generation was published, as saved reports have it."""

    start: Day | None = None
    end: Day | None = None
    period: Period | None = None

    @model_validator(mode="after")
    def _days(self) -> _Dated:
        if self.period is not None and (self.start or self.end):
            raise ValueError("give either period, or start and end")
        if self.start is not None and self.end is not None and self.start > self.end:
            raise ValueError("start must not be after end")
        return self


class FinancialRequest(_Dated):
    """A financial report, for accounting."""

    kind: Literal["financial"] = "financial"
    report: ReportName
    granularity: Granularity = "month"
    format: FinancialFormat = "xlsx"

    @model_validator(mode="after")
    def _dated(self) -> FinancialRequest:
        if self.period is None and (self.start is None or self.end is None):
            raise ValueError("give start and end, or a period")
        return self

    @property
    def definition(self) -> Definition:
        """What is said of the report beside its SQL."""
        return definitions(FINANCIAL)[self.report]


class ExportRequest(_Dated):
    """Rows to take away. Without days it is all of them; `filters` are those of the entity."""

    kind: Literal["export"] = "export"
    entity: Entity
    filters: dict[str, str | list[str]] = {}
    format: ExportFormat = "csv"

    @model_validator(mode="after")
    def _filtered(self) -> ExportRequest:
        self.definition.values(self.filters)
        return self

    @property
    def definition(self) -> Definition:
        """What is said of the export beside its SQL."""
        return definitions(EXPORTS)[self.entity]


class StatementRequest(_Request):
    """The monthly statement of a creator or vendor. `month` as YYYY-MM; by default the last whole one."""

    kind: Literal["statement"] = "statement"
    user: Annotated[str, Field(min_length=1, max_length=255)]
    month: Annotated[str, Field(pattern=r"^(19[7-9][0-9]|20[0-9]{2}|21[0-3][0-9])-(0[1-9]|1[0-2])$")] | None = None
    format: Literal["pdf"] = "pdf"


class QueryRequest(_Request):
    """What the report builder asks for; `query` is its document, which `serving_api.builder` reads."""

    kind: Literal["query"] = "query"
    query: dict[str, Any]
    format: ExportFormat = "xlsx"

    @field_validator("query")
    @classmethod
    def _asked(cls, query: dict[str, Any]) -> dict[str, Any]:
        Query.model_validate(query)
        return query


Request = Annotated[
    FinancialRequest | ExportRequest | StatementRequest | QueryRequest,
    Field(discriminator="kind"),
]

_ADAPTER: TypeAdapter[Request] = TypeAdapter(Request)


def read_request(document: object) -> Request:
    """The request in a decoded JSON document.

    Raises:
        RequestError: it is none; names each field, and what it may be.
    """
    try:
        return _ADAPTER.validate_python(document)
    except ValidationError as error:
        found = "; ".join(_told(problem) for problem in error.errors(include_url=False, include_input=False))
        raise RequestError(found, "correct the request") from error


def _told(problem: Any) -> str:
    place = ".".join(str(part) for part in problem["loc"])
    message = str(problem["msg"]).removeprefix("Value error, ")
    return f"{place}: {message}" if place else message
