"""`warehouse report | export`: files of figures made here and now, and the reports that are saved."""

from __future__ import annotations

import json as json_module
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from warehouse.cli.output import JsonOption, Output
from warehouse.cli.progress import progress

if TYPE_CHECKING:
    from serving_api.reports.request import Request
    from serving_api.reports.store import ReportStore, SavedReport

report = typer.Typer(help="Reports: make one now, and keep those that are made again.", no_args_is_help=True)

StartOption = Annotated[str | None, typer.Option("--start", metavar="YYYY-MM-DD", help="First day (UTC).")]
EndOption = Annotated[str | None, typer.Option("--end", metavar="YYYY-MM-DD", help="Last day, inclusive.")]
PeriodOption = Annotated[str | None, typer.Option(help="Instead of the days, e.g. last_month or last_7_days.")]
FormatOption = Annotated[str | None, typer.Option("--format", help="csv, json, xlsx; parquet and ndjson for exports.")]
AsOfOption = Annotated[int | None, typer.Option("--as-of", help="A kept generation instead of the one in force.")]
OutOption = Annotated[Path, typer.Option(help="Folder of the file.", file_okay=False)]
_HERE = Path()


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(report, name="report")
    app.command()(export)


def export(
    entity: Annotated[str, typer.Argument(metavar="ENTITY", help="users, transactions, assignments or payouts.")],
    filters: Annotated[
        list[str] | None, typer.Option("--filter", metavar="NAME=VALUE", help="Only these rows; may be repeated.")
    ] = None,
    start: StartOption = None,
    end: EndOption = None,
    period: PeriodOption = None,
    form: FormatOption = None,
    as_of: AsOfOption = None,
    out: OutOption = _HERE,
    json: JsonOption = False,
) -> None:
    """Write the rows of an entity into a file, all days unless some are given."""
    asked: dict[str, Any] = {}
    for pair in filters or []:
        name, equals, value = pair.partition("=")
        if not equals:
            raise typer.BadParameter(f"{pair} is not NAME=VALUE", param_hint="--filter")
        asked.setdefault(name, []).append(value)
    wanted = {"kind": "export", "entity": entity, "filters": asked, **_days(start, end, period)}
    _make(wanted | _given(format=form, as_of=as_of), out, json)


@report.command()
def run(
    name: Annotated[
        str,
        typer.Argument(
            metavar="REPORT",
            help="revenue, payouts, transactions, refunds, balances or form_1099; or the id of a saved report.",
        ),
    ],
    start: StartOption = None,
    end: EndOption = None,
    period: PeriodOption = None,
    granularity: Annotated[str | None, typer.Option("--by", help="day, week or month.")] = None,
    form: FormatOption = None,
    as_of: AsOfOption = None,
    out: OutOption = _HERE,
    json: JsonOption = False,
) -> None:
    """Make a report now, in this process; a saved one as it was saved, but for what is given here."""
    given = _days(start, end, period) | _given(granularity=granularity, format=form, as_of=as_of)
    if (saved := _by_id(name)) is not None:
        wanted = saved.request().model_dump(mode="json", exclude_none=True)
        if given.keys() & {"start", "end", "period"}:
            wanted = {key: value for key, value in wanted.items() if key not in ("start", "end", "period")}
        _make(wanted | given, out, json)
        return
    _make({"kind": "financial", "report": name, **given}, out, json)


@report.command()
def statement(
    user: Annotated[str, typer.Argument(metavar="USER", help="Creator or vendor.")],
    month: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="The last whole one by default.")] = None,
    as_of: AsOfOption = None,
    out: OutOption = _HERE,
    json: JsonOption = False,
) -> None:
    """Make the monthly statement of a creator or vendor, a PDF."""
    _make({"kind": "statement", "user": user, **_given(month=month, as_of=as_of)}, out, json)


@report.command()
def query(
    file: Annotated[
        typer.FileText, typer.Argument(help="The JSON body of POST /api/v1/admin/reports/query; - = stdin.")
    ],
    form: FormatOption = None,
    as_of: AsOfOption = None,
    out: OutOption = _HERE,
    json: JsonOption = False,
) -> None:
    """Make the file of a question of the report builder."""
    from warehouse.errors import WarehouseError

    try:
        asked = json_module.load(file)
    except ValueError as error:
        raise WarehouseError(f"the question is no JSON: {error}", "see docs/builder.md") from error
    _make({"kind": "query", "query": asked, **_given(format=form, as_of=as_of)}, out, json)


