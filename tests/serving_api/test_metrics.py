"""What Prometheus reads: counted requests, the generation in force, business figures; by whom, and how cheaply."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import AnyHttpUrl, SecretStr

from serving_api.app import create_app
from serving_api.auth import Authority, Role
from serving_api.observing import catalog
from serving_api.observing.pages import names
from tests.serving_api import published
from tests.serving_api.conftest import SECRET, bearer, serving
from tests.serving_api.published import COMPLETE_THROUGH, rows
from warehouse.settings import Settings

REVENUE = "/api/v1/marts/revenue"
TOKEN = "a-token-of-the-tests-that-prometheus-shows"

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture(scope="module")
def api(engine: Settings, url: str) -> Iterator[str]:
    """An API of its own, so that nobody else is counted; `url` has published something."""
    with serving(create_app(engine, Authority(SECRET))) as address:
        yield address


def scraped(url: str, headers: dict[str, str] | None = None) -> Samples:
    answer = httpx.get(f"{url}/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def of(samples: Samples, name: str, **labels: str) -> float:
    return samples.get((name, tuple(sorted(labels.items()))), 0)


def test_requests_are_counted_by_route_and_class_of_status(api: str) -> None:
    before = scraped(api)
    with httpx.Client(base_url=api, headers=bearer(Role.ANALYST)) as client:
        etag = client.get(REVENUE, params={"limit": 3}).headers["etag"]
        client.get(REVENUE, params={"limit": 3})
        client.get(REVENUE, params={"limit": 3}, headers={"If-None-Match": etag})
        client.get(REVENUE, params={"limit": "x"})
        client.get("/api/metrics/somebodys-vendor")
        client.get("/nowhere/at/all")
    after = scraped(api)

    def more(name: str, **labels: str) -> float:
        return of(after, name, **labels) - of(before, name, **labels)

    counts = "warehouse_api_request_seconds_count"
    assert more(counts, route=REVENUE, method="GET", status="2xx") == 2
    assert more(counts, route=REVENUE, method="GET", status="3xx") == 1
    assert more(counts, route=REVENUE, method="GET", status="4xx") == 1
    assert more(counts, route="/api/metrics/{type}", method="GET", status="4xx") == 1
    assert more(counts, route="unmatched", method="GET", status="4xx") == 1
    assert more("warehouse_api_answers_total", status="304") == 1
    assert [more("warehouse_api_cache_lookups_total", result=r) for r in ("miss", "hit", "unchanged")] == [2, 1, 1]
    assert of(after, "warehouse_api_cache_bytes") > of(before, "warehouse_api_cache_bytes")
    assert more("warehouse_api_clickhouse_query_seconds_count", outcome="ok") >= 1
    assert of(after, "warehouse_api_requests_in_progress") == 1, "the scrape itself"
    assert of(after, "warehouse_api_clickhouse_queries_in_progress") == 0
    assert "somebodys-vendor" not in httpx.get(f"{api}/metrics").text


def test_the_generation_in_force_and_every_mart_say_how_fresh_they_are(api: str) -> None:
    samples = scraped(api)
    freshness = httpx.get(f"{api}/freshness", headers=bearer(Role.ANALYST)).json()
    assert of(samples, "warehouse_generation") == freshness["generation"]
    assert of(samples, "warehouse_complete_through_timestamp_seconds") == COMPLETE_THROUGH.timestamp()
    published_at = datetime.fromisoformat(freshness["published_at"])
    assert of(samples, "warehouse_published_timestamp_seconds") == pytest.approx(published_at.timestamp(), abs=1e-3)
    for mart in freshness["marts"]:
        assert of(samples, "warehouse_mart_rows", mart=mart["mart"]) == mart["rows"]
        day = mart["last_date"] and datetime.fromisoformat(f"{mart['last_date']}T00:00:00+00:00").timestamp()
        assert of(samples, "warehouse_mart_last_date_timestamp_seconds", mart=mart["mart"]) == (day or 0)
    assert of(samples, "warehouse_clickhouse_up") == 1


def test_business_figures_are_those_of_the_marts(api: str) -> None:
    samples = scraped(api)
    last, previous = rows("daily_metrics", 1)[-1], rows("daily_metrics", 1)[-2]
    for name, column in (("daily_signups", "new_users"), ("revenue_usd", "total_revenue"), ("active_users",) * 2):
        assert of(samples, f"marketplace_{name}", day="last") == pytest.approx(float(last[column]))
        assert of(samples, f"marketplace_{name}", day="previous") == pytest.approx(float(previous[column]))
    for product in rows("product_popularity", 1):
        found = of(samples, "marketplace_product_views", product_id=product["product_id"])
        assert found == pytest.approx(float(product["views"]))
    revenues = {r["type"].partition(":")[2]: r["value"] for r in rows("metrics", 1) if "seller_revenue:" in r["type"]}
    assert revenues
    for vendor, value in revenues.items():
        assert of(samples, "marketplace_seller_revenue", vendor_id=vendor) == pytest.approx(float(value))
    (rate,) = [r["value"] for r in rows("metrics", 1) if r["type"] == "conversion_rate:free-1"]
    assert of(samples, "marketplace_conversion_rate", vendor_id="free-1") == pytest.approx(float(rate))
    for source in {row["source"] for row in rows("pipeline_health", 1)}:
        parts = ("stored", "duplicates", "quarantined")
        total = sum(of(samples, f"warehouse_ledger_{part}_total", source=source) for part in parts)
        assert of(samples, "warehouse_ledger_received_total", source=source) == total > 0


def test_every_file_of_gauges_answers_and_nothing_is_there_that_is_not_described(api: str) -> None:
    samples = scraped(api)
    assert not [labels for name, labels in samples if name == "warehouse_gauges_failed"]
    described = {f"{name}{ending}" for name in names() for ending in ("", "_bucket", "_count", "_sum", "_created")}
    described |= {f"{name.removesuffix('_total')}_created" for name in names()}
    assert {name for name, _ in samples if name.startswith(("warehouse_", "marketplace_"))} <= described
    read = {mart for gauges in catalog.load() for mart in gauges.header.reads}
    assert read <= set(published.marts())


def test_a_generation_is_asked_once(api: str) -> None:
    scraped(api)
    queries = [of(scraped(api), "warehouse_api_clickhouse_query_seconds_count", outcome="ok") for _ in range(3)]
    # The pointer, at most.
    assert queries[2] - queries[0] <= 2


def test_with_a_key_configured_it_is_for_scrapers_and_admins(engine: Settings, url: str) -> None:
    settings = engine.model_copy(update={"api_jwt_secret": SecretStr(SECRET), "api_metrics_token": SecretStr(TOKEN)})
    with serving(create_app(settings)) as api:
        asked = {
            "nobody": {},
            "wrong": {"Authorization": f"Bearer {TOKEN}x"},
            "analyst": bearer(Role.ANALYST),
            "admin": bearer(Role.ADMIN),
            "scraper": {"Authorization": f"Bearer {TOKEN}"},
        }
        statuses = {who: httpx.get(f"{api}/metrics", headers=headers).status_code for who, headers in asked.items()}
        # Its token opens nothing else.
        assert httpx.get(api + REVENUE, headers=asked["scraper"]).status_code == 401
    assert statuses == {"nobody": 401, "wrong": 401, "analyst": 403, "admin": 200, "scraper": 200}


def test_watching_is_not_limited(engine: Settings, url: str) -> None:
    with serving(create_app(engine.model_copy(update={"api_rate_per_minute": 2}), Authority(SECRET))) as api:
        for path in ("/metrics", "/health/live", "/health/ready"):
            assert {httpx.get(api + path).status_code for _ in range(4)} == {200}


def test_while_clickhouse_is_away_the_process_still_tells_of_itself(
    engine: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serving_api.absence.RETURN_SECONDS", 0)
    nowhere = AnyHttpUrl("http://127.0.0.1:1")
    away = engine.model_copy(
        update={"clickhouse_url": nowhere, "reader_password": SecretStr("x"), "report_link_secret": SecretStr(SECRET)}
    )
    with serving(create_app(away, Authority(SECRET))) as api:
        samples = scraped(api)
        assert of(samples, "warehouse_clickhouse_up") == 0
        assert of(samples, "warehouse_api_clickhouse_query_seconds_count", outcome="disconnected") > 0
        assert httpx.get(f"{api}/health/live").json() == {"status": "ok"}
        ready = httpx.get(f"{api}/health/ready")
        assert (ready.status_code, ready.json()["type"]) == (503, "/docs#problem-unavailable")


GAUGE = "/*\nmetrics:\n  {name}: {{help: h{more}}}\n*/\nselect 1 as {name}\n"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a.sql": "select 1"}, "a.sql: must begin with a header"),
        ({"a.sql": GAUGE.format(name="x_total", more="")}, "a.sql: x_total must end in _total if it is a counter"),
        ({"a.sql": GAUGE.format(name="x", more=", type: counter")}, "a.sql: x must end in _total"),
        ({"a.sql": GAUGE.format(name="x", more=""), "b.sql": GAUGE.format(name="x", more="")}, "in two files: x"),
    ],
)
def test_a_file_of_gauges_that_is_not_sound_is_refused(tmp_path: Path, files: dict[str, str], message: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(catalog.GaugeError, match=message):
        catalog.load(tmp_path)
