"""dbt's documentation beside the API's own: as it was made, small on the way, and only what there is."""

from __future__ import annotations

import os

import httpx

from serving_api.app import create_app
from serving_api.auth import Authority
from tests.serving_api.conftest import SECRET, serving
from warehouse.settings import Settings
from warehouse.transform import run_dbt

PATH = "/docs/dbt"


def test_it_is_served_as_dbt_made_it(engine: Settings) -> None:
    with serving(create_app(engine, Authority(SECRET))) as api:
        absent = httpx.get(api + PATH)
        assert (absent.status_code, absent.headers["content-type"]) == (404, "application/problem+json")
        assert "warehouse docs" in absent.json()["detail"]
        result, errors = run_dbt(engine, ["docs", "generate", "--static"])
        assert result.success, errors
        made = engine.dbt_docs.read_text("utf-8")
        answer = httpx.get(api + PATH)
        assert answer.text == made
        assert "job_success_score" in made
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert int(answer.headers["content-length"]) < len(made) / 4
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "sandbox allow-scripts" in answer.headers["content-security-policy"]
        plain = httpx.get(api + PATH, headers={"Accept-Encoding": "identity"})
        assert plain.text == made
        known = {"If-None-Match": answer.headers["etag"]}
        assert httpx.get(api + PATH, headers=known).status_code == 304
        os.utime(engine.dbt_docs)
        assert httpx.get(api + PATH, headers=known).status_code == 200
        assert PATH in httpx.get(f"{api}/docs").text
