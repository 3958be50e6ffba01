"""Erasure of people and access to what is kept of them, over HTTP: started as runs of Dagster's, and looked at.

The id is in the body, not in the path: paths are written to logs all the way from the caller to here.
"""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from serving_api.guard import tell
from serving_api.problems import NOT_FOUND, Problem
from serving_api.reports import links
from serving_api.reports.routes import ReportRoute, described
from serving_api.reports.runs import Runs, Status
from serving_api.reports.shelf import Shelf
from warehouse import requests
from warehouse.settings import Settings

ERASURES, ACCESS = "/api/v1/admin/erasures", "/api/v1/admin/access-exports"
#: Dagster's jobs, and the name of what an export leaves on the shelf; a test holds them against Dagster's own.
ERASE_JOB, EXPORT_JOB, EXPORT_NAME = "erase_user", "export_user", "access.zip"
#: The step of each job that is told which request it is.
_STEPS = {ERASE_JOB: "erase", EXPORT_JOB: "export"}

RunId = Annotated[UUID, Path(description="Id of a run, from the answer that started it.")]


class Person(BaseModel):
    """Whom it is about."""

    model_config = ConfigDict(extra="forbid")

    user_id: str = Field(min_length=1, max_length=255, pattern=r"\S", description="As producers send it.")


class PersonRun(BaseModel):
    """A run about a person; nothing in it says about whom."""

    run_id: UUID
    kind: Literal["erasure", "access_export"]
    status: Status
    completed_at: str | None
    error_message: str | None = Field(description="Why it failed; the same asked again goes on.")
    download_url: str | None = Field(description="Of an access export's file, good for an hour; null for an erasure.")


def router(settings: Settings) -> APIRouter:
    """The routes of this module."""
    routes = APIRouter(tags=["privacy"], route_class=ReportRoute)
    runs, shelf = Runs(settings), Shelf(settings)

    async def start(job: str, address: str, body: Person, request: Request, response: Response) -> PersonRun:
        number = await run_in_threadpool(requests.put, settings, body.user_id)
        # The audit knows the number of the request, and with it who asked for what; the file with the id goes.
        tell(request, {"request": str(number)})
        try:
            config = {"ops": {_STEPS[job]: {"config": {"request": str(number)}}}}
            run_id = await runs.start(job, config, {})
        except BaseException:
            requests.done(settings, number)
            raise
        response.headers["Location"] = f"{address}/{run_id}"
        return _answer(job, run_id, "pending")

    async def look(job: str, run_id: UUID) -> PersonRun:
        run = await runs.get(run_id, job)
        if run is None:
            raise Problem(NOT_FOUND, f"there is no run {run_id} of this kind")
        link = None
        there = job == EXPORT_JOB and run.status == "completed"
        if there and await run_in_threadpool(lambda: shelf.find(run_id, EXPORT_NAME)) is not None:
            link = links.url(settings, links.Link(run_id, EXPORT_NAME), links.ANSWER_SECONDS)
        completed = None if run.completed_at is None else run.completed_at.isoformat(timespec="milliseconds")
        return _answer(job, run_id, run.status, completed, run.error, link)

    @routes.post(ERASURES, status_code=202, **described())
    async def erase_user(body: Person, request: Request, response: Response) -> PersonRun:
        """Erase a person from everything that is kept; every number stays, on a pseudonym. There is no way back."""
        return await start(ERASE_JOB, ERASURES, body, request, response)

    @routes.get(ERASURES + "/{id:uuid}", **described(missing="There is no such run."))
    async def erasure(id: RunId) -> PersonRun:  # noqa: A002
        """How an erasure stands; its certificate is with the run in Dagster and in the home."""
        return await look(ERASE_JOB, id)

    @routes.post(ACCESS, status_code=202, **described())
    async def export_user(body: Person, request: Request, response: Response) -> PersonRun:
        """Write everything that is kept of a person to one file."""
        return await start(EXPORT_JOB, ACCESS, body, request, response)

    @routes.get(ACCESS + "/{id:uuid}", **described(missing="There is no such run."))
    async def access_export(id: RunId) -> PersonRun:  # noqa: A002
        """How an access export stands; with the signed link to its file once it is completed."""
        return await look(EXPORT_JOB, id)

    return routes


def _answer(
    job: str, run_id: UUID, status: Status, completed: str | None = None, error: str | None = None,
    link: str | None = None,
) -> PersonRun:  # fmt: skip
    return PersonRun(
        run_id=run_id,
        kind="erasure" if job == ERASE_JOB else "access_export",
        status=status,
        completed_at=completed,
        error_message=error,
        download_url=link,
    )
