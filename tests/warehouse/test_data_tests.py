"""Data tests as statements: compiled once per state of the code, run without dbt."""

from __future__ import annotations

import json
from typing import Any

import pytest

from warehouse import data_tests, transform
from warehouse.data_tests import DataTest
from warehouse.settings import Settings

CODE = "some code"


@pytest.fixture(scope="module")
def manifest(home: Settings) -> Any:
    return transform.manifest(home, transform.fingerprint())


@pytest.fixture(scope="module")
def compiled(home: Settings, manifest: Any) -> list[DataTest]:
    return data_tests.compiled(home, manifest, CODE)


def test_every_data_test_is_compiled(manifest: Any, compiled: list[DataTest]) -> None:
    expected = {key for key, node in manifest.nodes.items() if node.resource_type == "test"}
    assert {test.unique_id for test in compiled} == expected
    assert all("{{" not in test.statement and "{%" not in test.statement for test in compiled)


def test_no_test_asks_for_more_than_this_runs(manifest: Any) -> None:
    for node in manifest.nodes.values():
        if node.resource_type == "test":
            config = node.config
            assert (config.error_if, config.warn_if, config.limit, config.store_failures) == (
                "!= 0",
                "!= 0",
                None,
                None,
            )


def test_a_test_of_a_restated_model_tells_a_full_build_by_its_horizon(manifest: Any, compiled: list[DataTest]) -> None:
    restated = {key for key, node in manifest.nodes.items() if node.config.materialized == "restated"}
    about = [test for test in compiled if getattr(manifest.nodes[test.unique_id], "attached_node", None) in restated]
    assert about
    for test in about:
        assert "= 0 or " in test.statement, test.name
        assert "from `build`.`evidence`" in test.statement, test.name


def test_statements_are_kept_until_the_code_changes(home: Settings, manifest: Any, compiled: list[DataTest]) -> None:
    kept = data_tests.file(home)
    content = json.loads(kept.read_text("utf-8"))
    unique_id = compiled[0].unique_id
    content["statements"][unique_id] = "SELECT 7"
    kept.write_text(json.dumps(content), "utf-8")
    assert {test.unique_id: test.statement for test in data_tests.compiled(home, manifest, CODE)}[
        unique_id
    ] == "SELECT 7"
    other = {test.unique_id: test.statement for test in data_tests.compiled(home, manifest, "other code")}
    assert other[unique_id] == compiled[0].statement
    kept.write_text('{"code": "cut o', "utf-8")
    assert data_tests.compiled(home, manifest, CODE) == compiled


def test_what_becomes_of_tests(home: Settings) -> None:
    statements = {
        "good": (False, "SELECT count() FROM (SELECT 1 AS one WHERE one = 2)"),
        "bad": (False, "SELECT count() FROM (SELECT number FROM numbers(1200))"),
        "warns": (True, "SELECT count() FROM (SELECT 1)"),
        "wrong": (True, "SELECT count() FROM (SELECT no_such_column FROM build.horizon)"),
    }
    tests = [DataTest(f"test.{name}", name, warns, statement) for name, (warns, statement) in statements.items()]
    started: list[str] = []
    results = {result.name: result for result in data_tests.run(home, tests, started.append)}
    assert sorted(started) == sorted(statements)
    assert {name: (result.status, result.failures) for name, result in results.items()} == {
        "good": ("pass", 0),
        "bad": ("fail", 1200),
        "warns": ("warn", 1),
        "wrong": ("error", None),
    }
    assert results["bad"].message == "1,200 rows should not be there"
    assert "no_such_column" in results["wrong"].message
