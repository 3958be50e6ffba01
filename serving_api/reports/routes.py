"""Reports over HTTP: asked for, looked at, fetched, cancelled; saved, changed, shared. Runs are Dagster's."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, RedirectResponse
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from serving_api.auth import Role
from serving_api.guard import caller_of, tell
from serving_api.openapi import TOO_MANY, problem_responses
from serving_api.problems import FORBIDDEN, INVALID_BODY, NOT_FOUND, NOT_KEPT, UNAVAILABLE, ParameterError, Problem
from serving_api.reports import links
from serving_api.reports.answers import (
    ReportAnswer,
    ReportsAnswer,
    RunAnswer,
    Started,
    StartedExport,
    report,
    run_answer,
)
from serving_api.reports.bodies import ExportBody, FinancialBody, QueryBody, StatementBody, Template
from serving_api.reports.estimate import estimate
from serving_api.reports.request import Request as Wanted
from serving_api.reports.request import RequestError
from serving_api.reports.runs import Order, Run, Runs
from serving_api.reports.shelf import Shelf
from serving_api.reports.store import ReportStore, SavedReport
from warehouse.errors import WarehouseError
from warehouse.settings import Settings

ROLES = frozenset({Role.ADMIN})
REPORTS, EXPORTS = "/api/v1/admin/reports", "/api/v1/admin/exports"
FILE = links.RUNS_PATH + "/{id:uuid}/file"

RunId = Annotated[UUID, Path(description="Id of a run, from the answer that started it.")]
ReportId = Annotated[UUID, Path(description="Id of a saved report.")]

#: A run's start, and what it writes a second; only for the estimate.
_START_SECONDS, _ROWS_PER_SECOND = 3.0, 100_000

_audit = logging.getLogger("serving_api.audit")
_DOCUMENTED = {
    "401": "No valid token.",
    "403": "Not for the role of the token, or another's report.",
    "422": "The body is not one of these; `errors` names its members.",
    "429": TOO_MANY,
    "503": "Dagster, ClickHouse or the database of saved reports is away.",
}
_SECURED = {"security": [{"bearer": []}], "x-roles": sorted(ROLES)}


class ReportRoute(APIRoute):
    """A route for admins: who asks is looked at before what is sent, and every failure is a problem document."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, guarded."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            if self.path != FILE:  # the link is the right
                caller_of(request).require(ROLES)
            try:
                answer = await handle(request)
            except RequestValidationError as error:
                raise _refused(error) from error
            except HTTPException as error:
                # FastAPI's word for bytes that are no text.
                raise Problem(INVALID_BODY, "the body cannot be read: it must be JSON in UTF-8") from error
            except RequestError as error:
                raise Problem(INVALID_BODY, error.message) from error
            except Problem:
                raise
            except WarehouseError as error:
                raise Problem(UNAVAILABLE, str(error)) from error
            answer.headers.setdefault("Cache-Control", "no-store")
            return answer

        return guarded


