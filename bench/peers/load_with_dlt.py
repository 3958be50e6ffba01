"""Load a file of events into ClickHouse with dlt: `python load_with_dlt.py FILE FOLDER WAY`.

Run by the interpreter of dlt's own environment, which has nothing of this project. `WAY` is `rows` (dictionaries, the
way most pipelines are written) or `arrow` (tables, which dlt hands on as files), then `append`, or `merge` on the id.
"""

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import dlt
import pyarrow as pa

PAGE = 20_000
_SCHEMA = pa.schema(
    [
        ("event_id", pa.string()), ("event_type", pa.string()), ("occurred_at", pa.timestamp("us", "UTC")),
        ("user_id", pa.string()), ("session_id", pa.string()), ("source", pa.string()),
        ("context", pa.string()), ("properties", pa.string()),
    ]
)  # fmt: skip


def pages(path: str) -> Iterator[list[dict[str, Any]]]:
    """The events of a file, many at a time."""
    with Path(path).open("rb") as lines:
        while page := [json.loads(line) for line in islice(lines, PAGE)]:
            yield page


def tables(path: str) -> Iterator[pa.Table]:
    """The same as Arrow tables, what is open in them as JSON."""
    for page in pages(path):
        for event in page:
            event["properties"] = json.dumps(event["properties"])
            event["context"] = json.dumps(event["context"])
            event["occurred_at"] = pa.scalar(event["occurred_at"]).cast(pa.timestamp("us", "UTC")).as_py()
        yield pa.Table.from_pylist(page, schema=_SCHEMA)


def main(path: str, folder: str, way: str, disposition: str) -> None:
    """Run the pipeline once."""
    pipeline = dlt.pipeline("events", pipelines_dir=folder, destination="clickhouse", dataset_name="peer")
    resource = dlt.resource(
        pages(path) if way == "rows" else tables(path),
        name="events",
        primary_key="event_id",
        write_disposition=disposition,
        max_table_nesting=0,
        columns={"context": {"data_type": "json"}, "properties": {"data_type": "json"}} if way == "rows" else None,
    )
    # Of the formats that dlt can hand to ClickHouse the faster one.
    pipeline.run(resource, loader_file_format="parquet")


if __name__ == "__main__":
    main(*sys.argv[1:])
