"""A report's file, its delivery, and the end of old ones."""

# Dagster reads the type of `context` as it stands, so annotations are not postponed in this module.
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import dagster as dg
from pydantic import Field

from dagster_project.asset_keys import EXPORT_JOB, PUBLICATION, REPORT_JOB
from dagster_project.context import Warehouse

#: Files are kept as long as their runs, which say what they are.
KEPT_REPORTS = timedelta(days=30)
_RUNS_AT_ONCE = 500
#: ClickHouse may be restarting, a mail server busy. As the policy of a step it would retry interrupts, too.
_RETRIES = dg.RetryPolicy(max_retries=3, delay=5, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)


class ReportConfig(dg.Config):
    """What to make: the JSON document of `serving_api.reports.request`."""

    request: dict[str, Any]


class DeliveryConfig(dg.Config):
    """Whom the file goes to.

    Attributes:
        name: what the report is called.
        recipients: e-mail addresses; nobody by default.
        saved_report: id of the saved report it is of, empty for one asked for once.
        owner_email: who is told when the run fails, empty for nobody.
    """

    name: str = ""
    recipients: list[str] = Field(default_factory=list)
    saved_report: str = ""
    owner_email: str = ""


@dg.asset(
    name="report",
    group_name="reports",
    deps=[PUBLICATION],
    kinds={"clickhouse"},
    io_manager_key="run_memory",
)
def report(
    context: dg.AssetExecutionContext, config: ReportConfig, warehouse: dg.ResourceParam[Warehouse]
) -> dg.MaterializeResult[Any]:
    """The file of one request, with its manifest, from the generation in force or the one it names."""
    from serving_api.generations import instant
    from serving_api.reports import links
    from serving_api.reports.produce import produce
    from serving_api.reports.request import RequestError, read_request
    from serving_api.reports.runs import Outcome
    from serving_api.reports.shelf import Shelf

    settings, run_id = warehouse.settings, UUID(context.run.run_id)
    shelf = Shelf(settings)
    try:
        request = read_request(config.request)
        with _retried(context), shelf.place(run_id) as folder:
            made = produce(request, settings, folder, _logged(context))
    except RequestError as error:
        # The same would come of it again.
        raise dg.Failure(error.message, allow_retries=False) from error
    outcome = Outcome(
        file=made.path.name,
        rows=made.rows,
        size=made.size,
        sha256=made.sha256,
        generation=made.generation,
        complete_through=instant(made.complete_through),
    )
    link = links.url(settings, links.Link(run_id, outcome.file), links.MAIL_SECONDS)
    shown: dict[str, Any] = {"location": shelf.location(run_id, outcome.file), "download": dg.MetadataValue.url(link)}
    return dg.MaterializeResult(value=outcome, metadata={**outcome.metadata(), **shown})


@contextmanager
def _retried(context: dg.AssetExecutionContext) -> Iterator[None]:
    """Try the step again later if this fails, a few times; not what would fail again, nor a cancelled run."""
    from serving_api.reports.request import RequestError

    try:
        yield
    except RequestError:
        raise
    except Exception as error:
        delay = _RETRIES.calculate_delay(context.retry_number + 1)
        raise dg.RetryRequested(max_retries=_RETRIES.max_retries, seconds_to_wait=delay) from error


def _logged(context: dg.AssetExecutionContext) -> Any:
    said = datetime.now(UTC)

    def progress(done: int, total: int | None) -> None:
        nonlocal said
        if (now := datetime.now(UTC)) - said >= timedelta(seconds=10):
            said = now
            context.log.info("%s of %s rows written", f"{done:,}", "?" if total is None else f"{total:,}")

    return progress


@dg.asset(name="delivery", group_name="reports", output_required=False)
def delivery(
    context: dg.AssetExecutionContext,
    config: DeliveryConfig,
    warehouse: dg.ResourceParam[Warehouse],
    report: Any,
) -> Iterator[dg.MaterializeResult[Any]]:
    """The e-mail with the file or a link to it, for reports that have recipients."""
    from dagster_project.report_mail import Delivery, deliver
    from serving_api.reports.request import read_request
    from serving_api.reports.store import ReportStore

    settings = warehouse.settings
    if config.saved_report:
        # Before anything is sent: a retry after that would send it twice.
        with _retried(context):
            ReportStore(settings).ran(UUID(config.saved_report), datetime.now(UTC))
    if config.recipients:
        run_config: Any = context.run.run_config
        wanted = read_request(run_config["ops"]["report"]["config"]["request"])
        sent = Delivery(
            run_id=UUID(context.run.run_id),
            name=config.name,
            request=wanted,
            outcome=report,
            recipients=tuple(config.recipients),
        )
        with _retried(context):
            refused = deliver(settings, sent)
        for address, reason in refused.items():
            context.log.warning("%s was refused: %s", address, reason)
        yield dg.MaterializeResult(metadata={"recipients": len(config.recipients) - len(refused), "refused": refused})


@dg.asset(group_name="operations", kinds={"dagster"})
def kept_reports(
    context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Warehouse]
) -> dg.MaterializeResult[None]:
    """Runs of reports and their files, after the old ones have been dropped together."""
    from serving_api.reports.shelf import Shelf

    shelf, dropped = Shelf(warehouse.settings), 0
    for job in (REPORT_JOB, EXPORT_JOB):
        old = dg.RunsFilter(
            job_name=job,
            statuses=[dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED],
            created_before=datetime.now(UTC) - KEPT_REPORTS,
        )
        while run_ids := context.instance.get_run_ids(old, limit=_RUNS_AT_ONCE):
            for run_id in run_ids:
                shelf.remove(UUID(run_id))
                context.instance.delete_run(run_id)
            dropped += len(run_ids)
    kept = context.instance.get_runs_count(dg.RunsFilter(job_name=REPORT_JOB))
    return dg.MaterializeResult(metadata={"kept": kept, "dropped": dropped})
