"""What can be wrong with an input, each with the name of the input and a way out."""

from __future__ import annotations

from warehouse.errors import WarehouseError


class SourceError(WarehouseError):
    """An input cannot be read as events. Batches handed over before it are good."""


class MissingInputError(SourceError):
    """A named path, folder or file of a folder does not exist."""


class UnknownFormatError(SourceError):
    """A file named on the command line has a suffix no reader is known for."""


class UnreadableInputError(SourceError):
    """The file cannot be opened, or its archive or container is truncated or corrupt."""


class LineTooLongError(SourceError):
    """A line goes on beyond what a reader may hold in memory."""


class BadTableError(SourceError):
    """A CSV or Parquet file is readable, but is not a table of events."""
