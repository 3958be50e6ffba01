"""Saved reports in a table of their own: SQLite in the home, PostgreSQL where `REPORTS_DATABASE_URL` names one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from pydantic import Field

from serving_api.reports.bodies import Template
from serving_api.reports.runs import Order
from warehouse.errors import WarehouseError
from warehouse.locks import exclusive
from warehouse.settings import Settings

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK_SECONDS = 30.0
_DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_AS_JSON = ("config", "recipients")

_schema = sa.MetaData()
_applied = sa.Table("saved_reports_migrations", _schema, sa.Column("name", sa.String(100), primary_key=True))
# The columns of the migrations, for queries; instants are ISO 8601 in UTC, so that text sorts as time does.
_reports = sa.table(
    "saved_reports",
    *(sa.column(name, sa.String) for name in ("id", "created_by", "owner_email", "name", "description", "report_type")),
    *(sa.column(name, sa.String) for name in ("config", "schedule_cron", "recipients")),
    *(sa.column(name, sa.Boolean) for name in ("is_scheduled", "is_shared")),
    *(sa.column(name, sa.String) for name in ("scheduled_since", "last_run_at", "created_at", "updated_at")),
)


class SavedReport(Template):
    """A template that is kept.

    Attributes:
        id: names it.
        created_by: subject of its owner's tokens.
        scheduled_since: since when its schedule is in force; earlier ticks are none. None without a schedule.
        last_run_at: when a run of it last made its file.
        created_at: when it was saved; `updated_at`: when its owner last changed it.
    """

    id: UUID = Field(default_factory=uuid4)
    created_by: str
    scheduled_since: datetime | None = None
    last_run_at: datetime | None = None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def new(cls, template: Template, owner: str, now: datetime) -> SavedReport:
        """A template as it is first saved."""
        since = now if template.is_scheduled else None
        given = template.model_dump()
        return cls(**given, created_by=owner, scheduled_since=since, created_at=now, updated_at=now)

    def changed(self, template: Template, now: datetime) -> SavedReport:
        """The same report with another template; a schedule that stays as it was goes on."""
        same = template.is_scheduled and (self.is_scheduled, self.schedule_cron) == (True, template.schedule_cron)
        since = self.scheduled_since if same else now if template.is_scheduled else None
        return self.model_copy(update={**dict(template), "scheduled_since": since, "updated_at": now})

    def order(self, asked_by: str, *, deliver: bool = True) -> Order:
        """A run of it.

        Args:
            asked_by: subject of whoever asks.
            deliver: whether its file is sent, and its owner told if there is none.

        Raises:
            ValueError: its configuration is none any more; says why.
        """
        subject = self.created_by if "@" in self.created_by else None
        owner = self.owner_email or subject or next(iter(self.recipients), "")
        return Order(
            self.request(),
            asked_by,
            name=self.name,
            saved_report=self.id,
            recipients=tuple(self.recipients) if deliver else (),
            owner_email=owner if deliver else "",
        )

    def visible_to(self, subject: str) -> bool:
        """Whether it is somebody's own or shared."""
        return self.is_shared or self.created_by == subject


