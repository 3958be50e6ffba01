"""Cutting never changes what is said, and depends on nothing but the content."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.sources.chunks import Tail, content_batch, cut_lines, pack_lines
from ingestion.sources.errors import LineTooLongError

LINES = st.lists(st.binary(max_size=40).map(lambda b: b.replace(b"\n", b" ")), max_size=40)


class Trickle:
    """A stream that hands its bytes over in pieces of given sizes."""

    def __init__(self, content: bytes, sizes: list[int]) -> None:
        self.name, self.consumed = "trickle", 0
        self._content, self._sizes = content, sizes or [7]
        self._reads = 0

    def readinto(self, buffer: memoryview) -> int:
        size = min(self._sizes[self._reads % len(self._sizes)], len(buffer))
        piece = self._content[self.consumed : self.consumed + size]
        buffer[: len(piece)] = piece
        self.consumed += len(piece)
        self._reads += 1
        return len(piece)

    def at_end(self, tail: bytes) -> Tail:
        return Tail.TAKE


def spoken(content: bytes) -> list[bytes]:
    return [line for line in content.split(b"\n") if line.strip()]


@given(LINES, st.booleans(), st.integers(4, 90), st.lists(st.integers(1, 50), max_size=6))
def test_chunking_keeps_the_sequence_of_lines(
    lines: list[bytes], ended: bool, chunk_bytes: int, sizes: list[int]
) -> None:
    content = b"\n".join(lines) + (b"\n" if ended else b"")
    chunks = list(cut_lines(Trickle(content, sizes), chunk_bytes))
    said = [line for chunk in chunks for line in spoken(chunk)]
    assert said == spoken(content.removeprefix(b"\xef\xbb\xbf"))
    assert all(chunk.endswith(b"\n") for chunk in chunks)
    assert all(len(chunk) <= chunk_bytes + 1 or chunk.count(b"\n") == 1 for chunk in chunks)


@given(LINES, st.integers(4, 90), st.lists(st.integers(1, 50), max_size=6))
def test_cuts_depend_on_content_alone(lines: list[bytes], chunk_bytes: int, sizes: list[int]) -> None:
    content = b"\n".join(lines) + b"\n"
    at_once = list(cut_lines(Trickle(content, [1000]), chunk_bytes))
    assert list(cut_lines(Trickle(content, sizes), chunk_bytes)) == at_once


@given(LINES, st.integers(4, 90))
def test_a_grown_file_begins_with_the_same_chunks(lines: list[bytes], chunk_bytes: int) -> None:
    before = b"".join(line + b"\n" for line in lines)
    first = list(cut_lines(Trickle(before, [13]), chunk_bytes))
    second = list(cut_lines(Trickle(before + b"more\n" * 3, [13]), chunk_bytes))
    assert second[: max(len(first) - 1, 0)] == first[:-1]


@given(
    st.lists(st.binary(min_size=1, max_size=30).map(lambda b: b.replace(b"\n", b"") + b"\n")),
    st.integers(1, 80),
)
def test_packing_keeps_the_sequence_of_lines(lines: list[bytes], chunk_bytes: int) -> None:
    chunks = list(pack_lines(lines, chunk_bytes))
    assert b"".join(chunks) == b"".join(lines)
    assert all(len(chunk) <= chunk_bytes or chunk.count(b"\n") == 1 for chunk in chunks)


def test_an_unended_last_line_equals_its_ended_self() -> None:
    assert list(cut_lines(Trickle(b"a\nb", [3]), 100)) == list(cut_lines(Trickle(b"a\nb\n", [3]), 100))


def test_a_byte_order_mark_is_dropped() -> None:
    assert list(cut_lines(Trickle(b"\xef\xbb\xbf{}\n", [2]), 100)) == [b"{}\n"]


@pytest.mark.parametrize("content", [b"", b"\n", b" \n\n", b"\xef\xbb\xbf"])
def test_nothing_said_gives_no_lines(content: bytes) -> None:
    assert b"".join(cut_lines(Trickle(content, [5]), 100)).strip() == b""


def test_an_endless_line_is_named_with_its_offset() -> None:
    chunks = cut_lines(Trickle(b"ok\n" + b"x" * 500, [64]), 16, max_line_bytes=100)
    assert next(chunks) == b"ok\n"
    with pytest.raises(LineTooLongError, match=r"trickle: the line at byte 3 has no end within 100 bytes"):
        next(chunks)


def test_identity_is_source_and_content() -> None:
    batch = content_batch("shop", "here", b"{}\n")
    assert batch.batch_id == "shop:" + hashlib.sha256(b"shop{}\n").hexdigest()
    assert content_batch("shop", "there", b"{}\n").batch_id == batch.batch_id
    assert content_batch("other", "here", b"{}\n").batch_id != batch.batch_id
