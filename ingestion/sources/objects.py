"""Objects of S3 and compatible storage: read as files are, and watched under prefixes.

Data flow: prefix → listing → the files reader → batches → landing → position.
Identity: a batch is its content, as of a local file. For the watch an object is its key, ETag and size.
Failure: a version of an object is noted as landed after the ledger has been read back.
Memory: a few chunks; objects are streamed, Parquet by way of a temporary file.
"""

from __future__ import annotations

from ingestion.doors import Drained
from ingestion.landing import Lander
from ingestion.sources.discovery import S3, InputFile, kind_of, unknown_format
from ingestion.sources.errors import MissingInputError, SourceError
from ingestion.sources.files import read_files
from ingestion.sources.object_store import ObjectStoreError, StoredObject, stored_objects
from ingestion.sources.positions import Position, Positions
from warehouse.errors import LockHeld, SettingsError
from warehouse.locks import exclusive
from warehouse.settings import Settings

__all__ = ["SOURCE", "ObjectStoreError", "drain", "new_objects", "objects_under", "prefixes"]

SOURCE = "files"
_LOCK = "objects"


def prefixes(settings: Settings) -> list[str]:
    """The watched prefixes, LANDING_PREFIXES.

    Raises:
        SettingsError: one of them is not `s3://bucket/…`.
    """
    given = [prefix.strip() for prefix in (settings.landing_prefixes or "").split(",") if prefix.strip()]
    for prefix in given:
        if not prefix.startswith(S3) or not prefix.removeprefix(S3).partition("/")[0]:
            raise SettingsError(f"LANDING_PREFIXES: {prefix} is no prefix", "write s3://bucket/prefix, by commas")
    return given


def objects_under(url: str) -> list[InputFile]:
    """The objects whose keys begin as the URL says, sorted; what has no known suffix is passed over.

    Raises:
        MissingInputError: there is no such bucket, or no key begins so.
        UnknownFormatError: an object was named in full, and has an unknown suffix.
        ObjectStoreError: the storage does not answer or refuses.
    """
    listed = stored_objects(url)
    if not listed:
        raise MissingInputError(f"no key begins as {url}", "check bucket and prefix")
    files = _files(listed)
    if not files and [found.url for found in listed] == [url]:
        raise unknown_format(url)
    return files


def new_objects(settings: Settings) -> list[InputFile]:
    """Objects under the watched prefixes that have not been landed, or not in their present version.

    Raises:
        SettingsError: LANDING_PREFIXES cannot be used.
        ObjectStoreError: the storage does not answer or refuses; MissingInputError: no such bucket.
    """
    known = Positions(settings, SOURCE).last()
    found = {file.name: file for prefix in prefixes(settings) for file in _files(stored_objects(prefix))}
    return [file for file in found.values() if known.get(file.name, Position()).position != _version(file)]


def drain(settings: Settings) -> Drained:
    """Land the new objects under the watched prefixes, one process at a time.

    An object that cannot be read as events is set aside, with the reason, until it is replaced.

    Raises:
        ObjectStoreError: the storage does not answer or refuses; what was landed before is kept.
        WarehouseError: ClickHouse refuses a batch or does not answer.
    """
    done = Drained(waiting=0)
    try:
        with exclusive(_LOCK, settings):
            waiting = new_objects(settings)
            lander, positions = Lander(settings), Positions(settings, SOURCE)
            for file in waiting:
                _land(file, lander, positions, done)
    except LockHeld as held:
        return Drained(notes=[held.message])
    return done


def _land(file: InputFile, lander: Lander, positions: Positions, done: Drained) -> None:
    refusal = ""
    try:
        for entry in lander.land_all(read_files([file], source=SOURCE)):
            done.totals.add(entry)
    except MissingInputError as gone:
        done.notes.append(gone.message)
        done.waiting = (done.waiting or 0) + 1
        return
    except ObjectStoreError:
        raise
    except SourceError as error:
        refusal = str(error)
        done.refused += 1
        done.notes.append(f"set aside until it is replaced: {refusal}")
    positions.note(file.name, Position(_version(file), file.size, refusal))


def _version(file: InputFile) -> str:
    assert isinstance(file.remote, StoredObject)  # noqa: S101 - made by _files
    return f"{file.remote.etag} {file.size}"


def _files(listed: list[StoredObject]) -> list[InputFile]:
    files = []
    for found in sorted(listed, key=lambda listed: listed.key):
        parts = found.key.split("/")
        kind = None if any(part.startswith(".") for part in parts) else kind_of(parts[-1])
        if kind is not None:
            files.append(InputFile(None, *kind, found.size, remote=found))
    return files
