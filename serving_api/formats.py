"""The formats that answers come in, and what of an answer a request takes away in which of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from serving_api.parameters import FORMAT, PART, SKIP, Parameter, Values, invalid
from serving_api.problems import NOT_ACCEPTABLE, ParameterError, Problem
from serving_api.tables import Table


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Attributes:
        name: what `format=` takes, and the ending of a file.
        media_type: what `Accept` takes.
        written_as: ClickHouse's name of it; empty when its bytes are made here.
        settings: what ClickHouse needs to be told besides.
        is_flat: whether it knows text and numbers only, so that columns that hold more have to be taken apart.
    """

    name: str
    media_type: str
    written_as: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    is_flat: bool = False

    @property
    def content_type(self) -> str:
        """The media type with its character set."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


JSON = Format("json", "application/json")
#: A figure; its media type is that of JSON, so that only `format=` asks for it.
PLOTLY = Format("plotly", "application/json")
# Null is nothing between two commas, and empty text is "", so that both can be told apart and everybody reads null.
CSV = Format("csv", "text/csv", "CSVWithNames", {"format_csv_null_representation": ""}, is_flat=True)
NDJSON = Format("ndjson", "application/x-ndjson", "JSONEachRow")
PARQUET = Format(
    "parquet", "application/vnd.apache.parquet", "Parquet", {"output_format_parquet_compression_method": "zstd"}
)
# Without compression, which not every reader of Arrow knows.
ARROW = Format(
    "arrow", "application/vnd.apache.arrow.stream", "ArrowStream", {"output_format_arrow_compression_method": "none"}
)
XLSX = Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", is_flat=True)

#: Formats of a table, as ClickHouse writes it: in any length, a piece at a time.
STREAMED = (CSV, NDJSON, PARQUET, ARROW)
FORMATS = (JSON, *STREAMED, XLSX)
#: Media types of what is compressed in itself.
PACKED_TYPES = (PARQUET.media_type, XLSX.media_type)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What of an answer is taken away, and how.

    Attributes:
        format: in which format.
        table: which table, None for the whole document.
        skip: rows left out at its beginning.
    """

    format: Format = JSON
    table: Table | None = None
    skip: int = 0


#: The whole document, as JSON.
WHOLE = Delivery()


def parameters_of(formats: Sequence[Format], tables: Mapping[str, Table]) -> dict[str, Parameter]:
    """The parameters that say how an answer is taken away, by name."""
    names = tuple(known.name for known in formats)
    found = {
        FORMAT: Parameter(
            name=FORMAT,
            type="format",
            choices=names,
            description=f"Format of the answer; goes before `Accept`. Without either it is {names[0]}.",
        )
    }
    if len(tables) > 1:
        found[PART] = Parameter(
            name=PART,
            type="part",
            choices=tuple(tables),
            description=(
                "The part that is meant, as one table. csv, parquet, arrow and xlsx need it; ndjson without it has a"
                " line for each part of the document. Not for json, which has them all."
            ),
        )
    if any(table.is_rows for table in tables.values()):
        found[SKIP] = Parameter(
            name=SKIP,
            type="integer",
            description=(
                "For csv, ndjson, parquet and arrow: rows to leave out at the beginning. Goes on where a download broke"
                " off: rows are in the same order each time, and `as_of` with its `X-Generation` keeps them the same."
            ),
        )
    return found


def chosen(formats: Sequence[Format], named: str | None, accept: str) -> Format:
    """The format that a request is for.

    Args:
        formats: what there is; the first is for those who do not mind.
        named: value of `format=`, which goes before all else.
        accept: the Accept header, empty without one.

    Raises:
        Problem: 406, none of them; names those there are.
    """
    if named is not None:
        found = next((known for known in formats if known.name == named), None)
    elif accept.strip() in ("", "*/*"):
        found = formats[0]
    else:
        # Of two with one type the first is meant.
        by_type = {known.media_type: known for known in reversed(formats)}
        # Character sets and the like do not matter here.
        ranges = [(text.partition(";")[0].strip(), quality) for text, quality in parse_accept_header(accept)]
        found = by_type.get(MIMEAccept(ranges).best_match([known.media_type for known in formats]) or "")
    if found is None:
        names = ", ".join(f"{known.media_type} (format={known.name})" for known in formats)
        raise Problem(NOT_ACCEPTABLE, f"what is asked for is not among the formats of this answer: {names}")
    return found


def delivery(formats: Sequence[Format], tables: Mapping[str, Table], values: Values, accept: str) -> Delivery:
    """What a request takes away.

    Args:
        formats: what there is; the first is for those who do not mind.
        tables: those of the answer, by name.
        values: of the request's parameters.
        accept: the Accept header, empty without one.

    Raises:
        Problem: 406, the answer does not come in a format that is asked for; 400, the parameters do not go together.
    """
    named, part, skip = values.get(FORMAT), values.get(PART), values.get(SKIP)
    form = chosen(formats, named if isinstance(named, str) else None, accept)
    table = None
    if form not in (JSON, PLOTLY):
        table = tables.get(str(part)) if part is not None else None
        if len(tables) == 1:
            table = next(iter(tables.values()))
        elif table is None and form is not NDJSON:
            raise invalid(ParameterError(PART, f"is needed for {form.name}, one of: {', '.join(tables)}"))
    elif part is not None:
        raise invalid(
            ParameterError(PART, f"goes with the formats of files, not with {form.name}, which has all parts")
        )
    if skip and (table is None or form not in STREAMED):
        names = ", ".join(known.name for known in STREAMED)
        raise invalid(ParameterError(SKIP, f"goes with a table in one of the formats {names}"))
    return Delivery(form, table, skip if isinstance(skip, int) else 0)
