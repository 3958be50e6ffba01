"""Where backups are kept: a folder, or a prefix of S3 or compatible storage."""

from __future__ import annotations

import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from urllib.parse import urlsplit

from clickhouse_connect.driver.binding import format_query_value

from warehouse.backups.manifest import NAME, BackupError
from warehouse.object_storage import s3_client, s3_login
from warehouse.settings import Settings

_S3 = "s3://"
_TABLES, _ARCHIVE = "clickhouse", "clickhouse.tar"


class Place(ABC):
    """One backup, finished or not, or the folder of all.

    Attributes:
        address: path or `s3://` address.
    """

    address: str

    @abstractmethod
    def below(self, name: str) -> Place:
        """A place in this one."""

    @abstractmethod
    def beside(self) -> Place:
        """The folder of all, of which this is one."""

    @abstractmethod
    def writing(self, settings: Settings) -> AbstractContextManager[str]:
        """Where ClickHouse is to write its part, as `BACKUP … TO` takes it; here when the block has ended."""

    @abstractmethod
    def reading(self, settings: Settings) -> AbstractContextManager[str]:
        """Where ClickHouse can read its part within the block, as `RESTORE … FROM` takes it."""

    @abstractmethod
    def put(self, file: Path, name: str) -> None:
        """Copy a file here."""

    @abstractmethod
    def get(self, name: str, file: Path) -> None:
        """Copy a file from here; one with secrets is made for its owner only."""

    @abstractmethod
    def finished(self) -> list[str]:
        """Names of the finished backups in here, oldest first."""

    @abstractmethod
    def remove(self) -> None:
        """Delete it all."""


class Folder(Place):
    """A folder of this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.address = str(path)

    def below(self, name: str) -> Folder:
        """See `Place`."""
        return Folder(self._path / name)

    def beside(self) -> Folder:
        """See `Place`."""
        return Folder(self._path.absolute().parent)

    @contextmanager
    def writing(self, settings: Settings) -> Iterator[str]:
        """See `Place`."""
        if not settings.embedded:
            raise BackupError(
                "a ClickHouse server does not write into folders of this machine",
                "set WAREHOUSE_BACKUPS to an s3:// prefix that the server reaches",
            )
        yield _file(self._path / _TABLES)

    @contextmanager
    def reading(self, settings: Settings) -> Iterator[str]:
        """See `Place`."""
        if not settings.embedded:
            raise BackupError(
                "a ClickHouse server does not read folders of this machine",
                "restore into the embedded engine, or from an s3:// address that the server reaches",
            )
        yield _file(self._path / _TABLES)

    def put(self, file: Path, name: str) -> None:
        """See `Place`."""
        target = self._path / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        staged = target.with_name(f"{target.name}.new")
        descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as to, file.open("rb") as source:
            shutil.copyfileobj(source, to)
            to.flush()
            os.fsync(to.fileno())
        staged.replace(target)

    def get(self, name: str, file: Path) -> None:
        """See `Place`."""
        source = self._path / name
        if not source.is_file():
            raise _absent(self.address, name)
        with _private(file) as to, source.open("rb") as found:
            shutil.copyfileobj(found, to)

    def finished(self) -> list[str]:
        """See `Place`."""
        return sorted(path.parent.name for path in self._path.glob(f"*/{NAME}"))

    def remove(self) -> None:
        """See `Place`."""
        # First what makes it a backup, so that half a one never looks whole.
        (self._path / NAME).unlink(missing_ok=True)
        shutil.rmtree(self._path, ignore_errors=True)


class Prefix(Place):
    """Objects that begin alike; login and address from the environment as everywhere."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        parts = urlsplit(self.address)
        self._bucket, self._key = parts.netloc, parts.path.strip("/")

    def below(self, name: str) -> Prefix:
        """See `Place`."""
        return Prefix(f"{self.address}/{name}")

    def beside(self) -> Prefix:
        """See `Place`."""
        return Prefix(self.address.rpartition("/")[0])

    @contextmanager
    def writing(self, settings: Settings) -> Iterator[str]:
        """See `Place`. The embedded engine's BACKUP knows no S3: it writes a file, which is sent."""
        if not settings.embedded:
            yield self._native()
            return
        with _staged(settings) as archive:
            yield _file(archive)
            self.put(archive, _ARCHIVE)

    @contextmanager
    def reading(self, settings: Settings) -> Iterator[str]:
        """See `Place`."""
        if not settings.embedded:
            yield self._native()
            return
        with _staged(settings) as archive:
            self.get(_ARCHIVE, archive)
            yield _file(archive)

    def _native(self) -> str:
        url = f"{s3_client().meta.endpoint_url}/{self._bucket}/{self._name(_ARCHIVE)}"
        return f"S3({', '.join(format_query_value(text) for text in (url, *s3_login()))})"

    def put(self, file: Path, name: str) -> None:
        """See `Place`."""
        s3_client().upload_file(str(file), self._bucket, self._name(name))

    def get(self, name: str, file: Path) -> None:
        """See `Place`."""
        from botocore.exceptions import ClientError

        try:
            with _private(file) as to:
                s3_client().download_fileobj(self._bucket, self._name(name), to)
        except ClientError as error:
            file.unlink()
            raise _absent(self.address, name) from error

    def finished(self) -> list[str]:
        """See `Place`."""
        start = f"{self._key}/" if self._key else ""
        return sorted(name.split("/")[0] for name in self._names(start) if name.split("/")[1:] == [NAME])

    def remove(self) -> None:
        """See `Place`."""
        names = self._names(f"{self._key}/")
        for name in sorted(names, key=lambda name: name != NAME):
            s3_client().delete_object(Bucket=self._bucket, Key=self._name(name))

    def _name(self, name: str) -> str:
        return f"{self._key}/{name}" if self._key else name

    def _names(self, start: str) -> list[str]:
        pages = s3_client().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=start)
        return [found["Key"].removeprefix(start) for page in pages for found in page.get("Contents", ())]


def place(address: str) -> Place:
    """The place an address names: `s3://bucket/prefix`, else a folder."""
    return Prefix(address) if address.startswith(_S3) else Folder(Path(address).expanduser().absolute())


def _file(path: Path) -> str:
    return f"File({format_query_value(str(path))})"


@contextmanager
def _staged(settings: Settings) -> Iterator[Path]:
    settings.backup_folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".staged-", dir=settings.backup_folder) as staged:
        yield Path(staged) / _ARCHIVE


def _absent(address: str, name: str) -> BackupError:
    return BackupError(f"{address} has no {name}", "choose a finished backup: `warehouse backups`")


def _private(file: Path) -> BinaryIO:
    file.parent.mkdir(parents=True, exist_ok=True)
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
