"""Objects of S3 and compatible storage: read as files are, and watched under prefixes.

Data flow: prefix → listing → the files reader → batches → landing → position.
Identity: a batch is its content, as of a local file. For the watch an object is its key, ETag and size.
Failure: a version of an object is noted as landed after the ledger has been read back.
Memory: a few chunks; objects are streamed, Parquet by way of a temporary file.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from urllib3.exceptions import HTTPError

from ingestion.doors import Drained
from ingestion.landing import Lander
from ingestion.sources.discovery import S3, InputFile, Readable, kind_of, unknown_format
from ingestion.sources.errors import MissingInputError, SourceError
from ingestion.sources.files import read_files
from ingestion.sources.positions import Position, Positions
from warehouse.errors import LockHeld, SettingsError
from warehouse.locks import exclusive
from warehouse.settings import Settings

__all__ = ["SOURCE", "ObjectStoreError", "drain", "new_objects", "objects_under", "prefixes"]

SOURCE = "files"
_LOCK = "objects"
_ATTEMPTS = 5
_PAUSE_SECONDS = 0.2
_MISSING = ("404", "NoSuchBucket", "NoSuchKey", "NotFound")
_CHANGED = ("412", "PreconditionFailed")


class ObjectStoreError(SourceError):
    """The storage does not answer or refuses the login; says nothing about the objects."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One version of an object, as it was listed.

    Attributes:
        bucket, key: where it is.
        etag: its version, as the storage names it.
        size: bytes.
    """

    bucket: str
    key: str
    etag: str
    size: int

    @property
    def url(self) -> str:
        """`s3://bucket/key`."""
        return f"{S3}{self.bucket}/{self.key}"

    @contextmanager
    def open(self) -> Iterator[Readable]:
        """Opens this version, and no other, at its beginning."""
        with closing(_Body(self)) as body:
            yield body


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
    listed = _listed(url)
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
    found = {file.name: file for prefix in prefixes(settings) for file in _files(_listed(prefix))}
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
            for file in new_objects(settings):
                _land(file, settings, done)
    except LockHeld as held:
        return Drained(notes=[held.message])
    return done


def _land(file: InputFile, settings: Settings, done: Drained) -> None:
    refusal = ""
    try:
        for entry in Lander(settings).land_all(read_files([file], source=SOURCE)):
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
    Positions(settings, SOURCE).note(file.name, Position(_version(file), file.size, refusal))


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


def _listed(url: str) -> list[StoredObject]:
    bucket, _, prefix = url.removeprefix(S3).partition("/")
    with _explained(f"{S3}{bucket}"):
        pages = _client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [
            StoredObject(bucket, found["Key"], found.get("ETag", "").strip('"'), found["Size"])
            for page in pages
            for found in page.get("Contents", ())
        ]


@cache
def _client() -> Any:
    # Compatible storage is rarely reached by names made of bucket and host.
    compatible = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    return boto3.Session().client(
        "s3",
        region_name=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or None,
        config=Config(
            connect_timeout=10,
            read_timeout=60,
            retries={"mode": "standard", "max_attempts": _ATTEMPTS},
            s3={"addressing_style": "path"} if compatible else None,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


class _Body:
    """The bytes of one version of an object; a connection that breaks is taken up where it broke."""

    def __init__(self, stored: StoredObject) -> None:
        self._object = stored
        self._offset = 0
        self._stream: Any = None

    def readinto(self, buffer: memoryview) -> int:
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def read(self, size: int) -> bytes:
        for attempt in range(_ATTEMPTS):
            if self._offset >= self._object.size or not size:
                return b""
            try:
                if self._stream is None:
                    self._stream = self._requested()
                piece: bytes = self._stream.read(size)
            except (HTTPError, OSError, BotoCoreError):
                piece = b""
            if piece:
                self._offset += len(piece)
                return piece
            self.close()
            time.sleep(_PAUSE_SECONDS * 2**attempt)
        raise ObjectStoreError(
            f"{self._object.url}: the connection broke again and again at byte {self._offset}",
            "run the same again: what was landed before is kept and not landed twice",
        )

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _requested(self) -> Any:
        stored = self._object
        with _explained(stored.url):
            answer = _client().get_object(
                Bucket=stored.bucket, Key=stored.key, IfMatch=stored.etag, Range=f"bytes={self._offset}-"
            )
            # Not every compatible storage knows conditions.
            if answer.get("ETag", "").strip('"') != stored.etag:
                answer["Body"].close()
                raise _replaced(stored.url)
            return answer["Body"]


def _replaced(url: str) -> MissingInputError:
    return MissingInputError(f"{url} was replaced while it was read", "run again: its new content will be read")


@contextmanager
def _explained(url: str) -> Iterator[None]:
    try:
        yield
    except NoCredentialsError:
        raise ObjectStoreError(
            f"no login for {url}", "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile"
        ) from None
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _CHANGED:
            raise _replaced(url) from None
        if code in _MISSING:
            raise MissingInputError(f"{url} does not exist", "check bucket and key") from None
        raise ObjectStoreError(
            f"the storage refuses {url} ({code})",
            "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, and that this login may list and read",
        ) from None
    except BotoCoreError as error:
        raise ObjectStoreError(
            f"the storage does not answer for {url} ({type(error).__name__})",
            "check AWS_ENDPOINT_URL and the network, then run the same again: nothing counts twice",
        ) from None
