"""Subject access: everything that the warehouse keeps of a person, in one archive that needs no tools to be read.

Rows are searched for in every table in the same way as an erasure does, so that what one gives the other takes.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.erasure import tables
from warehouse import publications
from warehouse.client import Identity, connect, http_endpoint, receive
from warehouse.errors import WarehouseError
from warehouse.persons import pattern
from warehouse.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_README = resources.files(__package__).joinpath("access.md").read_text("utf-8")
_RAW = ("events", "quarantine")
_FORMAT = {
    "default_format": "JSONEachRow",
    "output_format_json_quote_64bit_integers": "0",
    "output_format_json_quote_decimals": "1",
    "date_time_output_format": "iso",
}


class ExportError(WarehouseError):
    """An archive could not be written."""


@dataclass(frozen=True, slots=True)
class Exported:
    """An archive.

    Attributes:
        path: of the file.
        generation: the one whose marts are in it; None before the first publication.
        rows: by name of the member of the archive; members without rows are left out.
    """

    path: Path
    generation: int | None
    rows: dict[str, int]


def export(settings: Settings, person: str, target: Path, documents: Mapping[str, str]) -> Exported:
    """Write everything of a person to a ZIP file, for its owner only; whole or not at all.

    Args:
        settings: names the home and the ClickHouse.
        person: the id.
        target: of the file; an existing one is replaced.
        documents: further members by name, as text; empty ones are left out.

    Raises:
        ExportError: the file cannot be written.
    """
    client = connect(Identity.ADMIN, settings, log_comment="access export")
    shown = publications.current(client)
    staged = target.with_name(f".{target.name}.part")
    rows: dict[str, int] = {}
    try:
        descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for table in _tables(client, shown.database if shown else ""):
                if not tables.names(client, table, person):
                    continue
                name = f"{'raw' if table.database == 'raw' else 'marts'}/{table.name}.ndjson"
                with archive.open(name, "w", force_zip64=True) as member:
                    for piece in _rows(settings, table, person):
                        rows[name] = rows.get(name, 0) + piece.count(b"\n")
                        member.write(piece)
            for name, text in documents.items():
                if text:
                    archive.writestr(name, text)
            archive.writestr("README.md", _readme(person, rows, shown.generation if shown else None))
        staged.replace(target)
    except OSError as error:
        staged.unlink(missing_ok=True)
        raise ExportError(
            f"cannot write {target}: {error.strerror}", "choose a file in a folder that exists"
        ) from error
    except BaseException:
        staged.unlink(missing_ok=True)
        raise
    return Exported(target, shown.generation if shown else None, rows)


def _tables(client: Client, marts: str) -> list[tables.Table]:
    return [
        table
        for table in tables.tables(client)
        if table.database == marts or (table.database == "raw" and table.name in _RAW)
    ]


def _rows(settings: Settings, table: tables.Table, person: str) -> Iterator[bytes]:
    return receive(
        http_endpoint(Identity.ADMIN, settings),
        f"SELECT * FROM {table.address} WHERE {table.naming}",
        parameters={**_FORMAT, "param_pattern": pattern(person).replace("\\", "\\\\")},
    )


def _readme(person: str, rows: Mapping[str, int], generation: int | None) -> str:
    listed = "\n".join(f"| `{name}` | {count:,} |" for name, count in sorted(rows.items()))
    made = datetime.now(UTC).isoformat(timespec="seconds")
    return _README.format(person=person, made=made, generation=generation or "none", listed=listed or "| none | 0 |")
