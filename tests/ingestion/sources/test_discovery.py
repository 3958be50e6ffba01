"""Which files count."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.sources.discovery import Compression, Format, discover, total_bytes
from ingestion.sources.errors import MissingInputError, UnknownFormatError
from ingestion.sources.files import read
from warehouse.errors import WarehouseError


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"{}\n")


def test_folders_give_known_files_recursively_and_sorted(tmp_path: Path) -> None:
    touch(tmp_path, "b.ndjson", "a/z.csv.gz", "a/y.parquet", "c.JSONL.zst", "a.ndjson.gz")
    touch(
        tmp_path,
        ".hidden.ndjson",
        ".git/x.ndjson",
        "d.ndjson.tmp",
        "e.csv.part",
        "readme.md",
        "f.gz",
        "g.json",
    )
    names = [Path(file.name).relative_to(tmp_path).as_posix() for file in discover([tmp_path])]
    assert names == ["a/y.parquet", "a/z.csv.gz", "a.ndjson.gz", "b.ndjson", "c.JSONL.zst"]


def test_suffixes_say_format_and_compression(tmp_path: Path) -> None:
    touch(tmp_path, "a.jsonl", "b.csv.gz", "c.parquet.zst")
    kinds = [(file.format, file.compression) for file in discover([tmp_path])]
    assert kinds == [
        (Format.NDJSON, Compression.NONE),
        (Format.CSV, Compression.GZIP),
        (Format.PARQUET, Compression.ZSTD),
    ]


def test_arguments_keep_their_order_and_count_once(tmp_path: Path) -> None:
    touch(tmp_path, "a.ndjson", "b.ndjson")
    files = discover([tmp_path / "b.ndjson", tmp_path, "-", tmp_path / "." / "a.ndjson"])
    assert [file.name for file in files] == [str(tmp_path / "b.ndjson"), str(tmp_path / "a.ndjson"), "stdin"]
    assert total_bytes(files) == 6


def test_an_empty_folder_is_no_error(tmp_path: Path) -> None:
    assert discover([tmp_path]) == []


def test_a_missing_path_says_so_at_the_call(tmp_path: Path) -> None:
    with pytest.raises(MissingInputError, match="does not exist") as caught:
        read([tmp_path / "nowhere.ndjson"])
    assert isinstance(caught.value, WarehouseError)
    assert caught.value.hint


@pytest.mark.parametrize("name", ["events.txt", "events.json", "events.ndjson.part", "events.csv.bz2"])
def test_a_named_file_of_unknown_suffix_says_what_is_known(tmp_path: Path, name: str) -> None:
    touch(tmp_path, name)
    with pytest.raises(UnknownFormatError, match=r"\.parquet"):
        discover([tmp_path / name])
