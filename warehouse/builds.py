"""A whole build: fix what it sees, build what is reached, test, publish; one at a time, and only with a reason."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from warehouse import data_tests, evidence, models, publications, revisions, semantics, transform
from warehouse.client import Identity, connect
from warehouse.cluster import cluster
from warehouse.errors import WarehouseError
from warehouse.lineage import Lineage, Reached
from warehouse.locks import exclusive
from warehouse.months import Span
from warehouse.retention import adjustments, aggregates
from warehouse.retention.planning import closed_before
from warehouse.settings import Settings
from warehouse.transform import NodeResult

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True, slots=True)
class State:
    """What decides whether a build has anything to do, and how much.

    Attributes:
        commit_seq: the last commit of the ledger.
        built_through: the commit the tables in `build` are complete with; 0 when they must be built anew.
        code: fingerprint of the models.
        seeds: fingerprints of the seeds by name.
        changed_seeds: those that differ from what was published.
        trained_at: instant of the latest training, None before the first; `trained` if it has not been published.
        trained: see there.
        rewritten: types of the events that an erasure has rewritten since.
        reason: why there is something to build, a sentence; empty when there is not.
        generation: the generation readers see; None before the first publication.
    """

    commit_seq: int
    built_through: int
    code: str
    seeds: dict[str, str]
    changed_seeds: tuple[str, ...]
    trained_at: datetime | None
    trained: bool
    rewritten: tuple[str, ...]
    reason: str
    generation: int | None

    @property
    def full(self) -> bool:
        """Whether everything has to be built anew."""
        return self.built_through == 0


@dataclass(frozen=True, slots=True)
class Built:
    """What one build did.

    Attributes:
        nodes: names of the models and seeds that were run.
        tests_passed: data and unit tests that passed.
        tests_failed: tests that failed but only warn.
        seconds: wall time of the whole call.
        engine_seconds: sum over the nodes of the time ClickHouse worked on them.
    """

    nodes: list[str]
    tests_passed: int
    tests_failed: int
    seconds: float
    engine_seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished build.

    Attributes:
        publication: what it published.
        previous: the generation built before it, None for the first.
        built: what was built and tested.
        rows: the rows of each mart.
        reason: why it was built.
        full: whether everything was built anew.
        rebuilt: which days of which models were rebuilt, and why; empty for a full build.
        revised: values that differ from the generation before.
    """

    publication: publications.Publication
    previous: int | None
    built: Built
    rows: dict[str, int]
    reason: str
    full: bool
    rebuilt: list[evidence.Rebuilt]
    revised: list[revisions.Revision]

    @property
    def days_rebuilt(self) -> int:
        """Days of which any model was rebuilt."""
        if self.full:
            return self.rows.get("daily_metrics", 0)
        return len({day for model in self.rebuilt for day in model.days})


def state(client: Client) -> State:
    """Compare the ledger, the models and the seeds with the latest generation built, in a few small queries.

    After a rollback the comparison is still with the generation rolled back from: readers stay where
    they were put until something new lands or the models change.
    """
    commit_seq, code = publications.ledger_position(client), transform.fingerprint()
    seeds, trained_at = transform.seed_fingerprints(), publications.latest_training(client)
    latest, shown = publications.latest(client), publications.current(client)
    built_through, reason = 0, ""
    changed: tuple[str, ...] = ()
    trained = trained_at != (latest.trained_at if latest else None)
    rewritten = tuple(evidence.rewritten_types(client))
    if latest is None:
        reason = "nothing has been published yet"
    elif latest.code != code:
        reason = f"the models have changed since generation {latest.generation}"
    else:
        built_through = latest.commit_seq
        changed = tuple(name for name, content in seeds.items() if latest.seeds.get(name) != content)
        reasons = []
        if latest.commit_seq != commit_seq:
            landed = commit_seq - latest.commit_seq
            batches = "1 batch" if landed == 1 else f"{landed} batches"
            reasons.append(f"{batches} landed since generation {latest.generation}")
        if changed:
            reasons.append(f"{', '.join(changed)} changed since generation {latest.generation}")
        if trained:
            reasons.append(f"trained since generation {latest.generation}")
        if rewritten:
            reasons.append(f"events were erased since generation {latest.generation}")
        reason = "; ".join(reasons)
    return State(
        commit_seq,
        built_through,
        code,
        seeds,
        changed,
        trained_at,
        trained,
        rewritten,
        reason,
        shown.generation if shown else None,
    )


