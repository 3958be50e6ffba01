"""The bench of capacity: what it counts, fits and extrapolates."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path

import pytest

from bench.capacity import __main__ as command
from bench.capacity import forecast, generate, results
from bench.capacity.growth import fitted
from bench.capacity.model import modelled
from bench.capacity.usage import Meter, size_of
from ingestion.simulator import simulate
from warehouse.client import Identity, connect
from warehouse.settings import Settings

SIZES = [1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000]


def test_a_straight_line_is_found_and_kept() -> None:
    curve = fitted(SIZES, [3 + 0.5 * size / 1e6 for size in SIZES])
    assert (curve.term, curve.c) == ("", 0.0)
    assert curve.a == pytest.approx(3)
    assert curve.b == pytest.approx(0.5)
    assert curve.worst == pytest.approx(0, abs=1e-9)
    assert curve.at(100e6) == pytest.approx(53)
    assert curve.reaches(53) == pytest.approx(100e6)
    assert curve.reaches(2) == 0


@pytest.mark.parametrize(("term", "grown"), [("N²", lambda n: n * n), ("N·log N", lambda n: n * math.log2(1 + n))])
def test_what_bends_has_a_third_term(term: str, grown: object) -> None:
    assert callable(grown)
    curve = fitted(SIZES, [0.2 + 0.1 * size / 1e6 + 2 * grown(size / 1e6) for size in SIZES])
    assert curve.term == term
    assert curve.c == pytest.approx(2, rel=0.01)
    assert curve.worst < 0.01


def test_noise_is_no_third_term_and_no_coefficient_is_negative() -> None:
    noisy = fitted(SIZES, [10 * noise for noise in (1.04, 0.98, 1.02, 0.97, 0.96)])
    assert noisy.term == ""
    assert noisy.b == 0
    assert math.isinf(noisy.reaches(20))


def test_two_deliveries_are_held_back_and_nothing_is_lost(tmp_path: Path) -> None:
    generate.generate(40_000, tmp_path)
    found = {name: (tmp_path / f"{name}.ndjson").read_bytes().splitlines() for name in generate.FILES}
    everything = b"".join(simulate(events=40_000, days=generate.DAYS, seed=1)).splitlines()
    assert sorted(line for lines in found.values() for line in lines) == sorted(everything)
    assert len(found["day"]) > 10 * len(found["hour"]) > 0
    assert {line.count(b"T23:") > 0 for line in found["hour"] if b"2026-10-31" in line} == {True}


def test_a_size_takes_the_place_of_what_was_measured_of_it(tmp_path: Path) -> None:
    file = tmp_path / "measured.jsonl"
    assert results.sizes(file) == set()
    for events, seconds in ((5, 1), (1, 2), (5, 3)):
        results.add(file, {"events": events, "seconds": seconds})
    assert results.read(file) == [{"events": 1, "seconds": 2}, {"events": 5, "seconds": 3}]


def test_a_size_that_would_fill_the_disk_is_refused() -> None:
    with pytest.raises(SystemExit, match="set TMPDIR to a larger disk"):
        command._require_space(10**15, [])
    command._require_space(1, [])


def test_linked_files_are_counted_once(tmp_path: Path) -> None:
    (tmp_path / "part").write_bytes(os.urandom(1 << 20))
    (tmp_path / "generation").mkdir()
    before = size_of(tmp_path)
    os.link(tmp_path / "part", tmp_path / "generation" / "part")
    assert size_of(tmp_path) == before >= 1 << 20


def test_a_stage_accounts_for_python_and_for_the_engine(home: Settings) -> None:
    meter = Meter(home)
    admin = connect(Identity.ADMIN, home)
    with meter.stage() as used:
        said = meter.run([sys.executable, "-c", "b = bytearray(b'x') * (200 << 20); print(sum(range(20_000_000)))"])
        admin.command("SELECT sum(cityHash64(number)) FROM numbers(200000000)")
    assert said.strip() == str(sum(range(20_000_000)))
    assert used.own_mib > 200
    assert min(used.own_cpu, used.engine_cpu) > 0.05
    assert min(used.engine_mib, used.disk_mib, used.seconds) > 0
    with pytest.raises(RuntimeError, match="so it went"), meter.stage():
        meter.run([sys.executable, "-c", "raise SystemExit('so it went')"])


def test_limits_come_in_order_and_needs_grow_with_the_events() -> None:
    measured = results.read()
    model, given = modelled(measured), forecast.Assumptions()
    reached = [limit.per_day for limit in forecast.limits(model, measured[-1]["machine"], given)]
    assert reached == sorted(reached)
    small, large = (sum(need.cores for need in forecast.needs(model, per_day, given)) for per_day in (1e8, 1e9))
    assert small < large
    assert forecast.disk(model, 1e9, given).year == pytest.approx(10 * forecast.disk(model, 1e8, given).year)
