"""What the soak counts and how it keeps processes running; the soak itself is run by hand."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from bench.processes import family, peak_mib, resident_mib
from bench.soak.asker import Asked, uptime
from bench.soak.killer import Kill
from bench.soak.report import by_victim
from bench.soak.sampler import Sample, memory
from bench.soak.stack import Service
from bench.soak.verdict import Verdict, read_ids
from tests.waiting import until


def asked(at: float, status: int) -> Asked:
    return Asked(at, "/health", status, 0.01)


def test_an_outage_goes_from_the_first_bad_answer_to_the_next_good_one() -> None:
    # Answers are kept as they come in, not as they were asked.
    found = uptime([asked(3.0, 503), asked(0.0, 200), asked(1.0, 200), asked(2.0, 0), asked(3.5, 200), asked(4.0, 304)])
    assert (found["answers"], found["bad"], found["longest_outage_s"]) == (6, 2, 1.5)
    assert found["uptime"] == pytest.approx(4 / 6, abs=1e-6)
    # The third and the fourth of five seconds.
    assert found["uptime_seconds"] == pytest.approx(3 / 5)


def test_a_bad_answer_is_put_down_to_the_last_kill_if_that_was_not_long_ago() -> None:
    kills = [Kill(100, "engine", 1, False, 2.0), Kill(200, "api", 2, True, 4.0), Kill(300, "engine", 3, False, 6.0)]
    found = by_victim(kills, [asked(101, 503), asked(201, 0), asked(199, 0), asked(290, 503), asked(301, 200)])
    assert {victim: told["bad_answers"] for victim, told in found.items()} == {"api": 2, "engine": 1, "nobody": 1}
    assert (found["engine"]["kills"], found["engine"]["away_median_s"], found["engine"]["away_longest_s"]) == (2, 4, 6)


def test_the_slope_of_memory_is_within_lives_and_after_warming_up() -> None:
    hour = 3600.0
    steady = [Sample(at, "api", 1, 100 if at < 100 else 200, at) for at in range(0, 1800, 5)]
    growing = [Sample(at, "daemon", 2, 50 + 36 * at / hour, 1) for at in range(0, 1800, 5)]
    # Started anew it is small again, which is no shrinking.
    again = [Sample(1800 + at, "daemon", 3, 50 + 36 * at / hour, 1) for at in range(0, 1800, 5)]
    found = memory([*steady, *growing, *again, Sample(0, "run", 4, 90, 1)])
    assert found["api"]["slope_mib_per_h"] == 0
    assert found["daemon"]["slope_mib_per_h"] == pytest.approx(36, abs=0.1)
    assert (found["daemon"]["lives"], found["run"]["slope_mib_per_h"]) == (2, None)


def test_a_service_that_dies_is_started_again_and_leaves_nothing_when_it_is_stopped(tmp_path: Path) -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])"
    service = Service(
        "sleeper", (sys.executable, "-c", code), os.environ | {"WAREHOUSE_HOME": str(tmp_path)}, tmp_path / "log"
    )
    children = []
    service.start()
    try:
        for number, whole in enumerate((True, False), start=1):
            until(lambda: service.pid is not None and len(family(service.pid)) > 1)
            first = service.pid
            assert first is not None
            (top, _), (child, depth) = family(first)
            assert depth == 1
            children.append(child.pid)
            assert peak_mib([top]) >= resident_mib([top]) > 1
            service.kill(whole=whole)
            until(lambda number=number: len(service.lives) > number)  # type: ignore[misc]
            assert (service.lives[number - 1].pid, service.lives[number - 1].code) == (first, -signal.SIGKILL)
    finally:
        service.stop()
    assert service.pid is None
    # Also the one whose parent was killed alone.
    until(lambda: not any(family(child) for child in children))


def test_a_cut_off_id_is_none_and_any_fault_is_one(tmp_path: Path) -> None:
    ids = ["0" * 36, "1" * 36]
    path = tmp_path / "ids"
    path.write_text("\n".join(ids) + "\n" + "2" * 20)
    assert [found.decode() for found in read_ids(path)] == ids
    assert Verdict(faults={"lost_in_raw": 0}).holds
    assert not Verdict(faults={"lost_in_raw": 1}).holds
    assert not Verdict(differing_tables={"revenue": [(1, 2), (1, 3)]}).holds
