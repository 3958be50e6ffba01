"""CSV → events."""

from __future__ import annotations

import gzip
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from ingestion.sources.errors import BadTableError
from ingestion.sources.files import read

HEADER = "event_id,event_type,occurred_at,user_id"


def lines(folder: Path, content: str | bytes, name: str = "t.csv") -> list[bytes]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (0, 0))  # long finished, so that nothing waits for its last line
    return b"".join(batch.lines for batch in read([path])).splitlines()


def events(folder: Path, content: str | bytes) -> list[Any]:
    return [orjson.loads(line) for line in lines(folder, content)]


def test_golden(tmp_path: Path) -> None:
    content = (
        "\ufeffid,type,created_at,userId,session_id,source,amount,prop.type,output_types,page_url,context.referrer,note\r\n"
        'e1,order.created,2026-01-01T00:00:00Z,u1,s1,shop,12.30,x,"[""captions"",2]",https://a,https://b,'
        '"two\r\nlines, ""q"""\r\n'
        "\r\n"
        "e2,user.signin,2026-01-02T00:00:00Z,u2,,,,,,,,\r\n"
        "e3,user.signin,2026-01-03T00:00:00Z,u3\r\n"
    )
    assert lines(tmp_path, content) == [
        b'{"event_id":"e1","event_type":"order.created","occurred_at":"2026-01-01T00:00:00Z","user_id":"u1",'
        b'"session_id":"s1","source":"shop","context":{"page_url":"https://a","referrer":"https://b"},'
        b'"properties":{"amount":"12.30","type":"x","output_types":["captions",2],'
        b'"note":"two\\r\\nlines, \\"q\\""}}',
        b'{"event_id":"e2","event_type":"user.signin","occurred_at":"2026-01-02T00:00:00Z","user_id":"u2"}',
        b'{"event_id":"e3","event_type":"user.signin","occurred_at":"2026-01-03T00:00:00Z","user_id":"u3"}',
    ]


def test_a_second_spelling_of_an_envelope_field_is_a_property(tmp_path: Path) -> None:
    [event] = events(tmp_path, f"{HEADER},type\ne1,conversion,2026-01-01T00:00:00Z,u,signup\n")
    assert (event["event_type"], event["properties"]) == ("conversion", {"type": "signup"})


def test_whole_objects_as_json_keep_their_digits_and_yield_to_columns(tmp_path: Path) -> None:
    header = f"{HEADER},data,context,plan"
    whole = '"{""amount"": 12.3400,\n ""plan"": ""a"", ""big"": 12345678901234567890}"'
    row = f"e1,x,2026-01-01T00:00:00Z,u,{whole},"
    [line] = lines(tmp_path, f'{header}\n{row}"{{""ip"": ""10.0.0.1""}}",b\n')
    assert b'"properties":{"amount":12.3400,"plan":"b","big":12345678901234567890}' in line
    assert b'"context":{"ip":"10.0.0.1"}' in line


@pytest.mark.parametrize("cell", ["oops", '"[1]"', '"{""a"": NaN}"', '"{""a"": ""\\ud800""}"'])
def test_an_object_column_without_an_object_goes_on_as_text(tmp_path: Path, cell: str) -> None:
    [event] = events(tmp_path, f"{HEADER},properties,plan\ne1,x,2026-01-01T00:00:00Z,u,{cell},b\n")
    assert isinstance(event["properties"], str)


def test_too_many_fields_go_on_as_their_text_in_one_line(tmp_path: Path) -> None:
    good = "e{},user.signin,2026-01-01T00:00:00Z,u"
    bad = 'e2,user.signin,2026-01-01T00:00:00Z,u,"two\nlines",extra'
    found = lines(tmp_path, f"{HEADER}\n{good.format(1)}\n{bad}\n{good.format(3)}\n")
    assert [orjson.loads(found[0])["event_id"], orjson.loads(found[2])["event_id"]] == ["e1", "e3"]
    assert found[1] == bad.replace("\n", "\\n").encode()


