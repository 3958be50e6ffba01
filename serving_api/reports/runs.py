"""Runs of reports, as Dagster has them: started, looked at and cancelled over its GraphQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import aiohttp

from serving_api.reports.request import Request
from warehouse.errors import WarehouseError
from warehouse.settings import Settings

JOB = "reports"
#: Also the name of the asset whose materialization says what came of a run.
ASSET = "report"
LOCATION, REPOSITORY = "warehouse", "__repository__"
#: Tags of a run, for people who look for one in Dagster.
SAVED_TAG, SUBJECT_TAG, KIND_TAG = "warehouse/saved_report", "warehouse/asked_by", "warehouse/report"

Status = Literal["pending", "processing", "completed", "failed"]

_TIMEOUT = aiohttp.ClientTimeout(total=60, connect=3)
_FOLDER = Path(__file__).parent / "graphql"
_LAUNCH, _RUN, _FAILURE, _TERMINATE = (
    (_FOLDER / f"{name}.graphql").read_text("utf-8") for name in ("launch", "run", "failure", "terminate")
)
_STATUS: dict[str, Status] = {
    "QUEUED": "pending",
    "NOT_STARTED": "pending",
    "MANAGED": "pending",
    "STARTING": "pending",
    "STARTED": "processing",
    "CANCELING": "processing",
    "SUCCESS": "completed",
    "FAILURE": "failed",
    "CANCELED": "failed",
}
_CANCELLED = "the run was cancelled"


class DagsterAway(WarehouseError):
    """Dagster does not answer, or not as Dagster does."""


class LaunchRefused(WarehouseError):
    """Dagster answers, and does not start the run."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run has made: the members of the asset's materialization.

    Attributes:
        file: name of the file.
        rows: rows of data in it.
        size: bytes.
        sha256: of the bytes, in hexadecimal.
        generation: where its numbers are from.
        complete_through: instant of the last event in that generation, ISO 8601; None without any.
    """

    file: str
    rows: int
    size: int
    sha256: str
    generation: int
    complete_through: str | None

    def metadata(self) -> dict[str, str | int]:
        """As Dagster shows it."""
        return {
            "file": self.file,
            "dagster/row_count": self.rows,
            "size": self.size,
            "sha256": self.sha256,
            "generation": self.generation,
            "complete_through": self.complete_through or "",
        }

    @classmethod
    def of(cls, metadata: Mapping[str, str | int]) -> Outcome:
        """The inverse of `metadata`."""
        return cls(
            file=str(metadata["file"]),
            rows=int(metadata["dagster/row_count"]),
            size=int(metadata["size"]),
            sha256=str(metadata["sha256"]),
            generation=int(metadata["generation"]),
            complete_through=str(metadata["complete_through"]) or None,
        )


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a report.

    Attributes:
        id: of the run in Dagster.
        status: in the words of the document; a cancelled run has failed.
        request: what was asked for.
        saved_report: of which saved report, None for one that was asked for once.
        created_at, started_at, completed_at: UTC; None where it has not come to that.
        outcome: what was made, once there is a file.
        error: why it failed.
    """

    id: UUID
    status: Status
    request: dict[str, Any]
    saved_report: UUID | None
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    outcome: Outcome | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """A run to be started.

    Attributes:
        request: what to make.
        asked_by: subject of whoever asks.
        saved_report: the saved report it is of.
        name: of the saved report, for people.
        recipients: whom it is sent to.
        owner_email: who is told when it fails; empty for nobody.
    """

    request: Request
    asked_by: str
    name: str = ""
    saved_report: UUID | None = None
    recipients: tuple[str, ...] = ()
    owner_email: str = ""

    @property
    def run_config(self) -> dict[str, Any]:
        """The configuration of Dagster's run."""
        config: dict[str, Any] = {"request": self.request.model_dump(mode="json", exclude_none=True)}
        delivery = {
            "name": self.name,
            "recipients": list(self.recipients),
            "saved_report": str(self.saved_report or ""),
            "owner_email": self.owner_email,
        }
        return {"ops": {ASSET: {"config": config}, "delivery": {"config": delivery}}}

    @property
    def run_tags(self) -> dict[str, str]:
        """The tags of Dagster's run."""
        saved = {} if self.saved_report is None else {SAVED_TAG: str(self.saved_report)}
        return {KIND_TAG: self.request.kind, SUBJECT_TAG: self.asked_by, **saved}


