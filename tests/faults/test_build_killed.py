"""A build dies, fails or meets another one: readers see one complete generation, and the next build is whole."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.command import Answer, Command, finished, own_home
from tests.faults.state import current_database, generation_contents, views
from tests.oracle.contract import Deliveries
from tests.oracle.generate import deliveries, marketplace
from tests.oracle.readers import differences
from warehouse.transform import project_dir

OTHER_PROJECT = """
from pathlib import Path
from warehouse import transform
transform.project_dir = lambda: Path({folder!r})
"""


class Line:
    """A home that is fed delivery by delivery, and the oracle that is fed the same."""

    def __init__(self, warehouse: Command, folder: Path) -> None:
        self.warehouse = warehouse
        self._folder = folder
        self._oracle = Deliveries()
        lines = marketplace(
            41, users=12, days=15, start=dt.date(2025, 6, 1), per_day=40,
            invalid=0.03, duplicates=0.05, altered=0.03,
        )  # fmt: skip
        self._parts = deliveries(lines, 41, 8)

    def deliver(self) -> None:
        """Land the next part."""
        part = self._parts.pop()
        self._oracle.deliver(part)
        path = self._folder / f"{len(self._parts)}.ndjson"
        path.write_bytes(b"\n".join(part) + b"\n")
        answer = self.warehouse("ingest", path, "--json")
        assert (answer.code, answer.json["received"]) == (0, len(part)), answer.stderr

    def seen(self) -> tuple[str, dict[str, str]]:
        """What readers see: the generation in force, and every mart."""
        return current_database(self.warehouse.settings), views(self.warehouse.settings)

    def assert_equals_the_oracle(self) -> None:
        """Readers, by pointer and by view, see what the oracle computes from all deliveries."""
        settings = self.warehouse.settings
        assert differences(settings, self._oracle.accepted()) == {}
        assert generation_contents(settings, current_database(settings)) == views(settings)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder = tmp_path_factory.mktemp("built")
    with own_home(folder / "home") as command:
        line = Line(command, folder)
        line.deliver()
        assert published(command("build", "--json")) == 1
        yield line


def published(answer: Answer) -> int:
    assert (answer.code, answer.json["published"]) == (0, True), answer.stderr + answer.stdout
    assert answer.json["tests_failed"] == 0
    generation = answer.json["generation"]
    assert isinstance(generation, int)
    return generation


def test_killed_while_it_builds_and_while_it_copies(line: Line) -> None:
    before = line.seen()
    line.deliver()
    for when, statement in (("during", 'model.marketplace.revenue"'), ("after", "CLONE AS")):
        assert line.warehouse.killed(when, statement, "build").code == -9
        assert line.seen() == before
    published(line.warehouse("build", "--json"))
    line.assert_equals_the_oracle()


def test_killed_while_it_switches(line: Line) -> None:
    line.deliver()
    for statement in ("CREATE OR REPLACE VIEW", "marts.publications"):
        assert line.warehouse.killed("after", statement, "build").code == -9
    # The pointer was the last step: nothing is left to do.
    answer = line.warehouse("build", "--json")
    assert (answer.code, answer.json["published"]) == (0, False), answer.stderr
    line.assert_equals_the_oracle()


def test_the_engine_is_killed_while_it_builds(line: Line) -> None:
    before = line.seen()
    line.deliver()
    answer = line.warehouse.killed(
        "during", 'model.marketplace.daily_metrics"', "build", victim=line.warehouse.engine_pid()
    )
    assert answer.code == 1
    assert "Traceback" not in answer.stderr
    assert "nothing was published" in answer.stderr
    assert any(row.startswith("hint: ") for row in answer.stderr.splitlines())
    assert line.warehouse("start").code == 0
    assert line.seen() == before
    published(line.warehouse("build", "--json"))
    line.assert_equals_the_oracle()


def test_two_builds_at_once(line: Line) -> None:
    line.deliver()
    answers = [finished(started) for started in [line.warehouse.start("build", "--json") for _ in range(2)]]
    assert [answer.code for answer in answers] == [0, 0], answers
    assert sum(answer.json["published"] for answer in answers) >= 1
    line.assert_equals_the_oracle()
    assert max(answer.json["generation"] for answer in answers) == int(line.seen()[0].removeprefix("marts_g"))


def test_a_failing_test_publishes_nothing(line: Line, tmp_path: Path) -> None:
    before = line.seen()
    line.deliver()
    copy = tmp_path / "dbt_project"
    shutil.copytree(project_dir(), copy, ignore=shutil.ignore_patterns("target", "logs"))
    (copy / "tests" / "assert_no_revenue_at_all.sql").write_text(
        "select * from {{ ref('revenue') }}\n", encoding="utf-8"
    )
    answer = line.warehouse.after(OTHER_PROJECT.format(folder=str(copy)), "build", "--json")
    assert answer.code == 1
    assert "assert_no_revenue_at_all" in answer.json["error"]
    assert "nothing was published" in answer.json["error"]
    assert line.seen() == before