@report.command("list")
def list_(json: JsonOption = False) -> None:
    """Show all saved reports, whoever owns them."""
    found = _store().all()
    lines = [
        f"{saved.id}  {saved.schedule_cron if saved.is_scheduled else '-':<14} {saved.report_type:<10}"
        f" {saved.created_by:<16} {saved.name}"
        for saved in found
    ]
    reports = [saved.model_dump(mode="json") for saved in found]
    Output(json).result({"reports": reports}, text="\n".join(lines) or "no report is saved")


@report.command()
def show(
    report_id: Annotated[str, typer.Argument(metavar="ID", help="Of a saved report.")], json: JsonOption = False
) -> None:
    """Show a saved report."""
    Output(json).result(_found(report_id).model_dump(mode="json"))


@report.command()
def save(
    file: Annotated[typer.FileText, typer.Argument(help="The JSON body of POST /api/v1/admin/reports; - for stdin.")],
    report_id: Annotated[str | None, typer.Option("--id", help="Change this saved report.")] = None,
    owner: Annotated[
        str | None, typer.Option(help="Subject of its owner's tokens; the user's name by default.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Save a report; if it has a schedule, Dagster runs it from the next tick on."""
    import getpass
    from datetime import UTC, datetime

    from pydantic import ValidationError

    from serving_api.reports.bodies import Template, told
    from serving_api.reports.store import SavedReport
    from warehouse.errors import WarehouseError

    try:
        template = Template.model_validate_json(file.read())
    except ValidationError as error:
        raise WarehouseError(told(error), "see the path POST /api/v1/admin/reports in the API's /docs") from error
    now = datetime.now(UTC)
    if report_id is None:
        saved = SavedReport.new(template, owner or getpass.getuser(), now)
        _store().add(saved)
    else:
        saved = _found(report_id).changed(template, now)
        _store().replace(saved)
    Output(json).result(saved.model_dump(mode="json"), text=f"saved as {saved.id}")


@report.command()
def delete(
    report_id: Annotated[str, typer.Argument(metavar="ID", help="Of a saved report.")], json: JsonOption = False
) -> None:
    """Forget a saved report; its files stay as long as all files do."""
    saved = _found(report_id)
    _store().delete(saved.id)
    Output(json).result({"deleted": str(saved.id)}, text=f"{saved.name} is no longer saved")


def _make(document: dict[str, Any], folder: Path, json: bool) -> None:
    from serving_api.reports.request import read_request

    _produce(read_request(document), folder, json)


def _produce(request: Request, folder: Path, json: bool) -> None:
    from serving_api.reports.produce import produce
    from warehouse.cli.ready import ready

    settings, started = ready(), time.monotonic()
    with progress("rows", None) as shown:
        made = produce(request, settings, folder, shown)
    answer = {
        "file": str(made.path),
        "rows": made.rows,
        "size": made.size,
        "sha256": made.sha256,
        "generation": made.generation,
        "complete_through": made.complete_through,
        "seconds": round(time.monotonic() - started, 3),
    }
    Output(json).result(answer, text=f"{made.path}: {made.rows:,} rows of generation {made.generation}")


def _days(start: str | None, end: str | None, period: str | None) -> dict[str, Any]:
    return _given(start=start, end=end, period=period)


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _store() -> ReportStore:
    from serving_api.reports.store import ReportStore
    from warehouse.settings import get_settings

    return ReportStore(get_settings())


def _by_id(text: str) -> SavedReport | None:
    from uuid import UUID

    try:
        report_id = UUID(text)
    except ValueError:
        return None
    return _store().get(report_id)


def _found(text: str) -> SavedReport:
    from warehouse.errors import WarehouseError

    saved = _by_id(text)
    if saved is None:
        raise WarehouseError(f"there is no saved report {text}", "see `warehouse report list`")
    return saved
