"""Endpoint files that are not sound are refused when they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from serving_api.endpoint import EndpointError, load

HEADER = """/*
path: /api/thing
summary: s
description: d
source: s
marts: [thing]
roles: [admin]
grain: g
order: [date]
parameters: [endDate]
columns: {date: {type: Date, description: d}}
*/
"""
SQL = "select date from thing where date <= {endDate:Date}\n"


def test_a_sound_file_is_read(endpoint_folder: Path) -> None:
    (endpoint_folder / "thing.sql").write_text(HEADER + SQL)
    (endpoint,) = load(endpoint_folder)
    assert (endpoint.header.path, endpoint.answer.sql, endpoint.paged, endpoint.scoped) == (
        "/api/thing",
        SQL.strip(),
        False,
        False,
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (SQL, "must begin with a header"),
        (HEADER.replace("path: /api/thing", "path: api") + SQL, "path"),
        (HEADER.replace("[admin]", "[root]") + SQL, "roles"),
        (HEADER.replace("grain: g", "grian: g") + SQL, "grian"),
        (HEADER.replace("type: Date", "type: Tuple(Date)") + SQL, "no JSON schema"),
        (HEADER.replace("order: [date]", "order: [day]") + SQL, "not in the answer"),
        (HEADER.replace("[endDate]", "[endDay]") + SQL, "not in parameters.yaml"),
        (HEADER.replace("[endDate]", "[endDate, limit]") + SQL, "the SQL binds"),
        (HEADER + SQL.replace(":Date", ":String"), "the SQL binds"),
        (HEADER + "select date from thing\n", "the SQL binds"),
        # A role that sees only its own rows, and an SQL that does not ask whose they are.
        (HEADER.replace("[admin]", "[admin, client]") + SQL, "sees_all"),
    ],
)
def test_an_unsound_file_is_refused_with_its_name(endpoint_folder: Path, text: str, reason: str) -> None:
    (endpoint_folder / "thing.sql").write_text(text)
    with pytest.raises(EndpointError, match=r"thing\.sql") as raised:
        load(endpoint_folder)
    assert reason in str(raised.value)


COMPOSITE = """/*
path: /api/things
summary: s
description: d
source: s
marts: [thing]
roles: [admin]
shape: object
parameters: [endDate]
parts:
  total:
    shape: fields
    columns: {number: {type: UInt64, description: d}}
  days:
    order: [date]
    columns: {date: {type: Date, description: d}}
  other: {endpoint: /api/thing/object}
*/
-- part: total
select count() as number from thing where date <= {endDate:Date}

-- part: days
select date from thing where date <= {endDate:Date}
"""
OBJECT = HEADER.replace("/api/thing", "/api/thing/object").replace("order: [date]", "shape: object")


def test_a_composite_has_its_parts_from_sections_and_endpoints(endpoint_folder: Path) -> None:
    (endpoint_folder / "object.sql").write_text(OBJECT + SQL)
    (endpoint_folder / "things.sql").write_text(COMPOSITE)
    composite = next(e for e in load(endpoint_folder) if e.header.path == "/api/things")
    assert [(part.name, part.shape) for part in composite.answer.queries()] == [
        ("total", "fields"),
        ("days", "rows"),
        ("other", "object"),
    ]
    assert composite.answer.parts[1].sql == "select date from thing where date <= {endDate:Date}"


def test_a_part_can_be_that_of_another_endpoint(endpoint_folder: Path) -> None:
    (endpoint_folder / "object.sql").write_text(OBJECT + SQL)
    (endpoint_folder / "things.sql").write_text(COMPOSITE)
    borrower = COMPOSITE.replace("/api/things", "/api/days").replace("/api/thing/object}", "/api/things#days}")
    (endpoint_folder / "days.sql").write_text(borrower.replace("other:", "weeks:"))
    (endpoint_folder / "things.sql").write_text(COMPOSITE.replace("  other: {endpoint: /api/thing/object}\n", ""))
    by_path = {e.header.path: e for e in load(endpoint_folder)}
    lent, taken = by_path["/api/things"].answer.parts[1], by_path["/api/days"].answer.parts[2]
    assert (taken.name, taken.shape, taken.sql) == ("weeks", "rows", lent.sql)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (COMPOSITE.replace("-- part: days", "-- part: weeks"), "are not the same"),
        (COMPOSITE.replace("*/\n", "*/\nselect 1\n"), "either columns and one query, or parts"),
        (COMPOSITE.replace("shape: object", "shape: rows"), "parts make an object"),
        (COMPOSITE.replace("/api/thing/object", "/api/nothing"), "is not an endpoint"),
        (COMPOSITE.replace("/api/thing/object}", "/api/thing/object#nothing}"), "has no part nothing"),
        (COMPOSITE.replace("    order: [date]\n", ""), "has rows and no order"),
        (COMPOSITE.replace("{endDate:Date}\n\n", "{startDate:Date}\n\n"), "the SQL binds"),
        (COMPOSITE.replace("[admin]", "[admin, client]"), "binds neither a user nor sees_all"),
        (COMPOSITE.replace("/api/things", "/api/things/{name}"), "the path names other parameters"),
    ],
)
def test_an_unsound_composite_is_refused(endpoint_folder: Path, text: str, reason: str) -> None:
    (endpoint_folder / "object.sql").write_text(OBJECT + SQL)
    (endpoint_folder / "things.sql").write_text(text)
    with pytest.raises(EndpointError, match=r"things\.sql") as raised:
        load(endpoint_folder)
    assert reason in str(raised.value)


def test_a_path_belongs_to_one_file(endpoint_folder: Path) -> None:
    for name in ("one.sql", "two.sql"):
        (endpoint_folder / name).write_text(HEADER + SQL)
    with pytest.raises(EndpointError, match="taken by another file"):
        load(endpoint_folder)
