"""Sources: what turns an input into batches of events. One module each; readers of paths are known here by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingestion.batch import Batch
from ingestion.sources import files, olist
from ingestion.sources.chunks import CHUNK_BYTES
from ingestion.sources.discovery import PathLike
from ingestion.sources.errors import SourceError
from ingestion.sources.files import Progress

__all__ = ["READERS", "Reading", "SourceError", "open_source"]


@dataclass(frozen=True, slots=True)
class Reading:
    """An input about to be read.

    Attributes:
        total_bytes: bytes the progress callback will count to; 0 if unknown (standard input).
        batches: the batches, to be iterated once.
        notes: sentences about what was passed over and why; complete once `batches` is exhausted.
    """

    total_bytes: int
    batches: Iterator[Batch]
    notes: Callable[[], list[str]]


Reader = Callable[[Sequence[PathLike], int, Progress | None], Reading]


def _open_olist(paths: Sequence[PathLike], chunk_bytes: int, progress: Progress | None) -> Reading:
    folder = olist.only_folder(paths)
    summary = olist.Summary()
    batches = olist.read(folder, chunk_bytes=chunk_bytes, progress=progress, summary=summary)
    return Reading(olist.total_bytes(folder), batches, summary.sentences)


READERS: Mapping[str, Reader] = {olist.SOURCE: _open_olist}


def open_source(
    name: str,
    paths: Sequence[PathLike],
    *,
    chunk_bytes: int = CHUNK_BYTES,
    progress: Progress | None = None,
) -> Reading:
    """Opens `paths` with the reader registered under `name`, else with the files reader under that name.

    Raises:
        SourceError: the paths cannot be read; bad content raises while the batches are iterated.
    """
    if reader := READERS.get(name):
        return reader(paths, chunk_bytes, progress)
    found = files.discover(paths)
    batches = files.read_files(found, source=name, chunk_bytes=chunk_bytes, progress=progress)
    return Reading(files.total_bytes(found), batches, list)
