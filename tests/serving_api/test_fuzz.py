"""Whatever is sent, the API answers as its own OpenAPI says: no 500, documented statuses, types, headers, schemas."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import hypothesis
import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from serving_api.auth import Role
from tests.serving_api.conftest import bearer

# What the application publishes, by another test.
schema = schemathesis.openapi.from_path(Path(__file__).with_name("openapi.json"))

#: What no JSON Schema can say of a value that it describes.
UNSAID = re.compile(
    r"is not a cursor|is not a time zone|is not a currency with a rate|is not a metric"
    r"|range must not exceed|must not be after|must lie between|is not kept|goes with|is needed for"
)


def what_is_described_is_accepted(ctx: CheckContext, response: Response, case: Case) -> None:
    """Refuse valid requests only for what a schema cannot say."""
    if case.meta is not None and case.meta.generation.mode.is_positive and response.status_code == 400:
        unfounded = [e for e in response.json()["errors"] if not UNSAID.search(e["message"])]
        assert not unfounded, unfounded


#: What needs a Dagster to be answered.
RUNS = r"^/api/v1/admin/(access-exports|erasures|exports|reports(?!/(query|catalog)$))"

#: A stream, whose answer has no end to wait for; the tests of the dashboards listen to it.
LIVE = r"^/api/v1/live$"

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    what_is_described_is_accepted,
    unsupported_method,
]


@schema.hook
def map_query(_: HookContext, query: dict[str, Any] | None) -> dict[str, Any] | None:
    """Leave out cursors that only look like one: nothing behind them would ever be tried, and they have tests."""
    if query and re.fullmatch("[A-Za-z0-9_-]{1,200}", str(query.get("cursor", ""))):
        del query["cursor"]
    return query


some_examples = hypothesis.settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(hypothesis.HealthCheck),
)


@schema.exclude(path_regex=f"{RUNS}|{LIVE}").parametrize()
@some_examples
def test_any_request_is_answered_as_documented(case: Case, url: str) -> None:
    case.call_and_validate(base_url=url, headers=bearer(Role.ADMIN, "free-1"), checks=CHECKS)


@schema.include(path_regex=RUNS).parametrize()
@some_examples
def test_any_request_for_a_run_is_answered_as_documented(case: Case, queued: str) -> None:
    case.call_and_validate(base_url=queued, headers=bearer(Role.ADMIN, "free-1"), checks=CHECKS)


@schema.include(path_regex=RUNS).parametrize()
@some_examples
def test_any_request_for_a_report_is_answered_as_documented(case: Case, queued: str) -> None:
    case.call_and_validate(base_url=queued, headers=bearer(Role.ADMIN, "free-1"), checks=CHECKS)
