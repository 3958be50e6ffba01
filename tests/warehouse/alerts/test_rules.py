"""The rules: sound as declared, and each query finds what it is for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from clickhouse_connect.driver.client import Client

from tests.warehouse.alerts.conftest import START
from warehouse.alerts.evaluate import Outcome
from warehouse.alerts.rules import RULES, RuleBook
from warehouse.errors import SettingsError
from warehouse.settings import Settings, get_settings, project_root

AT = Callable[[Settings, float], Outcome]


def test_every_query_is_used_and_takes_the_time_as_a_parameter() -> None:
    book = RuleBook(get_settings())
    used = {rule.sql for rule in book.rules.values() if rule.sql is not None}
    assert used == {file.stem for file in RULES.parent.glob("*.sql")}
    for name in used:
        text = re.sub(r"--[^\n]*", "", (RULES.parent / f"{name}.sql").read_text("utf-8"))
        assert "{now:" in text
        assert not re.search(r"\b(now|now64|today|yesterday)\s*\(", text)


def test_every_rule_has_a_runbook_and_every_runbook_a_rule() -> None:
    text = (project_root() / "docs" / "runbooks.md").read_text("utf-8")
    prometheus = (project_root() / "deploy" / "prometheus" / "rules.yml").read_text("utf-8")
    names = set(RuleBook(get_settings()).declared.rules) | set(re.findall(r"- alert: (\w+)", prometheus))
    assert set(re.findall(r"^### (\w+)$", text, re.MULTILINE)) == names


def test_rules_of_ones_own_come_on_top(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "runbooks: https://wiki.example.com/runbooks\n"
        "rules:\n"
        "  disk_low: {below: 30}\n"
        "  anomaly: {enabled: false}\n"
        "  mine: {says: '{cause}', sql: mine, above: 1, for: 10m, severity: info}\n"
    )
    (tmp_path / "mine.sql").write_text("select 'x' as cause, 2 as value, '' as detail")
    book = RuleBook(get_settings().model_copy(update={"alert_rules": own}))
    assert book.rules["disk_low"].condition == "< 30 for 10m"
    assert "anomaly" not in book.rules
    assert book.sql("mine").startswith("select 'x'")
    assert book.declared.runbook("mine") == "https://wiki.example.com/runbooks#mine"


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ("{says: x, above: 1, severity: info}", "either `sql` or `probe`"),
        ("{says: x, probe: p, severity: info}", "either `above` or `below`"),
        ("{says: '{who}', probe: p, above: 1, severity: info}", "`says` may hold"),
        ("{says: x, probe: p, above: 1, for: 5 minutes, severity: info}", "such as 5m"),
        ("{says: x, probe: p, above: 1, severity: info, behind: [nobody]}", "behind what is no rule: nobody"),
        ("{says: x, sql: nowhere, above: 1, severity: info}", r"no nowhere\.sql"),
        ("{says: x, probe: p, above: 1, severity: loud}", "severity"),
    ],
)
def test_a_rule_that_is_not_sound_is_named(tmp_path: Path, rule: str, complaint: str) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(f"rules: {{mine: {rule}}}")
    with pytest.raises(SettingsError, match=complaint):
        RuleBook(get_settings().model_copy(update={"alert_rules": own}))


def test_alerts_of_prometheus_name_their_runbooks() -> None:
    groups = yaml.safe_load((project_root() / "deploy" / "prometheus" / "rules.yml").read_text("utf-8"))["groups"]
    for rule in (rule for group in groups for rule in group["rules"] if "alert" in rule):
        assert rule["annotations"]["runbook"] == f"docs/runbooks.md#{rule['alert'].lower()}"


BATCH = (
    *("commit_seq", "batch_seq", "batch_id", "source", "origin", "received", "stored", "duplicates", "quarantined"),
    *("started_at", "landed_at"),
)


def landed(admin: Client, minute: float, source: str = "files", stored: int = 0, refused: int = 0) -> None:
    """An entry of the ledger; of its rows, only refused ones are there."""
    number = admin.query("SELECT max(commit_seq) + 1 FROM raw.batches").first_row[0]
    instant = START + timedelta(minutes=minute)
    row = (number, number, f"b{number}", source, "", stored + refused, stored, 0, refused, instant, instant)
    admin.insert("raw.batches", [row], column_names=BATCH)
    refusals = [(number, n, source, "why", "{}", instant) for n in range(refused)]
    if refusals:
        columns = ("batch_seq", "received_seq", "source", "reason", "original", "received_at")
        admin.insert("raw.quarantine", refusals, column_names=columns)


def published(admin: Client, minute: float, commit_seq: int) -> None:
    columns = ("sequence", "generation", "database", "action", "published_at", "commit_seq", "code", "run_id",
               "tests_passed", "tests_failed")  # fmt: skip
    instant = START + timedelta(minutes=minute)
    admin.insert(
        "marts.publications", [(1, 1, "g", "publish", instant, commit_seq, "", "", 1, 0)], column_names=columns
    )


def fires(outcome: Outcome) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for alert in outcome.firing:
        found.setdefault(alert.rule, []).append(alert.cause)
    return found


def test_rows_that_the_ledger_has_and_the_tables_have_not(watched: Settings, admin: Client, at: AT) -> None:
    landed(admin, -1, stored=3)
    outcome = at(watched, 0)
    assert outcome.unknown == {}
    assert fires(outcome) == {"ledger_imbalance": ["batch b1 of files"]}
    assert "events 0 of 3" in outcome.firing[0].detail
    assert fires(at(watched, 40)).get("publication_stalled") is None  # pending: it lasts from now on
    assert fires(at(watched, 43)) == {"publication_stalled": ["publication"]}


def test_a_number_that_is_missing_in_the_ledger(watched: Settings, admin: Client, at: AT) -> None:
    landed(admin, -2)
    landed(admin, -1)
    admin.command("DELETE FROM raw.batches WHERE commit_seq = 1", settings={"mutations_sync": 2})
    landed(admin, -1)
    assert fires(at(watched, 0)) == {}
    admin.command("DELETE FROM raw.batches WHERE commit_seq = 2", settings={"mutations_sync": 2})
    admin.insert("raw.batches", [(7, 7, "b7", "files", "", 0, 0, 0, 0, START, START)], column_names=BATCH)
    assert fires(at(watched, 0)) == {"ledger_imbalance": ["numbers of commits"]}


def test_a_source_that_sends_what_is_refused(watched: Settings, admin: Client, at: AT) -> None:
    landed(admin, -5, source="collector", refused=99)
    published(admin, -4, 1)
    assert at(watched, 0).alerts == ()  # too few to say
    landed(admin, -3, source="collector", refused=1)
    published(admin, -2, 2)
    at(watched, 0)
    outcome = at(watched, 10)
    assert fires(outcome) == {"quarantine": ["collector"]}
    assert "100 of 100" in outcome.firing[0].detail


def test_a_source_with_habits_that_falls_silent(watched: Settings, admin: Client, at: AT) -> None:
    rows = [
        (n + 1, n + 1, f"b{n}", source, "", 0, 0, 0, 0, at_, at_)
        for n, (source, at_) in enumerate(
            [("steady", START - timedelta(minutes=200 - m)) for m in range(200)]
            + [("sometimes", START - timedelta(minutes=200 - 10 * m)) for m in range(20)]
        )
    ]
    admin.insert("raw.batches", rows, column_names=BATCH)
    published(admin, -1, len(rows))
    assert at(watched, 55).alerts == ()
    at(watched, 62)
    outcome = at(watched, 67)
    assert fires(outcome) == {"source_silent": ["steady"]}
    assert "68 minutes" in outcome.firing[0].detail


def test_canaries_that_do_not_arrive(watched: Settings, admin: Client, at: AT) -> None:
    rows: list[Any] = [
        ("collector", START - timedelta(minutes=m), START, None, None, None, START) for m in range(3)
    ] + [("files", START - timedelta(minutes=m), START, START, START, START, START) for m in range(3)]
    columns = ("door", "sent_at", "accepted_at", "stored_at", "published_at", "served_at", "watched_at")
    admin.insert("raw.canaries", rows, column_names=columns)
    at(watched, 0)
    outcome = at(watched, 3)
    assert fires(outcome) == {"canary_lost": ["collector"]}
    assert "3 not stored" in outcome.firing[0].detail


def test_what_marts_say(watched: Settings, admin: Client, at: AT) -> None:
    hour, day, before = START - timedelta(hours=1), START.date(), START.date() - timedelta(days=1)
    columns = ("hour", "service", "endpoint", "requests", "errors", "error_rate")
    admin.insert("marts.system_health", [(hour, "shop", "/a", 100, 6, 0.06), (hour, "shop", "/b", 99, 50, 0.5)],
                 column_names=columns)  # fmt: skip
    checks = [(before, "stripe", 0.5, False), (day, "stripe", 1.0, True), (day, "mail", 0.0, False)]
    admin.insert("marts.external_services", checks, column_names=("date", "service", "uptime_rate", "is_up"))
    admin.insert("marts.daily_metrics", [(day,), (before,)], column_names=("date",))
    found = [("revenue", before, 1.0, 9.0, -8.0, "critical"), ("signups", before, 1.0, 3.0, -4.0, "warning")]
    admin.insert("marts.anomalies", found, column_names=("metric", "date", "value", "expected", "score", "severity"))
    at(watched, 0)
    outcome = at(watched, 10)
    assert fires(outcome) == {"anomaly": ["revenue"], "external_down": ["mail"], "service_errors": ["shop /a"]}
    assert "expected 9" in next(alert for alert in outcome.firing if alert.rule == "anomaly").detail
