"""What reports keep of a person: finished files, and what was saved about or by him."""

from __future__ import annotations

import json
import re

from serving_api.reports.shelf import Shelf
from serving_api.reports.store import ReportStore, SavedReport
from warehouse.persons import pattern
from warehouse.settings import Settings


def erase_files(settings: Settings, person: str) -> tuple[int, int]:
    """Drop the finished files of every run that names a person; how many runs did, and how many still do.

    Files in object storage are all dropped: each would have to be fetched to be looked at. They can be made again.
    """
    shelf = Shelf(settings)
    naming = shelf.naming(person)
    for run_id in naming:
        shelf.remove(run_id)
    unfinished = shelf.sweep(person)
    return len(naming) + unfinished, len(shelf.naming(person)) if naming else 0


def address(settings: Settings) -> str:
    """Where finished files are kept, for people."""
    return Shelf(settings).address


def erase_saved(settings: Settings, person: str) -> tuple[int, int]:
    """Drop the saved reports that a person owns or that name him; how many, and how many are left."""
    store, naming = ReportStore(settings), _saved(settings, person)
    for report in naming:
        store.delete(report.id)
    if naming:
        store.compact()
    return len(naming), sum(store.get(report.id) is not None for report in naming)


def saved_json(settings: Settings, person: str) -> str:
    """The saved reports that a person owns or that name him, as JSON; empty without any."""
    found = [report.model_dump(mode="json") for report in _saved(settings, person)]
    return json.dumps(found, indent=1) if found else ""


def files_json(settings: Settings, person: str) -> str:
    """The runs whose finished files name a person, as JSON; empty without any."""
    found = [str(run_id) for run_id in Shelf(settings).naming(person)]
    return json.dumps({"runs": found}, indent=1) if found else ""


def _saved(settings: Settings, person: str) -> list[SavedReport]:
    wanted = re.compile(pattern(person))
    return [report for report in ReportStore(settings).all() if wanted.search(report.model_dump_json())]
