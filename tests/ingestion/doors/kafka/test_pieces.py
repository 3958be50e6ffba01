"""How what was gathered becomes batches."""

from __future__ import annotations

from ingestion.doors.kafka.pieces import Piece, batch, shares


def piece(partition: int, first: int, *bodies: bytes, has_landed: bool = False) -> Piece:
    last = first + max(len(bodies), 1) - 1
    return Piece(("t", partition), first, last, 0.0, len(bodies), list(bodies), has_landed=has_landed)


def test_a_share_is_as_large_as_asked_for_and_holds_partitions_whole_and_in_order() -> None:
    pieces = [piece(2, 0, b"x" * 4), piece(0, 5, b"x" * 9), piece(1, 0, b"x"), piece(0, 0, b"x" * 9), piece(3, 0)]
    found = [[(each.partition[1], each.first) for each in share] for share in shares(pieces, 5)]
    assert found == [[(0, 0), (0, 5)], [(1, 0), (2, 0)], [(3, 0)]]
    assert [len(share) for share in shares(pieces, 1_000)] == [5]
    assert shares([], 5) == []


def test_a_batch_leaves_out_what_has_landed_and_what_holds_no_event() -> None:
    landing = batch("c", [piece(0, 0, b"1", has_landed=True), piece(0, 1, b"2", b"3"), piece(1, 7)])
    assert landing is not None
    assert (landing.lines, landing.origin.partition(":")[0]) == (b"2\n3\n", "t[0]")
    assert batch("c", [piece(0, 0, b"1", has_landed=True), piece(1, 7)]) is None
