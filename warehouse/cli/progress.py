"""Progress of long work: a bar on a terminal, plain lines in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LINE_SECONDS = 10.0

#: Called with what has been done so far and, where it is known only later, the whole.
Report = Callable[[float, float | None], None]


@contextmanager
def progress(label: str, total: float | None, *, size: bool = False) -> Iterator[Report]:
    """Show how far work has come, on stderr.

    Args:
        label: what is being done.
        total: the whole, in the unit of what is reported; None or 0 while unknown.
        size: the unit is bytes.
    """
    if sys.stderr.isatty():
        with _bar(label, total, size) as report:
            yield report
    else:
        yield _lines(label, total, size)


@contextmanager
def _bar(label: str, total: float | None, size: bool) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TransferSpeedColumn,
    )

    columns = (DownloadColumn(), TransferSpeedColumn()) if size else (MofNCompleteColumn(),)
    layout = (TextColumn("{task.description}"), BarColumn(), *columns, TimeElapsedColumn())
    with Progress(*layout, console=Console(stderr=True)) as bars:
        task = bars.add_task(label, total=total or None)

        def report(done: float, whole: float | None = None) -> None:
            bars.update(task, completed=done, total=whole if whole is not None else total or None)

        yield report


def _lines(label: str, total: float | None, size: bool) -> Report:
    last = time.monotonic()

    def report(done: float, whole: float | None = None) -> None:
        nonlocal last
        if time.monotonic() - last < _LINE_SECONDS:
            return
        last = time.monotonic()
        whole = whole if whole is not None else total
        shown = f"{done / 1e6:,.0f} MB" if size else f"{done:,.0f}"
        share = f" ({done / whole:.0%})" if whole else ""
        print(f"{label}: {shown}{share}", file=sys.stderr, flush=True)

    return report
