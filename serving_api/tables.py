"""The tables that an answer consists of, as files have them: rows of plain columns, a name each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from serving_api.columns import Column, fields_of

if TYPE_CHECKING:
    from serving_api.endpoint import Part

#: Name of the table of what a document has beside its parts.
FIELDS = "fields"


@dataclass(frozen=True)
class Table:
    """Rows that can be had as a file.

    Attributes:
        name: empty where the answer is one table; that of its part, with those above it and dots between.
        is_rows: whether there can be other than one row.
        sql: the query.
        columns: in its order.
    """

    name: str
    is_rows: bool
    sql: str
    columns: Mapping[str, Column]

    @cached_property
    def flat_columns(self) -> dict[str, Column]:
        """The columns of `flat_sql`: a column for every field of a tuple; lists and maps are JSON."""
        return {name: column for name, _, column in self._flat()}

    @cached_property
    def flat_sql(self) -> str:
        """The query, for formats that know text and numbers only."""
        if all(column.is_plain for column in self.columns.values()):
            return self.sql
        taken = ",\n".join(f"    {expression} as `{name}`" for name, expression, _ in self._flat())
        return "select\n" + taken + "\nfrom (\n" + self.sql + "\n)"

    def _flat(self) -> Iterator[tuple[str, str, Column]]:
        for name, column in self.columns.items():
            if column.is_plain:
                yield name, f"`{name}`", column
            elif fields := fields_of(column.type):
                for field, type_ in fields.items():
                    told = column.model_copy(update={"type": type_})
                    yield f"{name}.{field}", f"tupleElement(`{name}`, '{field}')", told
            else:
                yield name, f"toJSONString(`{name}`)", column.model_copy(update={"type": "String"})


def tables_of(answer: Part) -> dict[str, Table]:
    """The tables of an answer by name, in its order."""
    return {table.name: table for table in _tables(answer, "")}


def _tables(part: Part, name: str) -> Iterator[Table]:
    if not part.parts:
        yield Table(name, part.shape == "rows", part.sql, part.columns)
        return
    above = f"{name}." if name else ""
    fields = [member for member in part.parts if member.shape == FIELDS]
    if fields:
        columns = {column: told for member in fields for column, told in member.columns.items()}
        yield Table(above + FIELDS, False, _beside([member.sql for member in fields]), columns)
    for member in part.parts:
        if member.shape != FIELDS:
            yield from _tables(member, above + member.name)


def _beside(queries: list[str]) -> str:
    """The one row of each query, all in one row."""
    if len(queries) == 1:
        return queries[0]
    return "select *\nfrom " + "\ncross join ".join(
        "(\n" + sql + "\n) as row_" + str(number) for number, sql in enumerate(queries)
    )
