"""Dashboards are held to the endpoints when they are read, and ask for nothing that their viewers may not have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from serving_api.auth import Role
from serving_api.dashboard.describing import described, format_of, title_of
from serving_api.dashboard.loading import PAGES, DashboardError, load, read, registry
from serving_api.dashboard.spec import OUTLOOK
from serving_api.endpoint import load as load_endpoints
from tests.serving_api.conftest import bearer
from tests.serving_api.published import FIRST_DAY, LAST_DAY
from warehouse.foresight.series import declared

ANSWERS = registry(load_endpoints())
DASHBOARDS = load(ANSWERS)
SOUND: dict[str, Any] = {
    "title": "Money",
    "group": "Business",
    "order": 1,
    "summary": "What comes in.",
    "document": "a test",
    "roles": ["admin"],
    "time": "dates",
    "sources": {"total": {"path": "/api/analytics/revenue/total", "parameters": {"groupBy": "stream"}}},
    "sections": [{"items": [{"title": "Net", "source": "total", "value": "data.net_usd", "reduce": "sum"}]}],
}


def changed(change: dict[str, Any]) -> str:
    return yaml.safe_dump(SOUND | change)


def source(**said: Any) -> dict[str, Any]:
    return {"sources": {"total": {"path": "/api/analytics/revenue/total"} | said}}


def item(**said: Any) -> dict[str, Any]:
    return {"sections": [{"items": [{"title": "Net", "source": "total", "value": "data.net_usd"} | said]}]}


def test_a_sound_dashboard_is_read() -> None:
    assert read(changed({}), "money.yaml", ANSWERS).title == "Money"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (source(path="/api/analytics/revenue/totl"), "did you mean /api/analytics/revenue/total"),
        (source(parameters={"groupby": "stream"}), "no parameter groupby; did you mean groupBy"),
        (source(parameters={"groupBy": "streams"}), "must be of stream, plan_id"),
        (source(query={"metrics": ["mrr"]}), "either a path or a query"),
        ({"time": "period"} | source(path="/analytics/client/spend-analysis"), "takes its days as range"),
        (item(value="data.net_us"), "did you mean net_usd"),
        (item(value="rows.net_usd"), "rows is unknown; there are: data, meta"),
        (item(source="totals"), "no source 'totals'; did you mean total?"),
        (item(compare="data"), "no data.previous"),
        (item(kind="stacked", value="net_usd", split="strem"), "did you mean stream"),
        (item(kind="stacked", value="net_usd"), "either series, or split and value"),
        (item(kind="stacked", value="net_usd", split="stream", outlook="revenue"), "of /api/v1/forecasts must be of"),
        (item(kind="line", value="net_usd", split="stream", outlook="total_revenue"), "all of a stack together"),
        (item(kind="pie"), "does not match any of the expected tags"),
        (item(format="euro"), "Input should be"),
        ({"sources": SOUND["sources"] | {"more": {"path": "/api/events"}}}, "nothing is drawn from more"),
        ({"colour": "blue"}, "Extra inputs are not permitted"),
    ],
)  # fmt: skip
def test_what_no_endpoint_has_is_an_error_that_helps(change: dict[str, Any], said: str) -> None:
    with pytest.raises(DashboardError) as error:
        read(changed(change), "money.yaml", ANSWERS)
    assert error.value.message.startswith("money.yaml: ")
    assert said in error.value.message


def test_no_yaml_is_an_error() -> None:
    with pytest.raises(DashboardError, match=r"money\.yaml: "):
        read("a: [", "money.yaml", ANSWERS)


def test_a_question_is_held_to_its_own_names() -> None:
    asked = {"sources": {"total": {"query": {"metrics": ["revenue"], "dimensions": ["stream"]}}}}
    assert read(changed(asked | item(value="data.revenue")), "money.yaml", ANSWERS)
    with pytest.raises(DashboardError, match=r"did you mean data\.revenue"):
        read(changed(asked | item(value="data.revenues")), "money.yaml", ANSWERS)


def test_a_link_leads_to_the_dashboard_of_a_person(tmp_path: Path) -> None:
    table = item(kind="table", columns={"stream": {"link": "creators"}})
    del table["sections"][0]["items"][0]["value"]
    (tmp_path / "money.yaml").write_text(changed(table), "utf-8")
    (tmp_path / "creator.yaml").write_text((PAGES / "creator.yaml").read_text("utf-8"), "utf-8")
    with pytest.raises(DashboardError, match=r"money\.yaml: Net: a link leads to no .* did you mean creator\?"):
        load(ANSWERS, tmp_path)


def test_every_dashboard_of_the_documents_is_there() -> None:
    assert [page.title for page in DASHBOARDS.values()] == [
        "Platform", "Executive", "Revenue", "Users and retention", "Chat and providers", "Uploader", "Creator",
        "Freelancer", "Client", "Vendor", "Quality", "Fraud", "Compliance", "Operations", "Report builder", "Exports",
    ]  # fmt: skip
    for name, page in DASHBOARDS.items():
        titles = [item.title for item in page.items() if item.kind == "tile"]
        assert len(titles) == len(set(titles)), name


def test_names_say_what_they_mean() -> None:
    for name, form in [
        ("net_usd", "usd"), ("total_revenue", "usd"), ("mrr", "usd"), ("error_rate", "fraction"),
        ("percent", "percent"), ("avg_delivery_hours", "hours"), ("avg_rating", "score"), ("p95_ms_worst", "ms"),
        ("createdAt", "instant"), ("month", "date"), ("sessions", "number"),
    ]:  # fmt: skip
        assert format_of(name, told=False) == form, name
    assert (format_of("total_revenue", told=True), format_of("net_usd", told=True)) == ("money", "usd")
    assert (title_of("avg_rating"), title_of("activeProposals"), title_of("net_usd")) == (
        "Average rating", "Active proposals", "Net",
    )  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_what_a_role_is_shown_it_may_ask(url: str, role: Role) -> None:
    """Everything that the page would ask for is answered; only a figure of somebody who has none is missing."""
    days = {"start_date": str(FIRST_DAY), "end_date": str(LAST_DAY)}
    dates = {"startDate": str(FIRST_DAY), "endDate": str(LAST_DAY)} | days
    with httpx.Client(base_url=url, headers=bearer(role, "free-1"), timeout=30) as client:
        for page in client.get("/api/v1/dashboards").json()["pages"]:
            for key, source in page["sources"].items():
                where = f"{page['name']} {key}"
                if "query" in source:
                    query = {k: v for k, v in source["query"].items() if k != "grain"}
                    query |= {"grain": {"page": "week"}.get(source["query"].get("grain"), source["query"].get("grain"))}
                    query |= {} if source["days"] == "none" else days
                    query["filters"] = [f | {"values": ["free-1"]} for f in query.get("filters", [])]
                    answer = client.post(source["path"], json=query)
                    assert answer.status_code == 200, f"{where}: {answer.text}"
                    continue
                takes = {name: dates[name] for name in source["takes"] if name in dates}
                takes |= {"userId": "free-1"} if "userId" in source["takes"] else {}
                fixed = {name: value.replace("$subject", "free-1") for name, value in source["parameters"].items()}
                path = source["path"].replace("{type}", fixed.pop("type", ""))
                answer = client.get(path, params=takes | fixed)
                assert answer.status_code == 200 or "{type}" in source["path"], f"{where}: {answer.text}"
                assert answer.status_code in (200, 404), f"{where}: {answer.text}"


def test_roles_see_their_dashboards_only() -> None:
    def names(role: Role) -> list[str]:
        return [name for name, page in DASHBOARDS.items() if described(page, name, role, ANSWERS)]

    assert names(Role.ADMIN) == list(DASHBOARDS)
    assert names(Role.ANALYST) == [name for name in DASHBOARDS if name != "exports"]
    for role in (Role.UPLOADER, Role.CREATOR, Role.FREELANCER, Role.CLIENT, Role.VENDOR):
        assert names(role) == [role.value]
    assert names(Role.SERVICE) == []


def test_only_who_sees_all_may_choose_whose_page_it_is() -> None:
    page = DASHBOARDS["creator"]
    own, any_ = (described(page, "creator", role, ANSWERS) for role in (Role.CREATOR, Role.ANALYST))
    assert own is not None
    assert any_ is not None
    assert own["subject"] is None
    assert "creators" not in own["sources"]
    assert any_["subject"]["source"] == "creators"


def test_who_may_not_read_forecasts_sees_the_chart_without_them() -> None:
    chart = {"kind": "area", "title": "Revenue", "source": "own", "rows": "trend", "series": {"revenue": ""}}
    text = changed(
        {
            "roles": ["admin", "vendor"],
            "time": "period",
            "sources": {"own": {"path": "/api/v1/analytics/vendor/dashboard"}},
            "sections": [{"items": [chart | {"outlook": "total_revenue"}]}],
        }
    )
    page = read(text, "money.yaml", ANSWERS)
    for role, sees in ((Role.ADMIN, True), (Role.VENDOR, False)):
        told = described(page, "money", role, ANSWERS)
        assert told is not None
        (shown,) = told["sections"][0]["items"]
        assert shown.get("outlook") == ("total_revenue" if sees else None)
        assert set(told["sources"]) == ({"own", *OUTLOOK} if sees else {"own"})


def test_the_figures_that_can_be_asked_for_are_those_that_are_watched() -> None:
    for path in (*OUTLOOK, "/api/v1/outlook"):
        assert list(ANSWERS[path].parameters["metric"]) == [series.metric for series in declared()], path


def test_every_watched_figure_is_drawn_somewhere() -> None:
    drawn = {getattr(item, "outlook", None) for page in DASHBOARDS.values() for item in page.items()}
    assert drawn - {None} == {series.metric for series in declared()}


def test_where_dagster_is_only_they_are_told_who_see_all_and_can_get_there(url: str) -> None:
    def told(role: Role, host: str) -> str | None:
        answer = httpx.get(f"{url}/api/v1/dashboards", headers=bearer(role) | {"Host": host})
        return answer.json()["dagster"]  # type: ignore[no-any-return]

    assert told(Role.ANALYST, "localhost") == "http://127.0.0.1:1"
    assert told(Role.ANALYST, "numbers.example.com") is None
    assert told(Role.VENDOR, "localhost") is None


def test_without_a_token_no_dashboards(url: str) -> None:
    assert httpx.get(f"{url}/api/v1/dashboards").status_code == 401


def test_all_files_are_dashboards() -> None:
    assert {file.stem for file in PAGES.iterdir()} == set(DASHBOARDS)
