"""Objects of a real S3 server are read as the same files on disk are, and watched under prefixes."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from backports import zstd
from typer.testing import CliRunner

from ingestion.simulator import simulate
from ingestion.sources.discovery import discover
from ingestion.sources.errors import MissingInputError, SourceError, UnknownFormatError
from ingestion.sources.files import read
from ingestion.sources.objects import ObjectStoreError, drain, new_objects
from tests.faults.state import ledger
from warehouse.cli.main import app
from warehouse.errors import SettingsError
from warehouse.locks import exclusive
from warehouse.object_storage import s3_client
from warehouse.settings import Settings

EVENTS = b"".join(simulate(events=3000, days=5, seed=5))
CSV = b"event_id,event_type,occurred_at,user_id\n" + b"".join(
    f"00000000-0000-4000-8000-{n:012d},user.signin,2025-01-01T00:00:00Z,u{n}\n".encode() for n in range(500)
)


def parquet(folder: Path) -> bytes:
    rows = [line.split(",") for line in CSV.decode().splitlines()]
    pq.write_table(pa.table(dict(zip(rows[0], zip(*rows[1:], strict=True), strict=True))), folder / "table.parquet")
    return (folder / "table.parquet").read_bytes()


def test_every_format_gives_the_batches_of_the_local_file(bucket: Any, tmp_path: Path) -> None:
    table = parquet(tmp_path)
    contents = {
        "a.ndjson": EVENTS, "b.jsonl.gz": gzip.compress(EVENTS), "c.ndjson.zst": zstd.compress(EVENTS), "d.csv": CSV,
        "e.csv.gz": gzip.compress(CSV), "f.parquet": table, "g.parquet.gz": gzip.compress(table),
    }  # fmt: skip
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        url = bucket.put(f"folder with space/ünï/{name}", content)
        progress: list[int] = []
        found = list(read([url], chunk_bytes=100_000, progress=progress.append))
        assert [(batch.batch_id, batch.lines) for batch in found] == [
            (batch.batch_id, batch.lines) for batch in read([tmp_path / name], chunk_bytes=100_000)
        ]
        assert {batch.origin for batch in found} == {url}
        assert sum(progress) == len(content)


def test_a_prefix_stands_for_what_begins_so(bucket: Any) -> None:
    for key in ("in/b.ndjson", "in/a.csv", "in/.hidden/x.csv", "in/x.ndjson.part", "in/_SUCCESS", "in2/c.csv", "d.csv"):
        bucket.put(key, CSV)
    root = f"s3://{bucket.name}"
    assert [file.name for file in discover([f"{root}/in/"])] == [f"{root}/in/a.csv", f"{root}/in/b.ndjson"]
    assert [file.name for file in discover([f"{root}/in"])][-1] == f"{root}/in2/c.csv"
    assert len(discover([root, f"{root}/in/"])) == 4
    assert discover([f"{root}/in/_"]) == []
    with pytest.raises(UnknownFormatError, match="_SUCCESS"):
        discover([f"{root}/in/_SUCCESS"])
    with pytest.raises(MissingInputError, match="no key begins"):
        discover([f"{root}/out/"])
    with pytest.raises(MissingInputError, match="does not exist"):
        discover(["s3://there-is-no-such-bucket/x"])


def test_a_listing_of_many_pages(bucket: Any) -> None:
    for number in range(1005):
        bucket.put(f"many/{number:04d}.ndjson", b"{}\n")
    assert len(discover([f"s3://{bucket.name}/many/"])) == 1005


def test_ingest_lands_an_object_once(bucket: Any, empty: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(empty.home))
    url = bucket.put("x.ndjson", EVENTS)
    runner = CliRunner()
    first, second = (json.loads(runner.invoke(app, ["ingest", url, "--json"]).stdout) for _ in range(2))
    assert (first["received"], first["stored"]) == (3000, 3000)
    assert (second["stored"], second["duplicates"]) == (0, 3000)
    assert ledger(empty).batches == 1


def watching(settings: Settings, *prefixes: str) -> Settings:
    return settings.model_copy(update={"landing_prefixes": ", ".join(prefixes)})


def test_watched_prefixes_are_landed_object_by_object_and_never_twice(bucket: Any, empty: Settings) -> None:
    settings = watching(empty, f"s3://{bucket.name}/one/", f"s3://{bucket.name}/two/")
    assert drain(settings).totals.received == 0
    bucket.put("one/a.csv", CSV)
    bucket.put("two/a.ndjson", EVENTS)
    bucket.put("two/same.csv", CSV)  # its content is known already
    bucket.put("two/empty.csv", b"")
    bucket.put("elsewhere/c.csv", CSV)
    assert len(new_objects(settings)) == 4
    done = drain(settings)
    assert (done.totals.stored, done.totals.duplicates, done.waiting) == (3500, 500, 0)
    assert new_objects(settings) == []
    assert drain(settings).totals.batches == 0
    assert ledger(settings).stored == 3500


def test_an_object_replaced_under_its_key_is_read_again(bucket: Any, empty: Settings) -> None:
    settings = watching(empty, f"s3://{bucket.name}/")
    bucket.put("a.csv", CSV[:-200])
    first = drain(settings).totals.stored
    bucket.put("a.csv", CSV)
    done = drain(settings)
    assert first + done.totals.stored == 500
    assert new_objects(settings) == []


def test_what_cannot_be_read_is_set_aside_until_it_is_replaced(bucket: Any, empty: Settings) -> None:
    settings = watching(empty, f"s3://{bucket.name}/")
    bucket.put("a.csv.gz", gzip.compress(CSV)[:-20])
    bucket.put("b.csv", CSV)
    done = drain(settings)
    assert (done.refused, done.totals.stored) == (1, 500)
    assert "a.csv.gz" in done.notes[0]
    assert new_objects(settings) == []
    bucket.put("a.csv.gz", gzip.compress(CSV))
    assert drain(settings).refused == 0


def test_an_object_replaced_while_it_is_read_is_not_mixed(bucket: Any) -> None:
    url = bucket.put("a.ndjson", EVENTS)
    (file,) = discover([url])
    bucket.put("a.ndjson", EVENTS[: len(EVENTS) // 2])
    with pytest.raises(MissingInputError, match="was replaced"):
        list(read_file(file))
    bucket.client.delete_object(Bucket=bucket.name, Key="a.ndjson")
    with pytest.raises(MissingInputError, match="does not exist"):
        list(read_file(file))


def read_file(file: Any) -> Any:
    from ingestion.sources.files import read_files

    return read_files([file])


def test_a_drain_beside_another_says_so(bucket: Any, empty: Settings) -> None:
    settings = watching(empty, f"s3://{bucket.name}/")
    with exclusive("objects", settings):
        found: list[Any] = []
        thread = threading.Thread(target=lambda: found.append(drain(settings)))
        thread.start()
        thread.join()
    assert "already running" in found[0].notes[0]


class CuttingProxy:
    """A way to the server on which connections break after some bytes of an answer."""

    def __init__(self, target: str, limit: int) -> None:
        host, _, port = target.removeprefix("http://").partition(":")
        self._target, self._limit = (host, int(port)), limit
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            threading.Thread(target=self._pump, args=(client, server, None), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, self._limit), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, limit: int | None) -> None:
        passed = 0
        try:
            while piece := source.recv(16384):
                if limit is not None and passed + len(piece) > limit:
                    self.cuts += 1
                    break
                target.sendall(piece)
                passed += len(piece)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


def test_a_connection_that_breaks_is_taken_up_where_it_broke(bucket: Any, objects: Any, monkeypatch: Any) -> None:
    url = bucket.put("a.ndjson.gz", gzip.compress(EVENTS * 5, 1))
    (file,) = discover([url])
    assert file.size > 600_000
    proxy = CuttingProxy(objects.url, 150_000)
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
    s3_client.cache_clear()
    assert b"".join(batch.lines for batch in read_file(file)) == EVENTS * 5
    assert proxy.cuts >= 4
    proxy.close()


def test_failures_of_the_storage_say_what_to_do(bucket: Any, empty: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = watching(empty, f"s3://{bucket.name}/")
    bucket.put("a.csv", CSV)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong-one")
    s3_client.cache_clear()
    with pytest.raises(ObjectStoreError, match="refuses"):
        drain(settings)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    s3_client.cache_clear()
    with pytest.raises(ObjectStoreError, match="AWS_ENDPOINT_URL") as error:
        drain(settings)
    assert "wrong-one" not in str(error.value)
    # Not noted as unreadable: it is read once the storage is back.
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    s3_client.cache_clear()
    with pytest.raises(ObjectStoreError, match="no login"):
        drain(settings)


@pytest.mark.parametrize("prefix", ["bucket/folder", "s3://", "s3://a/b,/tmp"])
def test_prefixes_are_checked(empty: Settings, prefix: str) -> None:
    with pytest.raises(SettingsError, match="LANDING_PREFIXES"):
        drain(watching(empty, prefix))


def test_no_prefix_is_no_work(empty: Settings) -> None:
    assert drain(empty).totals.received == 0


def test_source_errors_are_not_lost(bucket: Any) -> None:
    with pytest.raises(SourceError):
        list(read([bucket.put("x.csv", b"\xff\xfe\x00")]))