class ReportStore:
    """The saved reports of a warehouse; connects and makes its table when it is first used.

    Every method raises `WarehouseError` when the database does not answer.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def visible_to(self, subject: str) -> list[SavedReport]:
        """Somebody's own reports and those that others share, by name."""
        return self._found(sa.or_(_reports.c.created_by == subject, _reports.c.is_shared.is_(True)))

    def all(self) -> list[SavedReport]:
        """Everybody's reports, by name."""
        return self._found(sa.true())

    def scheduled(self) -> list[SavedReport]:
        """Reports with a schedule in force."""
        return self._found(_reports.c.is_scheduled.is_(True))

    def get(self, report_id: UUID) -> SavedReport | None:
        """A report by its id."""
        return next(iter(self._found(_reports.c.id == str(report_id))), None)

    def add(self, report: SavedReport) -> None:
        """Keep a new one."""
        self._execute(_reports.insert().values(_row(report)))

    def replace(self, report: SavedReport) -> bool:
        """Keep another version of one that is kept; whether it still was."""
        row = _row(report)
        # Runs write this one, and one may have ended meanwhile.
        del row["last_run_at"]
        return self._execute(_reports.update().where(_reports.c.id == row["id"]).values(row)) > 0

    def delete(self, report_id: UUID) -> bool:
        """Forget one; whether there was one."""
        return self._execute(_reports.delete().where(_reports.c.id == str(report_id))) > 0

    def compact(self) -> None:
        """Let SQLite forget the bytes of what was deleted; PostgreSQL does so by itself (autovacuum)."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM")

    def ran(self, report_id: UUID, at: datetime) -> None:
        """A run of a report has made its file."""
        self._execute(_reports.update().where(_reports.c.id == str(report_id)).values(last_run_at=_text(at)))

    def _found(self, condition: sa.ColumnElement[bool]) -> list[SavedReport]:
        ordered = sa.select(_reports).where(condition).order_by(_reports.c.name, _reports.c.id)
        try:
            with self._engine.connect() as connection:
                return [_report(row._asdict()) for row in connection.execute(ordered)]
        except sa.exc.DBAPIError as error:
            raise _away(error) from error

    def _execute(self, statement: sa.UpdateBase) -> int:
        try:
            with self._engine.begin() as connection:
                return connection.execute(statement).rowcount
        except sa.exc.DBAPIError as error:
            raise _away(error) from error

    @cached_property
    def _engine(self) -> sa.Engine:
        engine = sa.create_engine(_url(self._settings), pool_pre_ping=True)
        with exclusive("reports", self._settings, wait=_LOCK_SECONDS), engine.begin() as connection:
            _schema.create_all(connection)
            done: set[str] = set(connection.scalars(sa.select(_applied.c.name)))
            for path in sorted(_MIGRATIONS.glob("*.sql")):
                if path.stem not in done:
                    connection.exec_driver_sql(path.read_text("utf-8"))
                    connection.execute(_applied.insert().values(name=path.stem))
        return engine


def _url(settings: Settings) -> sa.URL:
    given = settings.reports_database_url
    if given is None:
        settings.home.mkdir(parents=True, exist_ok=True)
        return sa.URL.create("sqlite", database=str(settings.home / "reports.sqlite"))
    try:
        url = sa.make_url(given.get_secret_value())
    except sa.exc.ArgumentError:
        url = None
    # Not chained: the error repeats the address with its login.
    if url is None or url.drivername not in _DRIVERS:
        raise WarehouseError(
            "REPORTS_DATABASE_URL is not an address of a database that can be used",
            "it looks like postgresql://user:password@host:5432/database; without it SQLite in the home is used",
        )
    return url.set(drivername=_DRIVERS[url.drivername])


def _row(report: SavedReport) -> dict[str, Any]:
    row = report.model_dump()
    encoded = {name: json.dumps(row[name], ensure_ascii=False) for name in _AS_JSON}
    instants = {name: _text(value) for name, value in row.items() if isinstance(value, datetime)}
    return row | encoded | instants | {"id": str(report.id)}


def _report(row: dict[str, Any]) -> SavedReport:
    # What was saved was sound then; a rule that has become stricter must not hide it from its owner.
    decoded = {name: json.loads(row[name]) for name in _AS_JSON}
    instants = {name: datetime.fromisoformat(row[name]) for name in _INSTANTS if row[name] is not None}
    return SavedReport.model_construct(**{**row, **decoded, **instants, "id": UUID(row["id"])})


_INSTANTS = [name for name, field in SavedReport.model_fields.items() if "datetime" in str(field.annotation)]


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")


def _away(error: sa.exc.DBAPIError) -> WarehouseError:
    reason = str(error.orig).strip().splitlines()[0] if error.orig is not None else type(error).__name__
    return WarehouseError(
        f"the database of saved reports does not answer: {reason}",
        "check REPORTS_DATABASE_URL, or that WAREHOUSE_HOME is writable",
    )
