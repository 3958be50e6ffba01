"""The typed reader in examples/read_api: as the generator makes it from the OpenAPI, and true of every answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from examples.read_api import answers
from examples.read_api.client import Refused, Warehouse
from serving_api.auth import Role, sign
from tests.serving_api.conftest import SECRET
from tests.serving_api.published import rows
from warehouse.settings import project_root

DOCUMENT = json.loads((project_root() / "tests" / "serving_api" / "openapi.json").read_text("utf-8"))
#: What the API answers with data to a bare GET, by path: the name of the type.
TYPES = {
    path: f"{operation['operationId'].title().replace('_', '')}Response"
    for path, item in DOCUMENT["paths"].items()
    for operation in [item.get("get", {})]
    if "x-marts" in operation and "{" not in path
}


def test_the_types_are_those_of_the_openapi() -> None:
    generator = Path(sys.executable).with_name("datamodel-codegen")
    checked = subprocess.run([generator, "--check"], cwd=project_root(), capture_output=True, timeout=120, check=False)
    assert checked.returncode == 0, "run `make client`"


@pytest.mark.parametrize("path", sorted(TYPES))
def test_every_answer_is_of_its_type(url: str, path: str) -> None:
    warehouse = Warehouse(url, sign(SECRET, "free-1", Role.ADMIN))
    has_forms = any(p["name"] == "format" for p in DOCUMENT["paths"][path]["get"]["parameters"])
    answer = warehouse.get(getattr(answers, TYPES[path]), path, **({"format": "json"} if has_forms else {}))
    assert answer.model_fields_set


def test_money_keeps_its_digits(url: str) -> None:
    warehouse = Warehouse(url, sign(SECRET, "somebody", Role.ANALYST))
    found = warehouse.get(answers.ApiV1MartsRevenueResponse, "/api/v1/marts/revenue", limit=1, startDate="2024-01-01")
    first = min(rows("revenue", 1), key=lambda row: (row["date"], row["stream"], row["currency"]))
    assert isinstance(found.data[0].gross_usd, Decimal)
    assert str(first["gross_usd"]).rstrip("0") == str(found.data[0].gross_usd).rstrip("0")


def test_a_problem_is_an_exception_that_says_what_it_is(url: str) -> None:
    warehouse = Warehouse(url, sign(SECRET, "somebody", Role.FREELANCER))
    with pytest.raises(Refused, match="403 Not for this role") as refused:
        warehouse.get(answers.ApiV1MartsRevenueResponse, "/api/v1/marts/revenue")
    assert refused.value.problem.request_id


def test_it_runs_as_the_readme_says(url: str) -> None:
    environment = os.environ | {"API_URL": url, "API_TOKEN": sign(SECRET, "somebody", Role.ANALYST)}
    said = subprocess.run(
        [sys.executable, "-m", "examples.read_api"],
        cwd=project_root(),
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    assert said.startswith(f"generation {httpx.get(f'{url}/status').json()['generation']['generation']}, events until")
    assert "subscription" in said
