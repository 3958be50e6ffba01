"""Where finished files lie: a folder per run in the home, or a prefix of S3 or compatible storage."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from warehouse import persons
from warehouse.errors import WarehouseError
from warehouse.object_storage import s3_client
from warehouse.settings import Settings

#: The address of an object that a caller is sent on to; he follows it at once.
_OBJECT_SECONDS = 300


class Shelf:
    """The finished files of a warehouse.

    Args:
        settings: REPORTS_PREFIX, else the home, says where.
    """

    def __init__(self, settings: Settings) -> None:
        self._home = settings.home / "reports"
        prefix = settings.reports_prefix
        self._bucket, _, self._folder = ("", "", "") if prefix is None else prefix.removeprefix("s3://").partition("/")

    @contextmanager
    def place(self, run_id: UUID) -> Iterator[Path]:
        """A folder on this machine for the files of a run; what is in it when the block ends well is kept.

        Raises:
            WarehouseError: the storage does not take them.
        """
        if not self._bucket:
            folder = self._home / str(run_id)
            folder.mkdir(parents=True, exist_ok=True)
            yield folder
            return
        self._home.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self._home) as temporary:
            yield Path(temporary)
            with _explained(self.address):
                for path in sorted(Path(temporary).iterdir()):
                    s3_client().upload_file(str(path), self._bucket, self._key(run_id, path.name))

    def location(self, run_id: UUID, name: str) -> str:
        """Where a file lies, for people."""
        return (
            f"s3://{self._bucket}/{self._key(run_id, name)}" if self._bucket else str(self._home / str(run_id) / name)
        )

    def find(self, run_id: UUID, name: str) -> Path | str | None:
        """A file: its path, or the address that its storage answers for some minutes; None if it is not kept.

        Raises:
            WarehouseError: the storage does not answer.
        """
        if not self._bucket:
            path = self._home / str(run_id) / name
            return path if path.parent.parent == self._home and path.is_file() else None
        where: dict[str, Any] = {"Bucket": self._bucket, "Key": self._key(run_id, name)}
        with _explained(self.location(run_id, name)):
            if s3_client().list_objects_v2(Bucket=self._bucket, Prefix=where["Key"]).get("KeyCount", 0) == 0:
                return None
            said = where | {"ResponseContentDisposition": f'attachment; filename="{name}"'}
            found: str = s3_client().generate_presigned_url("get_object", Params=said, ExpiresIn=_OBJECT_SECONDS)
            return found

    @property
    def address(self) -> str:
        """Where all of them lie, for people."""
        return f"s3://{self._bucket}/{self._folder}" if self._bucket else str(self._home)

    def naming(self, person: str) -> list[UUID]:
        """Runs with a file that names a person; in object storage, where files are not looked into, all that have some.

        The home is looked through in any case: it has what was finished before there was an object storage.

        Raises:
            WarehouseError: the storage does not answer.
        """
        naming = {run for path, run in self._files() if run is not None and persons.names(path, person)}
        return sorted(naming | self._stored())

    def sweep(self, person: str) -> int:
        """Drop what is of no run and names a person, as a run that was killed leaves it; returns how many files."""
        naming = [path for path, run in self._files() if run is None and persons.names(path, person)]
        for path in naming:
            path.unlink(missing_ok=True)
        return len(naming)

    def remove(self, run_id: UUID) -> None:
        """Drop the files of a run.

        Raises:
            WarehouseError: the storage does not answer.
        """
        shutil.rmtree(self._home / str(run_id), ignore_errors=True)
        if self._bucket:
            with _explained(self.address):
                for key in self._keys(self._key(run_id, "")):
                    s3_client().delete_object(Bucket=self._bucket, Key=key)

    def _files(self) -> Iterator[tuple[Path, UUID | None]]:
        for path in sorted(self._home.rglob("*")):
            if path.is_file():
                yield path, _run(path.relative_to(self._home).parts[0])

    def _stored(self) -> set[UUID]:
        """Runs that have files in object storage; others may keep theirs below the same prefix."""
        if not self._bucket:
            return set()
        with _explained(self.address):
            folders = (key.split("/")[-2] for key in self._keys(self._below()) if "/" in key)
            return {run for name in folders if (run := _run(name))}

    def _keys(self, prefix: str) -> Iterator[str]:
        for page in s3_client().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
            yield from (found["Key"] for found in page.get("Contents", ()))

    def _key(self, run_id: UUID, name: str) -> str:
        return f"{self._below()}{run_id}/{name}"

    def _below(self) -> str:
        folder = self._folder.strip("/")
        return f"{folder}/" if folder else ""


def _run(name: str) -> UUID | None:
    """The run whose folder is called so; None if that is no run's."""
    try:
        return UUID(name)
    except ValueError:
        return None


@contextmanager
def _explained(where: str) -> Iterator[None]:
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as error:
        raise WarehouseError(
            f"the storage of reports does not take or give {where}: {type(error).__name__}",
            "check REPORTS_PREFIX, AWS_ENDPOINT_URL and the login",
        ) from error