def build_and_publish(
    settings: Settings,
    *,
    run_id: str,
    full_refresh: bool = False,
    months: Span | None = None,
    progress: transform.Progress | None = None,
    finished: Callable[[NodeResult], None] | None = None,
) -> Outcome:
    """One build, from horizon to publication under the build lock; waits for another one to end.

    A process that dies anywhere in here leaves readers on the last generation, or on the new one complete.

    Args:
        settings: names the home and the ClickHouse.
        run_id: who builds; kept with the publication and with every statement.
        full_refresh: build from all events, whatever has changed.
        months: build their days anew, too, from the events that count; a full build does so anyway.
        progress: told of every model, seed and test that starts.
        finished: given the result of each, also those of a build that fails.

    Raises:
        BuildFailed: a model or an error-severity test failed; nothing was published.
        WarehouseError: a month that is to be built anew is closed.
    """
    with exclusive("build", settings, wait=None):
        client = connect(Identity.TRANSFORMER, settings, log_comment=f"build {run_id}")
        evidence.end_leftovers(client, cluster(settings))
        now = state(client)
        manifest = transform.manifest(settings, now.code)
        lineage = Lineage(manifest)
        missing = evidence.missing_tables(client, lineage.tables())
        full = full_refresh or now.full or bool(missing)
        closed = closed_before(client)
        if months is not None:
            _require_open(months, closed)
        if full:
            evidence.clear(client)
        commit_seq = publications.open_horizon(client, 0 if full else now.built_through)
        if not full and now.rewritten:
            evidence.note_rewritten(client)
        if not full and months is not None:
            evidence.note_months(client, lineage.known_event_types(), months)
        reached = None if full else _reached(client, lineage, now, commit_seq, months)
        # What the macros of restatement ask for.
        variables = {"rewritten": now.rewritten, "open_from": closed and f"{closed}"}
        built = _build(settings, manifest, now, reached, variables, progress, finished)
        rebuilt = [] if full else evidence.rebuilt(client, lineage)
        before = publications.latest(client)
        models.write(client, manifest, now.code)
        semantics.write(client, manifest, now.code)
        kept_from = aggregates.kept_from(client)
        publication = publications.publish(
            client,
            lineage.marts(),
            commit_seq=commit_seq,
            code=now.code,
            seeds=now.seeds,
            run_id=run_id,
            tests_passed=built.tests_passed,
            tests_failed=built.tests_failed,
            trained_at=now.trained_at,
            kept_from=kept_from,
            before_pointing=lambda generation, database: _record_revisions(
                client, before, now, lineage, built, None if full else months, generation, database, kept_from
            ),
            cluster=cluster(settings),
        )
        revised = [] if before is None else revisions.between(client, before.generation, publication.generation)
        # Whoever dies before this rebuilds a little more than needed the next time.
        evidence.settle(client)
        rows = client.query(
            "SELECT name, assumeNotNull(total_rows) FROM system.tables WHERE database = {database:String}",
            parameters={"database": publication.database},
        ).result_rows
    asked = "" if months is None else f"{months} asked for"
    reason = "; ".join(filter(None, (asked, now.reason))) or "asked for"
    if missing:
        reason = f"{', '.join(missing[:5])} did not exist in `build`; {reason}"
    return Outcome(
        publication=publication,
        previous=before.generation if before else None,
        built=built,
        rows={str(name): int(count) for name, count in rows},
        reason=reason,
        full=full,
        rebuilt=rebuilt,
        revised=revised,
    )


def _build(
    settings: Settings,
    manifest: Any,
    now: State,
    reached: Reached | None,
    variables: dict[str, Any],
    progress: transform.Progress | None,
    finished: Callable[[NodeResult], None] | None,
) -> Built:
    """Build what is reached, or everything anew, and then test it."""
    started = time.monotonic()
    tests = data_tests.compiled(settings, manifest, now.code)
    if reached is not None:
        tests = [test for test in tests if test.unique_id in reached.tests]
    steps = _Steps(progress, len(tests))
    results = transform.build(
        settings,
        manifest,
        select=None if reached is None else reached.tables,
        full_refresh=reached is None,
        variables=variables,
        progress=steps.building,
    )
    if all(result.status != "error" for result in results):
        results += data_tests.run(settings, tests, steps.testing)
    if finished is not None:
        for result in results:
            finished(result)
    failures = [f"{result.name}: {result.message}" for result in results if result.status in ("error", "fail")]
    if failures:
        tested = any(result.status == "fail" for result in results)
        raise transform.failed(failures, data_tests.file(settings) if tested else transform.log_file(settings))
    statuses = Counter(result.status for result in results)
    return Built(
        nodes=[result.name for result in results if result.resource_type != "test"],
        tests_passed=statuses["pass"],
        tests_failed=statuses["warn"],
        seconds=time.monotonic() - started,
        engine_seconds=sum(result.seconds for result in results),
    )


class _Steps:
    """Progress of a build: its models and seeds, then its tests."""

    def __init__(self, progress: transform.Progress | None, tests: int) -> None:
        self._progress = progress or (lambda _done, _of, _name: None)
        self._tests, self._built = tests, 0
        self._tested = count()

    def building(self, done: int, of: int, name: str) -> None:
        self._built = of
        self._progress(done, of + self._tests, name)

    def testing(self, name: str) -> None:
        self._progress(self._built + next(self._tested), self._built + self._tests, name)


def _require_open(months: Span, closed: date | None) -> None:
    if closed is not None and months.first < closed:
        raise WarehouseError(
            f"{months} cannot be built anew: events before {closed} are gone, what they came to is kept",
            f"begin with {closed:%Y-%m}",
        )


def _reached(client: Client, lineage: Lineage, now: State, commit_seq: int, months: Span | None) -> Reached:
    asked = lineage.known_event_types() if months is not None else set()
    return lineage.reached(
        {*evidence.event_types(client, now.built_through, commit_seq), *now.rewritten, *asked},
        now.changed_seeds,
        landed=commit_seq > now.built_through,
        trained=now.trained,
    )


def _record_revisions(
    client: Client,
    before: publications.Publication | None,
    now: State,
    lineage: Lineage,
    built: Built,
    months: Span | None,
    generation: int,
    database: str,
    kept_from: dict[str, date],
) -> None:
    if before is None:
        return
    adjustments.record(client, generation, before.commit_seq)
    if before.database not in publications.existing(client):
        return
    why = revisions.causes(
        client,
        built_through=before.commit_seq,
        commit_seq=now.commit_seq,
        complete_through=before.complete_through,
        code_changed=before.code != now.code,
        seeds_changed=before.seeds != now.seeds,
        months=months,
    )
    revisions.record(
        client,
        [mart for mart in lineage.dated_marts() if mart.name in built.nodes],
        old=before.database,
        new=database,
        generation=generation,
        previous=before.generation,
        why=why,
        kept_from=kept_from,
    )