def router(settings: Settings) -> APIRouter:
    """The routes of this module."""
    routes = APIRouter(tags=["reports"], route_class=ReportRoute)
    runs, store, shelf = Runs(settings), ReportStore(settings), Shelf(settings)

    async def start(request: Request, response: Response, order: Order) -> Started:
        tell(request, _told(order.request))
        rows = await run_in_threadpool(estimate, order.request, settings)
        run_id = await runs.launch(order)
        response.headers["Location"] = f"{links.RUNS_PATH}/{run_id}"
        seconds = round(_START_SECONDS + rows / _ROWS_PER_SECOND, 1)
        return Started(report_run_id=run_id, status="processing", estimated_time=seconds, estimated_rows=rows)

    async def found_run(run_id: UUID) -> Run:
        run = await runs.get(run_id)
        if run is None:
            raise Problem(NOT_FOUND, f"there is no run {run_id} of a report; runs are kept as long as their files")
        return run

    async def found_report(request: Request, report_id: UUID, *, to_change: bool = False) -> SavedReport:
        tell(request, {"id": str(report_id)})
        saved = await run_in_threadpool(store.get, report_id)
        subject = caller_of(request).subject
        if saved is None or not saved.visible_to(subject):
            raise Problem(NOT_FOUND, f"there is no saved report {report_id}")
        if to_change and saved.created_by != subject:
            raise Problem(FORBIDDEN, "a saved report is changed by its owner only; save a copy of your own")
        return saved

    def answer_of(run: Run) -> RunAnswer:
        if run.status != "completed" or run.outcome is None:
            return run_answer(run, None, None)
        location = shelf.location(run.id, run.outcome.file)
        link = links.url(settings, links.Link(run.id, run.outcome.file), links.ANSWER_SECONDS)
        return run_answer(run, location if location.startswith("s3://") else None, link)

    @routes.post(f"{REPORTS}/financial", status_code=202, **described())
    async def start_financial_report(body: FinancialBody, request: Request, response: Response) -> Started:
        """Start a financial report: revenue, payouts, transactions, refunds, balances, or yearly totals for 1099-NEC.

        The answer comes at once; `GET /api/v1/admin/reports/runs/{id}` says when the file is there.
        """
        return await start(request, response, Order(body.request(), caller_of(request).subject))

    @routes.post(f"{REPORTS}/statements", status_code=202, **described())
    async def start_statement(body: StatementBody, request: Request, response: Response) -> Started:
        """Start the monthly statement of a creator or vendor, a PDF with charts."""
        return await start(request, response, Order(body.request(), caller_of(request).subject))

    @routes.post(f"{REPORTS}/queries", status_code=202, **described())
    async def start_query(body: QueryBody, request: Request, response: Response) -> Started:
        """Start the file of a question of the report builder, with all its rows."""
        return await start(request, response, Order(body.request(), caller_of(request).subject))

    @routes.post(EXPORTS, status_code=202, **described())
    async def start_export(body: ExportBody, request: Request, response: Response) -> StartedExport:
        """Start an export of users, transactions, assignments or payouts."""
        started = await start(request, response, Order(body.request(), caller_of(request).subject))
        return StartedExport(export_id=started.report_run_id, **started.model_dump(exclude={"report_run_id"}))

    @routes.get(links.RUNS_PATH + "/{id:uuid}", **described(missing="There is no such run."))
    async def report_run(id: RunId) -> RunAnswer:  # noqa: A002 - the document's name
        """How a run stands; with the signed link to its file once it is completed."""
        return answer_of(await found_run(id))

    @routes.post(links.RUNS_PATH + "/{id:uuid}/cancel", status_code=202, **described(missing="There is no such run."))
    async def cancel_report_run(id: RunId) -> RunAnswer:  # noqa: A002
        """Ask Dagster to end a run; nothing happens to one that has ended."""
        run = await found_run(id)
        if run.status in ("pending", "processing"):
            await runs.cancel(id)
            run = await found_run(id)
        return answer_of(run)

    @routes.get(FILE, response_class=Response, responses=_FILE_RESPONSES, openapi_extra={"x-roles": []})
    def report_file(
        id: RunId,  # noqa: A002
        token: Annotated[str, Query(description="Signature of the link.", min_length=1, max_length=2000)],
    ) -> Response:
        """The file of a run, whole or a range of its bytes. The link is the right to it: no token is asked for."""
        try:
            link = links.opened(settings, token)
        except links.ExpiredLink as error:
            raise Problem(NOT_KEPT, str(error)) from error
        except links.InvalidLink as error:
            raise Problem(FORBIDDEN, str(error)) from error
        if link.run_id != id:
            raise Problem(FORBIDDEN, "the link is for another run")
        found = shelf.find(id, link.name)
        _audit.info("%s", orjson.dumps({"event": "report_file", "run": str(id), "kept": found is not None}).decode())
        if found is None:
            raise Problem(NOT_KEPT, "the file is no longer kept; start the report again")
        if isinstance(found, str):
            return RedirectResponse(found, 307)
        return FileResponse(found, filename=link.name)

    @routes.get(REPORTS, **described())
    async def saved_reports(request: Request) -> ReportsAnswer:
        """Saved reports: the caller's own and those that others share."""
        found = await run_in_threadpool(store.visible_to, caller_of(request).subject)
        return ReportsAnswer(reports=[report(saved) for saved in found])

    @routes.post(REPORTS, status_code=201, **described())
    async def save_report(body: Template, request: Request, response: Response) -> ReportAnswer:
        """Save a report as a template, with a schedule if it has one; the next tick runs it."""
        saved = SavedReport.new(body, caller_of(request).subject, datetime.now(UTC))
        tell(request, {"id": str(saved.id), **_told(saved.request())})
        await run_in_threadpool(store.add, saved)
        response.headers["Location"] = f"{REPORTS}/{saved.id}"
        return ReportAnswer(report=report(saved))

    @routes.get(REPORTS + "/{id:uuid}", **described(missing="There is no such report."))
    async def saved_report(id: ReportId, request: Request) -> ReportAnswer:  # noqa: A002
        """One saved report."""
        return ReportAnswer(report=report(await found_report(request, id)))

    @routes.put(REPORTS + "/{id:uuid}", **described(missing="There is no such report."))
    async def change_report(id: ReportId, body: Template, request: Request) -> ReportAnswer:  # noqa: A002
        """Replace what a saved report says; only its owner may."""
        saved = await found_report(request, id, to_change=True)
        changed = saved.changed(body, datetime.now(UTC))
        await run_in_threadpool(store.replace, changed)
        return ReportAnswer(report=report(changed))

    @routes.delete(REPORTS + "/{id:uuid}", status_code=204, **described(missing="There is no such report."))
    async def delete_report(id: ReportId, request: Request) -> None:  # noqa: A002
        """Forget a saved report; only its owner may. Its files stay as long as all files do."""
        await found_report(request, id, to_change=True)
        await run_in_threadpool(store.delete, id)

    @routes.post(REPORTS + "/{id:uuid}/runs", status_code=202, **described(missing="There is no such report."))
    async def run_saved_report(id: ReportId, request: Request, response: Response) -> Started:  # noqa: A002
        """Run a saved report now; its file is not sent to its recipients."""
        saved = await found_report(request, id)
        try:
            order = saved.order(caller_of(request).subject, deliver=False)
        except ValueError as error:
            raise Problem(INVALID_BODY, f"what was saved can no longer be asked: {error}") from error
        return await start(request, response, order)

    return routes