def test_broken_quotes_cost_their_own_line_only(tmp_path: Path) -> None:
    rows = [f"e{n},user.signin,2026-01-01T00:00:00Z,u" for n in range(3000)]
    rows[10] = 'e10,user.signin,2026-01-01T00:00:00Z,"u'
    found = lines(tmp_path, "\n".join([HEADER, *rows]) + "\n")
    assert len(found) == 3000
    assert found[10] == rows[10].encode()
    assert orjson.loads(found[11])["event_id"] == "e11"
    assert orjson.loads(found[-1])["event_id"] == "e2999"


def test_an_unclosed_quote_in_a_large_file_costs_its_own_line_only(tmp_path: Path) -> None:
    rows = [f"e{n},user.signin,2026-01-01T00:00:00Z,u" for n in range(60_000)]
    rows[0] = 'e0,user.signin,2026-01-01T00:00:00Z,"u'
    found = lines(tmp_path, "\n".join([HEADER, *rows]) + "\n")
    assert len(found) == 60_000
    assert found[0] == rows[0].encode()


def test_bytes_that_are_not_utf8_survive_for_quarantine(tmp_path: Path) -> None:
    row = b"e1,user.signin,2026-01-01T00:00:00Z,Jos\xe9"
    assert lines(tmp_path, f"{HEADER}\n".encode() + row + b"\n") == [row]


def test_a_fresh_unended_row_is_waited_for_not_cut(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"{HEADER},amount\ne1,x,2026-01-01T00:00:00Z,u,12.3")

    def finish() -> None:
        time.sleep(0.4)
        with path.open("a") as out:
            out.write("4\n")

    writer = threading.Thread(target=finish)
    writer.start()
    [batch] = read([path])
    writer.join()
    assert b'"amount":"12.34"' in batch.lines


def test_compressed_and_chunked_say_the_same(tmp_path: Path) -> None:
    content = "\n".join([HEADER, *(f'e{n},x,2026-01-01T00:00:00Z,"u\n{n}"' for n in range(2000))])
    plain = lines(tmp_path, content + "\n")
    assert lines(tmp_path, gzip.compress(content.encode()), "t.csv.gz") == plain
    small = list(read([tmp_path / "t.csv"], chunk_bytes=1000))
    assert len(small) > 100
    assert b"".join(batch.lines for batch in small).splitlines() == plain


def test_memory_does_not_grow_with_the_file(tmp_path: Path, reading: Callable[[Path, int], tuple[int, int]]) -> None:
    peaks = []
    for rows in (150_000, 1_000_000):  # a small first file would measure the warming up
        path = tmp_path / f"{rows}.csv"
        with path.open("w") as out:
            out.write(f"{HEADER},url\n")
            out.writelines(f"e{n},x,2026-01-01T00:00:00Z,u,https://shop.example/{n:060d}\n" for n in range(rows))
        count, peak = reading(path, 1 << 20)
        assert count == rows
        peaks.append(peak)
    assert peaks[1] < 1.15 * peaks[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("e1,user.signin,2026-01-01T00:00:00Z,u\n", "no header"),
        ("event_id,event_type,user_id\n", "occurred_at or timestamp or created_at"),
        (f"{HEADER},plan,plan\n", "more than once: plan"),
        (f"{HEADER},plan_tier,prop.planTier\n", "mean the same field"),
        (f",{HEADER}\n", "column 1 has no name"),
        (f"{HEADER},prop.\n", "no name"),
        (HEADER.replace(",", ";") + "\n", "semicolons"),
        (HEADER.replace(",", "\t") + "\n", "tabs"),
        ('event_id,"event_type\n', "header is not CSV"),
        (f"{HEADER}\n".encode("utf-16"), "not UTF-8"),
    ],
)
def test_unusable_tables_say_why(tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(BadTableError, match=message) as caught:
        lines(tmp_path, content)
    assert "t.csv" in caught.value.message
    assert caught.value.hint
