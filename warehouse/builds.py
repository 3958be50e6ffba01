"""A whole build: fix what it sees, build, test, publish; one at a time, and only when there is a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warehouse import publications, transform
from warehouse.client import Identity, connect
from warehouse.locks import exclusive
from warehouse.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True, slots=True)
class State:
    """What decides whether a build has anything to do.

    Attributes:
        commit_seq: the last commit of the ledger.
        code: fingerprint of the models.
        reason: why there is something to build, a sentence; empty when there is not.
        generation: the generation readers see; None before the first publication.
    """

    commit_seq: int
    code: str
    reason: str
    generation: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished build: what it published, what dbt did, and the rows of each mart."""

    publication: publications.Publication
    built: transform.Built
    rows: dict[str, int]


def state(client: Client) -> State:
    """Compare the ledger and the models with the latest generation built, in two small queries.

    After a rollback the comparison is still with the generation rolled back from: readers stay where
    they were put until something new lands or the models change.
    """
    commit_seq, code = publications.ledger_position(client), transform.fingerprint()
    rows = publications.history(client, 100)
    latest = next((row for row in rows if row.action == "publish"), None)
    if latest is None:
        reason = "nothing has been published yet"
    elif latest.code != code:
        reason = f"the models have changed since generation {latest.generation}"
    elif latest.commit_seq != commit_seq:
        landed = commit_seq - latest.commit_seq
        batches = "1 batch" if landed == 1 else f"{landed} batches"
        reason = f"{batches} landed since generation {latest.generation}"
    else:
        reason = ""
    return State(commit_seq, code, reason, rows[0].generation if rows else None)


def build_and_publish(
    settings: Settings,
    *,
    run_id: str,
    full_refresh: bool = False,
    progress: transform.Progress | None = None,
    finished: Callable[[Any], None] | None = None,
) -> Outcome:
    """One build, from horizon to publication under the build lock; waits for another one to end.

    A process that dies anywhere in here leaves readers on the last generation, or on the new one complete.

    Args:
        settings: names the home and the ClickHouse.
        run_id: who builds; kept with the publication and with every statement.
        full_refresh: build from all events, whatever has changed.
        progress: told of every node dbt starts.
        finished: given every dbt node result, also those of a build that fails.

    Raises:
        BuildFailed: a model or an error-severity test failed; nothing was published.
    """
    with exclusive("build", settings, wait=None):
        client = connect(Identity.TRANSFORMER, settings, log_comment=f"build {run_id}")
        code = transform.fingerprint()
        commit_seq = publications.open_horizon(client)
        built = transform.build(settings, full_refresh=full_refresh, progress=progress, finished=finished)
        publication = publications.publish(
            client,
            built.marts,
            commit_seq=commit_seq,
            code=code,
            run_id=run_id,
            tests_passed=built.tests_passed,
            tests_failed=built.tests_failed,
        )
        rows = client.query(
            "SELECT name, assumeNotNull(total_rows) FROM system.tables WHERE database = {database:String}",
            parameters={"database": publication.database},
        ).result_rows
    return Outcome(publication, built, {str(name): int(count) for name, count in rows})
