"""What the home keeps of a person outside of ClickHouse: files that have landed, what waits, and what was logged."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from ingestion.erasure.certificate import Place
from warehouse import persons
from warehouse.settings import Settings

#: Seen to elsewhere: tables, and folders and files with a sweep of their own.
_ELSEWHERE = (
    *("engine/data", "spool", "dagster", "reports", "reports.sqlite"),
    *("backups", "erasures", "requests", "locks"),
)


def files(settings: Settings, person: str, folders: Iterable[Path]) -> Place:
    """Delete files of events that name a person; they have landed, and `raw` has the events of everybody else in them.

    Args:
        settings: names the home.
        person: the id.
        folders: where files of events are kept once they have landed.
    """
    return removed("files of events that have landed or were refused", person, _below(folders))


def spool(settings: Settings, person: str) -> Place:
    """Delete what the collector has set aside as damaged, where it names the person; all else has landed."""
    return removed("segments of the collector's spool", person, _below([settings.home / "spool"]))


def logs(settings: Settings, person: str) -> Place:
    """Empty the logs that name a person; whoever writes them goes on at their beginning."""
    naming = [path for path in _rest(settings) if path.suffix == ".log" and persons.names(path, person)]
    for path in naming:
        os.truncate(path, 0)
    return Place("log files", len(naming), sum(persons.names(path, person) for path in naming), "emptied")


def rest(settings: Settings, person: str) -> Place:
    """Count other files of the home that name a person; there should be none, and none is touched."""
    naming = [path.name for path in _rest(settings) if persons.names(path, person)]
    return Place("other files of the home", len(naming), len(naming), ", ".join(naming[:5]) or "none was found")


def removed(name: str, person: str, paths: Iterable[Path]) -> Place:
    """Delete those of some files that name a person."""
    naming = [path for path in paths if persons.names(path, person)]
    for path in naming:
        path.unlink(missing_ok=True)
    return Place(name, len(naming), sum(path.exists() for path in naming), "deleted")


def _below(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder.is_dir():
            yield from (path for path in sorted(folder.rglob("*")) if path.is_file())


def _rest(settings: Settings) -> Iterator[Path]:
    elsewhere = [settings.home / name for name in _ELSEWHERE]
    for path in _below([settings.home]):
        if not any(path.is_relative_to(place) for place in elsewhere):
            yield path
