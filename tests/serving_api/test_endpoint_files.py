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
    assert (endpoint.header.path, endpoint.sql, endpoint.paged, endpoint.scoped) == (
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


def test_a_path_belongs_to_one_file(endpoint_folder: Path) -> None:
    for name in ("one.sql", "two.sql"):
        (endpoint_folder / name).write_text(HEADER + SQL)
    with pytest.raises(EndpointError, match="taken by another file"):
        load(endpoint_folder)
