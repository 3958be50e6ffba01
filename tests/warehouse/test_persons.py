"""An id is found in text and files where it stands as a whole, whatever it is packed in."""

from __future__ import annotations

import gzip
import re
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warehouse import persons


@pytest.mark.parametrize("text", ["ann", "/users/ann/x", '"ann"', "user:ann", "said ann.", "ann, bob", "ann@ home"])
def test_an_id_is_found(text: str) -> None:
    assert re.search(persons.pattern("ann"), text)


@pytest.mark.parametrize("text", ["anna", "ann-2", "joann", "ann@example.org", "ann.smith", "x_ann", "Ann"])
def test_a_longer_one_is_another(text: str) -> None:
    assert not re.search(persons.pattern("ann"), text)


def test_an_id_is_found_in_files_of_every_kind(tmp_path: Path) -> None:
    content = b'{"user_id": "a.person+1", "n": 1}\n' * 3
    (tmp_path / "plain.ndjson").write_bytes(content)
    (tmp_path / "packed.ndjson.gz").write_bytes(gzip.compress(content))
    (tmp_path / "packed.ndjson.zst").write_bytes(persons.zstd.compress(content))
    (tmp_path / "cut.ndjson.gz").write_bytes(b"no gzip: a.person+1")
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", "<t>a.person+1</t>")
    pq.write_table(pa.table({"user_id": ["a.person+1"]}), tmp_path / "table.parquet")
    paths = sorted(tmp_path.iterdir())
    assert [path.name for path in paths if not persons.names(path, "a.person+1")] == []
    assert [path.name for path in paths if persons.names(path, "a.person")] == []


def test_an_id_is_found_where_two_pieces_meet_and_as_json_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "long.ndjson"
    file.write_bytes(b"x" * ((1 << 20) - 4) + b" somebody " + b"x" * 100)
    assert persons.names(file, "somebody")
    file.write_bytes(b'{"user_id": "\\u017c\\u00f3\\u0142w"}')
    assert persons.names(file, "żółw")
