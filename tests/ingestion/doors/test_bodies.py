"""Bodies of messages become lines without a digit changed."""

from __future__ import annotations

import gzip

import pytest

from ingestion.doors.bodies import MAX_BODY_BYTES, NotAMessage, lines_of, unpacked


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (b'{"a":1}', [b'{"a":1}']),
        (b' {"a":1}\r\n', [b'{"a":1}']),
        (b'{"a":1}\n{"a":2}\n', [b'{"a":1}', b'{"a":2}']),
        (b'{"a":1}\n\n{"a":2', [b'{"a":1}', b"", b'{"a":2']),
        (b'[{"a":1},{"a":[2,{"b":"]"}]}]', [b'{"a":1}', b'{"a":[2,{"b":"]"}]}']),
        (b'[\n {"a": 1.0010,\n  "b": 2},\n 3 , "x"\n]', [b'{"a": 1.0010,   "b": 2}', b"3", b'"x"']),
        (b'{\n  "a": 1.10\n}', [b'{   "a": 1.10 }']),
        ('[{"a":"ü\u2028"}]'.encode(), ['{"a":"ü\u2028"}'.encode()]),
        (b"[" + b"9" * 5000 + b"]", [b"9" * 5000]),
        (b'[{"a":"\\ud800"},{"a":"\xff"}]', [b'{"a":"\\ud800"}', b'{"a":"\xff"}']),
        (b'[{"a":1},]', [b'[{"a":1},]']),
        (b'[{"a":1} {"a":2}]', [b'[{"a":1} {"a":2}]']),
        (b'[{"a":1}] 2', [b'[{"a":1}] 2']),
        # No JSON: taken line by line, for the landing to refuse.
        (b'[{"a":1},', [b'[{"a":1},']),
        (b"\xff\xfe", [b"\xff\xfe"]),
        (b'{"a":1\n}', [b'{"a":1 }']),
        (b'{"a":"1\n"}', [b'{"a":"1', b'"}']),
        (b"[" * 5000 + b"]" * 5000, [b"[" * 5000 + b"]" * 5000]),
    ],
)  # fmt: skip
def test_bodies_become_lines(body: bytes, lines: list[bytes]) -> None:
    assert lines_of(body).split(b"\n") == lines


@pytest.mark.parametrize("body", [b"", b" \r\n\t\f", b"[]", b"[ ]"])
def test_a_body_without_events_is_no_message(body: bytes) -> None:
    with pytest.raises(NotAMessage, match="empty"):
        lines_of(body)


def test_gzip_is_unpacked_in_one_or_several_members() -> None:
    assert unpacked(gzip.compress(b"abc"), "gzip") == b"abc"
    assert unpacked(gzip.compress(b"abc") + gzip.compress(b"def"), "GZIP") == b"abcdef"
    assert unpacked(b"abc", None) == unpacked(b"abc", "identity") == b"abc"


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (b"abc", "gzip", "not gzip|cut off"),
        (gzip.compress(b"abc" * 100)[:-9], "gzip", "cut off"),
        (gzip.compress(b"abc") + b"rest", "gzip", "not gzip|cut off"),
        (b"abc", "br", "not known"),
        (gzip.compress(bytes(MAX_BODY_BYTES + 1)), "gzip", "longer than 16 MiB"),
        (bytes(MAX_BODY_BYTES + 1), None, "longer than 16 MiB"),
    ],
)
def test_what_cannot_be_unpacked_is_no_message(body: bytes, encoding: str | None, reason: str) -> None:
    with pytest.raises(NotAMessage, match=reason):
        unpacked(body, encoding)