class Runs:
    """Dagster's runs of the job `report`.

    Args:
        settings: DAGSTER_URL, else DAGSTER_PORT of this machine, says where Dagster's webserver is.

    Every method raises `DagsterAway` when it does not answer.
    """

    def __init__(self, settings: Settings) -> None:
        self._url = str(settings.dagster_url or f"http://127.0.0.1:{settings.dagster_port}").rstrip("/") + "/graphql"

    async def launch(self, order: Order) -> UUID:
        """Start a run; returns its id.

        Raises:
            LaunchRefused: Dagster refuses; says why.
        """
        return await self.start(JOB, order.run_config, order.run_tags)

    async def start(self, job: str, config: dict[str, Any], tags: Mapping[str, str]) -> UUID:
        """Start a run of any job; returns its id.

        Raises:
            LaunchRefused: Dagster refuses; says why.
        """
        selector = {"jobName": job, "repositoryName": REPOSITORY, "repositoryLocationName": LOCATION}
        listed = [{"key": key, "value": value} for key, value in tags.items()]
        execution = {"selector": selector, "runConfigData": config, "executionMetadata": {"tags": listed}}
        answer = (await self._ask(_LAUNCH, execution=execution))["launchRun"]
        if answer["__typename"] == "LaunchRunSuccess":
            return UUID(answer["run"]["runId"])
        errors = [error["message"] for error in answer.get("errors", [])] or [answer.get("message", "")]
        raise LaunchRefused(
            f"Dagster does not start the run: {' '.join(errors).strip() or answer['__typename']}",
            "look at the code location in Dagster's pages: Deployment, Code locations",
        )

    async def get(self, run_id: UUID, job: str = JOB) -> Run | None:
        """A run, None if there is none of a report (or of that job) by this id."""
        found = (await self._ask(_RUN, runId=str(run_id)))["runOrError"]
        if found["__typename"] != "Run" or found["jobName"] != job:
            return None
        status, config = _STATUS[found["status"]], found["runConfig"]
        error = None
        if status == "failed":
            error = _CANCELLED if found["status"] == "CANCELED" else await self._failure(run_id)
        tags = {tag["key"]: tag["value"] for tag in found["tags"]}
        saved = tags.get(SAVED_TAG)
        return Run(
            id=run_id,
            status=status,
            request=config.get("ops", {}).get(ASSET, {}).get("config", {}).get("request", {}),
            saved_report=None if saved is None else UUID(saved),
            created_at=datetime.fromtimestamp(found["creationTime"], UTC),
            started_at=_instant(found["startTime"]),
            completed_at=_instant(found["endTime"]),
            outcome=_outcome(found["assetMaterializations"]),
            error=error,
        )

    async def cancel(self, run_id: UUID) -> None:
        """Ask Dagster to end a run; nothing happens to one that has ended."""
        await self._ask(_TERMINATE, runId=str(run_id))

    async def _failure(self, run_id: UUID) -> str:
        found = (await self._ask(_FAILURE, runId=str(run_id)))["runOrError"]
        events = found.get("eventConnection", {}).get("events", [])
        steps = [event for event in events if event["__typename"] == "ExecutionStepFailureEvent"]
        if not steps:
            said = [event["message"] for event in events if event["__typename"] == "RunFailureEvent"]
            return str(said[-1]) if said else "the run failed"
        error = steps[-1]["error"]
        # The bottom of the chain is what happened, the rest is where.
        causes = [link["error"]["message"] for link in error["errorChain"]] or [error["message"]]
        return str(causes[-1]).strip()

    async def _ask(self, query: str, **variables: Any) -> dict[str, Any]:
        try:
            async with (
                aiohttp.ClientSession(timeout=_TIMEOUT, raise_for_status=True) as session,
                session.post(self._url, json={"query": query, "variables": variables}) as answer,
            ):
                document = await answer.json()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise DagsterAway(
                f"Dagster does not answer ({type(error).__name__})",
                "start it with `warehouse up`, or set DAGSTER_URL to where its webserver is",
            ) from error
        if document.get("errors"):
            raise DagsterAway(
                f"Dagster does not understand: {document['errors'][0].get('message', '')}",
                "check that DAGSTER_URL is a Dagster of the version in constraints.txt",
            )
        data: dict[str, Any] = document["data"]
        return data


def _outcome(materializations: list[dict[str, Any]]) -> Outcome | None:
    for event in reversed(materializations):
        if event["assetKey"]["path"] == [ASSET]:
            entries = event["metadataEntries"]
            return Outcome.of({e["label"]: e.get("text", e.get("intRepr", "")) for e in entries})
    return None


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
