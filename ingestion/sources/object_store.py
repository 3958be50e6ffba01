"""Access to S3 and compatible storage: listings, and the bytes of one version of an object."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from urllib3.exceptions import HTTPError

from ingestion.sources.discovery import S3, Readable
from ingestion.sources.errors import MissingInputError, SourceError
from warehouse.object_storage import s3_client

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


def stored_objects(url: str) -> list[StoredObject]:
    """The objects whose keys begin as `s3://bucket/prefix` says.

    Raises:
        MissingInputError: there is no such bucket.
        ObjectStoreError: the storage does not answer or refuses.
    """
    bucket, _, prefix = url.removeprefix(S3).partition("/")
    with _explained(f"{S3}{bucket}"):
        pages = s3_client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [
            StoredObject(bucket, found["Key"], found.get("ETag", "").strip('"'), found["Size"])
            for page in pages
            for found in page.get("Contents", ())
        ]


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
            answer = s3_client().get_object(
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
