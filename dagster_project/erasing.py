"""Erasure and access: the one place that knows of everything that keeps something of people."""

from __future__ import annotations

import json
import re
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from uuid import UUID

from dagster_project import instance as dagster_instance
from dagster_project import landing_folder
from ingestion.access import Exported, export
from ingestion.doors import collector
from ingestion.erasure import Certificate, ErasureError, Place, Tombstone, erase, places, tombstones
from serving_api.reports import erasing as reports
from warehouse import persons
from warehouse.backups import making
from warehouse.backups import places as places_of_backups
from warehouse.backups.manifest import BackupError
from warehouse.client import Identity, connect
from warehouse.settings import Settings

#: Beside the backups: who has been erased since they were made, for a restore.
TOMBSTONES = "erasures.json"
#: The file of an access export on the shelf of reports.
EXPORT_NAME = "access.zip"
_PATIENCE_SECONDS = 60.0
#: Files in which Dagster keeps what steps print.
_PRINTED = (".out", ".err")


def erase_person(settings: Settings, person: str) -> Certificate:
    """Erase a person from everything this warehouse keeps.

    Raises:
        ErasureError: something still names him; running it again goes on.
        BuildFailed: the build failed; readers still see the last good generation.
    """
    kept = making.kept_at(settings)
    backups = [made.address for made in making.all_made(settings)]
    certificate = erase(
        settings,
        person,
        land=lambda: _land(settings),
        sweeps=(
            lambda one: places.spool(settings, one),
            lambda one: places.files(settings, one, _folders(settings)),
            lambda one: Place(_kept(settings), *reports.erase_files(settings, one), "deleted"),
            lambda one: Place("saved reports", *reports.erase_saved(settings, one), "deleted"),
            lambda one: history(settings, one),
            lambda one: places.logs(settings, one),
            lambda one: places.rest(settings, one),
            # Last: who still had a question to an older generation under way has put away its answer by now.
            lambda one: cached(settings),
        ),
        backups=backups,
    )
    if backups:
        stones = tombstones.known(connect(Identity.ADMIN, settings))
        content = [{"tag": s.tag, "pseudonym": s.pseudonym, "erasure_id": str(s.erasure_id)} for s in stones]
        with tempfile.TemporaryDirectory() as scratch:
            file = Path(scratch) / TOMBSTONES
            file.write_text(json.dumps(content), encoding="utf-8")
            kept.put(file, TOMBSTONES)
    return certificate


def erase_again(settings: Settings, beside: places_of_backups.Place) -> int:
    """After a restore: erase whoever has been erased since that backup was made; how many they were.

    Args:
        settings: of the restored home.
        beside: where the backup lies among others, and with them the list of those who have been erased.
    """
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / TOMBSTONES
        try:
            beside.get(TOMBSTONES, file)
        except BackupError:
            return 0
        stones = [
            Tombstone(stone["tag"], stone["pseudonym"], UUID(stone["erasure_id"]))
            for stone in json.loads(file.read_text("utf-8"))
        ]
    client = connect(Identity.ADMIN, settings)
    tombstones.add(client, settings, stones)
    returned = tombstones.returned(client, settings)
    for person in returned:
        erase_person(settings, person)
    return len(returned)


def export_person(settings: Settings, person: str, target: Path) -> Exported:
    """Write everything this warehouse keeps of a person to a ZIP file.

    Raises:
        ExportError: the file cannot be written.
    """
    return export(
        settings,
        person,
        target,
        {
            "reports/saved.json": reports.saved_json(settings, person),
            "reports/files.json": reports.files_json(settings, person),
        },
    )


def _kept(settings: Settings) -> str:
    return "runs with report files" if settings.reports_prefix is None else (
        f"runs with report files in {reports.address(settings)} and in the home"
    )  # fmt: skip


def _folders(settings: Settings) -> list[Path]:
    root = landing_folder.folder(settings)
    return [root / landing_folder.LANDED, root / landing_folder.REFUSED, settings.home / "simulated"]


def _land(settings: Settings) -> None:
    """Land what waits in the home, so that it meets the tombstone and no file is left."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    spool = settings.home / "spool"
    waiting = set(spool.rglob("*.segment")) if spool.is_dir() else set()
    while True:
        collector.drain(settings)
        files = landing_folder.drain(settings).waiting if landing_folder.folder(settings).is_dir() else 0
        if not files and not any(path.exists() for path in waiting):
            return
        if time.monotonic() > deadline:
            raise ErasureError(
                "what waits in the spool or the landing folder does not land",
                "see `warehouse doctor`, then run it again",
            )
        time.sleep(0.5)


def history(settings: Settings, person: str) -> Place:
    """Delete Dagster's runs that were asked for by a person or about him, with all they have logged and printed."""
    name, action = "runs in Dagster's history", "deleted"
    home = dagster_instance.dagster_home(settings)
    if not (home / "dagster.yaml").exists():
        return Place(name, 0, 0, action)
    wanted = re.compile(persons.pattern(person))
    with dagster_instance.kept(settings) as instance:
        naming = {
            run.run_id
            for run in instance.get_runs()
            if wanted.search(json.dumps([run.run_config, run.tags], default=str))
        }
        # A run that names him only in what it has logged: its file is called by its id.
        naming |= {path.stem for path in _databases(home) if instance.has_run(path.stem) and _mentions(path, person)}
        for run_id in naming:
            instance.delete_run(run_id)
    for path in _databases(home):
        if _mentions(path, person):
            _compact(path)
    # What steps have printed lies in files that no run takes with it.
    printed = [path for path in home.rglob("*") if path.suffix in _PRINTED and persons.names(path, person)]
    for path in printed:
        path.unlink()
    left = [path for path in home.rglob("*") if path.is_file() and _mentions(path, person)]
    return Place(name, len(naming) + len(printed), len(left), action)


def cached(settings: Settings) -> Place:
    """Let Redis forget the answers of generations that are gone; they would leave within the hour.

    Raises:
        ErasureError: Redis does not answer.
    """
    name, action = "answers cached in Redis", "deleted, whomever they named"
    if settings.api_redis_url is None:
        return Place(name, 0, 0, action)
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        with closing(Redis.from_url(settings.api_redis_url.get_secret_value())) as redis:
            # One that is there again afterwards is an answer of the generation in force.
            deleted = sum(bool(redis.delete(key)) for key in redis.scan_iter("warehouse:*", count=1000))
            return Place(name, deleted, 0, action)
    except (RedisError, OSError) as error:
        # Not its text, which may hold the address.
        raise ErasureError(
            f"Redis does not answer ({type(error).__name__}), and may hold answers that name the person",
            "see that Redis at API_REDIS_URL runs, then run it again",
        ) from None


def _databases(home: Path) -> list[Path]:
    return sorted(home.rglob("*.db"))


def _mentions(path: Path, person: str) -> bool:
    beside = [path, *(path.with_name(path.name + end) for end in ("-wal",) if path.suffix == ".db")]
    return any(file.is_file() and persons.names(file, person) for file in beside)


def _compact(path: Path) -> None:
    """Write a SQLite file anew without the bytes of deleted rows."""
    with closing(sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None)) as database:
        database.execute("VACUUM")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