def described(missing: str | None = None) -> dict[str, Any]:
    """What an admin route that starts or looks at runs says of itself in OpenAPI."""
    responses = _DOCUMENTED | ({} if missing is None else {"404": missing})
    return {"responses": problem_responses(dict(sorted(responses.items()))), "openapi_extra": _SECURED}


_FILE_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {"application/octet-stream": {}}},
    206: {"description": "The range of it that was asked for."},
    307: {"description": "Where the object storage has it, for some minutes."},
    416: {"description": "No such range."},
    **problem_responses(
        {
            "403": "Nobody here has signed this link.",
            "404": "There is no such run.",
            "410": "The link has expired, or the file is no longer kept.",
            "422": "There is no signature.",
            "429": TOO_MANY,
            "503": "The storage of reports is away.",
        }
    ),
}


def _told(wanted: Wanted) -> dict[str, Any]:
    """What the audit may know of a request: filters may be about a person."""
    said = wanted.model_dump(mode="json", exclude_none=True, exclude={"filters", "user", "query"})
    return {name: value for name, value in said.items() if isinstance(value, str | int)}


def _refused(error: RequestValidationError) -> Problem:
    errors = [
        ParameterError(".".join(map(str, problem["loc"][1:])) or str(problem["loc"][0]), _message(problem))
        for problem in error.errors()
    ]
    return Problem(INVALID_BODY, "; ".join(f"{e.parameter}: {e.message}" for e in errors), errors=errors)


def _message(problem: Any) -> str:
    return str(problem["msg"]).removeprefix("Value error, ")
