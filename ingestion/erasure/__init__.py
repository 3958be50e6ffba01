"""Erasure of a person: nothing names him any more, and every number stays as it was (ADR 19)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ingestion.erasure import certificate as certificates
from ingestion.erasure import server_logs, tables, tombstones
from ingestion.erasure.certificate import Certificate, Place, Query
from ingestion.erasure.rewriting import Rewriting
from ingestion.erasure.tombstones import Tombstone
from warehouse import builds, evidence, publications
from warehouse.client import Identity, connect
from warehouse.cluster import cluster
from warehouse.databases import GENERATION
from warehouse.errors import WarehouseError
from warehouse.failures import told_as
from warehouse.locks import exclusive
from warehouse.retention import planning
from warehouse.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

__all__ = ["Certificate", "ErasureError", "Place", "Tombstone", "erase"]

#: Sees to one place outside of ClickHouse; called with the id.
Sweep = Callable[[str], Place]


class ErasureError(WarehouseError):
    """A person could not be erased entirely; running it again goes on."""


def erase(
    settings: Settings,
    person: str,
    *,
    land: Callable[[], None] = lambda: None,
    sweeps: Sequence[Sweep] = (),
    backups: Sequence[str] = (),
) -> Certificate:
    """Erase a person: tombstone, rewriting, a build of what that reaches, older generations, files, a last search.

    Whoever dies anywhere in here leaves a tombstone, and the next call for the same id completes the same certificate.

    Args:
        settings: names the home and the ClickHouse.
        person: the id, as producers send it.
        land: lands what waits in the home, so that it meets the tombstone; called once that is set.
        sweeps: what to see to outside of ClickHouse, in this order.
        backups: addresses of backups made before, for the certificate.

    Raises:
        ErasureError: the id cannot be one, or something still names the person at the end.
        BuildFailed: the build failed; readers are still shown the last good generation, with the person.
    """
    if not person.strip() or len(person) > 255:
        raise ErasureError("there is no such id: it has 1 to 255 characters", "give the user's id as producers send it")
    with exclusive("erasing", settings, wait=None), told_as(ErasureError):
        unlogged = server_logs.UNLOGGED | cluster(settings).reading_settings
        client = connect(Identity.ADMIN, settings, log_comment="erasure", query_settings=unlogged)
        stone = tombstones.bury(client, settings, person)
        land()
        certificate = _begun(client, settings, person, stone, backups)
        with exclusive("build", settings, wait=None):
            evidence.end_leftovers(connect(Identity.TRANSFORMER, settings))
            rewriting = Rewriting(client, settings, person, stone)
            certificate.refused += rewriting.refused()
            certificate.events += rewriting.events()
            rewriting.others()
        _build(client, settings, certificate, person)
        with exclusive("build", settings, wait=None):
            certificate.generations_dropped += _drop_generations(client, settings, person)
            tables.purge(client, settings, ("raw", "build", "closed", "marts"))
        certificate.places = [sweep(person) for sweep in sweeps]
        _verify(client, certificate, person)
        certificate.completed_at = _instant()
        certificates.keep(settings, certificate)
        return certificate


def _begun(client: Client, settings: Settings, person: str, stone: Tombstone, backups: Sequence[str]) -> Certificate:
    """The certificate as it was when the erasure was begun: with what there was to erase."""
    found = certificates.read(settings, stone.erasure_id)
    if found is not None and found.completed_at is None:
        return found
    certificate = Certificate(str(stone.erasure_id), _instant(), backups=list(backups))
    for table in tables.tables(client):
        # Generations share their files with `build`; they are dropped, not counted.
        if not table.database.startswith(GENERATION):
            certificate.before += tables.search(client, table, person)
    certificates.keep(settings, certificate)
    return certificate


def _build(client: Client, settings: Settings, certificate: Certificate, person: str) -> None:
    if publications.latest(client) is None:
        return
    # No evidence leads to closed days: where there are any, all is made anew from what they keep.
    closed = planning.closed_before(client) is not None and any(
        tables.names(client, table, person) for table in tables.tables(client) if table.database == "build"
    )
    if closed or builds.state(client).reason:
        outcome = builds.build_and_publish(settings, run_id=f"erasure {certificate.erasure_id}", full_refresh=closed)
        certificate.days_rebuilt = outcome.days_rebuilt
        certificate.values_revised = len(outcome.revised)
    shown = publications.current(client)
    certificate.generation = shown.generation if shown else None


def _drop_generations(client: Client, settings: Settings, person: str) -> list[int]:
    """Drop the generations that name the person; a published one is never changed."""
    shown = publications.current(client)
    by_database: dict[str, list[tables.Table]] = {}
    for table in tables.tables(client):
        if table.database.startswith(GENERATION):
            by_database.setdefault(table.database, []).append(table)
    dropped, likely = [], set[str]()
    for database, members in sorted(by_database.items()):
        members.sort(key=lambda table: table.name not in likely)
        naming = next((table for table in members if tables.names(client, table, person)), None)
        if naming is None:
            continue
        if shown is not None and database == shown.database:
            raise ErasureError(
                f"the generation in force still names the person in {naming.name}", "run it again, or `warehouse build`"
            )
        likely.add(naming.name)
        publications.drop(client, database, cluster(settings))
        dropped.append(int(database.removeprefix(GENERATION)))
    return dropped


def _verify(client: Client, certificate: Certificate, person: str) -> None:
    """Look again, everywhere."""
    certificate.verification = []
    for table in tables.tables(client):
        found = tables.search(client, table, person)
        certificate.verification.append(
            Query(
                f"{table.database}.{table.name}",
                f"SELECT count() FROM {table.address} WHERE {table.naming}",
                sum(entry.rows for entry in found),
            )
        )
    # After the last statement that names the person.
    certificate.places.append(server_logs.emptied(client, person))
    left = [query.table for query in certificate.verification if query.rows]
    left += [place.name for place in certificate.places if place.after]
    if left:
        raise ErasureError(f"something still names the person: {', '.join(left[:5])}", "run it again")


def _instant() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
