"""What is written into a file: a query with all its parameters, and what its columns are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from serving_api.reports.definition import ReportColumn

#: Rows of data in one sheet of a workbook; a sheet has 1,048,576 in all, two of which are the header and the totals.
SHEET_ROWS = 1_048_574


@dataclass(frozen=True, slots=True)
class Table:
    """Rows to be written.

    Attributes:
        name: a plain word, for the file.
        title: for people.
        description: how the rows are to be read.
        sql: one SELECT whose rows are in an order without ties.
        parameters: what its placeholders stand for, as `param_<name>` in the text form that ClickHouse takes.
        conditions: the same for people, by name: days, filters.
        columns: in the order of the SELECT.
    """

    name: str
    title: str
    description: str
    sql: str
    parameters: Mapping[str, str]
    conditions: Mapping[str, str]
    columns: Mapping[str, ReportColumn] = field(default_factory=dict)
