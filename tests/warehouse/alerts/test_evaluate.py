"""Whole evaluations: quiet when all is well, one message when the engine is dead, and messages that arrive."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from clickhouse_connect.driver.client import Client
from pydantic import SecretStr

from tests.servers.engine import kill_for_good, kill_until_back
from tests.servers.mail import PASSWORD, USER, running_mail
from tests.servers.webhook import WebhookServer
from tests.warehouse.alerts.conftest import START, Planted
from warehouse.alerts.answers import as_json
from warehouse.alerts.channels import channels
from warehouse.alerts.evaluate import Outcome, evaluate
from warehouse.alerts.looking import Finding
from warehouse.alerts.rules import RuleBook
from warehouse.client import Identity, connect
from warehouse.engine import process
from warehouse.errors import SettingsError
from warehouse.settings import Settings

AT = Callable[[Settings, float], Outcome]
_MINUTES = 9 * 24 * 60
_DAY = range(24 * 60)
#: A day's minutes, of which each costs a sixth of a second of processor time, most of it ClickHouse's for planning nine
#: queries: every hour by another of its minutes, and each around those in which a source wakes and falls asleep. The
#: hours are alike but for that; `EVERY_MINUTE=1` tries them all.
EVALUATED = (
    _DAY
    if os.environ.get("EVERY_MINUTE")
    else sorted({*_DAY[::19], *_DAY[6 * 60 + 55 : 7 * 60 + 5], *_DAY[20 * 60 + 55 : 21 * 60 + 5]})
)

#: Nine days of three sources: one sends every minute, one by day only, one once an hour; every batch has one event,
#: a few refusals, and is published half a minute later; every minute a canary goes through two doors.
_DAYS = (
    """
    INSERT INTO raw.batches (commit_seq, batch_seq, batch_id, source, received, stored, quarantined, started_at,
                             landed_at)
    SELECT row_number() OVER (ORDER BY minute, source) AS number, number, toString(number), source,
           1 + refused, 1, minute % 300 = 0 AS refused, at, at
    FROM (
        SELECT arrayJoin(['collector', 'kafka', 'files']) AS source, number AS minute,
               {start:DateTime64(3, 'UTC')} + toIntervalMinute(minute) - toIntervalDay(8) AS at
        FROM numbers({minutes:UInt64})
    )
    WHERE source = 'collector' OR (source = 'kafka' AND toHour(at) BETWEEN 7 AND 20)
        OR (source = 'files' AND minute % 60 = 7)
    """,
    """
    INSERT INTO raw.events (event_id, event_type, source, batch_seq, received_seq, received_at)
    SELECT generateUUIDv4(), 'product.viewed', source, batch_seq, batch_seq, landed_at FROM raw.batches
    """,
    """
    INSERT INTO raw.quarantine (batch_seq, received_seq, source, reason, original, received_at)
    SELECT batch_seq, batch_seq, source, 'why', '', landed_at FROM raw.batches WHERE quarantined > 0
    """,
    """
    INSERT INTO marts.publications (sequence, generation, database, action, published_at, commit_seq)
    SELECT row_number() OVER (ORDER BY landed_at) AS number, number, 'g', 'publish', landed_at + toIntervalSecond(30),
           max(commit_seq)
    FROM raw.batches GROUP BY landed_at
    """,
    """
    INSERT INTO raw.canaries (door, sent_at, accepted_at, stored_at, published_at, served_at, watched_at)
    SELECT arrayJoin(['collector', 'files']), landed_at, landed_at, landed_at, landed_at + 9, landed_at + 10,
           landed_at + 10
    FROM raw.batches WHERE source = 'collector'
    """,
)


def test_a_healthy_day_is_quiet(watched: Settings, admin: Client, planted: Planted, webhook: WebhookServer) -> None:
    parameters = {"start": START.strftime("%F %T"), "minutes": _MINUTES}
    for statement in _DAYS:
        admin.command(statement, parameters=parameters)
    book, probes = RuleBook(watched), planted.probes()
    for minute in EVALUATED:
        outcome = evaluate(watched, probes, now=START + timedelta(minutes=minute, seconds=40), book=book)
        assert (outcome.firing, outcome.unknown) == ([], {})
    assert webhook.received == []
    # What the day looked like is there to be read.
    states = admin.query("SELECT state, count() FROM marts.alerts GROUP BY state").result_rows
    assert states == [("ok", len(EVALUATED) * len(book.rules))]


def test_a_dead_engine_is_one_message_and_its_return_another(
    fresh_home: Settings, webhook: WebhookServer, planted: Planted, at: AT
) -> None:
    settings = fresh_home.model_copy(update={"alert_webhook_url": SecretStr(webhook.url)})
    assert at(settings, 0).firing == []
    kill_for_good(settings)
    # What follows from it.
    planted.found = {
        "failed_lane": [Finding("build", 1, "ClickHouse does not answer")],
        "failed_runs": [Finding(job, 1, "ClickHouse does not answer") for job in ("canaries", "doors", "reports")],
        "failed_checks": [Finding(f"mart_{n}:fresh", 1) for n in range(12)],
        "backlog": [Finding("the door kafka", 200_000)],
        "unreachable_doors": [Finding("collector", 1, "the spool cannot be asked")],
        "landing_folder": [Finding("landing folder", 50, "a.ndjson")],
    }
    for minute in range(1, 121):
        outcome = at(settings, minute)
    assert [alert.rule for alert in outcome.firing] == ["clickhouse_down"]
    assert "publication_stalled" in outcome.unknown
    [told] = webhook.received
    assert told.startswith("*[critical] ClickHouse does not answer*")
    assert "is not running" in told
    assert "docs/runbooks.md#clickhouse_down" in told
    process.start(settings)
    planted.found = {}
    for minute in range(121, 127):
        outcome = at(settings, minute)
    assert outcome.alerts == ()
    assert len(webhook.received) == 2
    assert webhook.received[1].startswith("*[resolved] ClickHouse does not answer*")


def test_an_engine_that_was_started_again_is_told_of(fresh_home: Settings, at: AT) -> None:
    kill_until_back(fresh_home)
    outcome = at(fresh_home, 0)
    assert [alert.rule for alert in outcome.firing] == ["engine_restarted"]
    assert "last at" in outcome.firing[0].detail


def test_a_message_that_is_not_taken_waits_in_order_and_arrives_once(
    watched: Settings, webhook: WebhookServer, planted: Planted, at: AT
) -> None:
    webhook.status = 500
    planted.found = {"dagster_daemon": [Finding("daemon", 9)]}
    outcome = at(watched, 0)
    [waiting] = outcome.undelivered
    assert (waiting.attempts, waiting.error) == (
        1,
        "the webhook at 127.0.0.1 answered 500 (check ALERT_WEBHOOK_URL)",
    )
    planted.found = {}
    for minute in range(1, 6):
        outcome = at(watched, minute)
    assert [message.message.subject.split("]")[0] for message in outcome.undelivered] == ["[critical", "[resolved"]
    # That nobody could be told is an alert, too: for other channels, and for whoever looks.
    assert [alert.rule for alert in outcome.firing] == ["delivery_failing"]
    shown = as_json(outcome, RuleBook(watched))
    assert shown["undelivered"][0]["error"] == waiting.error
    assert "secret" not in str(shown)
    webhook.status = 200
    for minute in range(6, 14):
        outcome = at(watched, minute)
    assert outcome.undelivered == ()
    assert [text.partition("]")[0] for text in webhook.received] == ["*[critical", "*[resolved"]


def test_a_restart_says_nothing_twice(watched: Settings, webhook: WebhookServer, planted: Planted, at: AT) -> None:
    planted.found = {"dagster_daemon": [Finding("daemon", 9)]}
    # Nothing is kept in the process: every evaluation begins as after a restart.
    for minute in range(8):
        at(watched, minute)
    assert len(webhook.received) == 1
    assert evaluate(watched, planted.probes(), now=START, record=False).firing


def test_what_is_only_looked_at_is_not_told(
    watched: Settings, webhook: WebhookServer, planted: Planted, at: AT
) -> None:
    planted.found = {"dagster_daemon": [Finding("daemon", 9)]}
    outcome = evaluate(watched, planted.probes(), now=START, record=False)
    assert [alert.rule for alert in outcome.firing] == ["dagster_down"]
    assert webhook.received == []
    assert at(watched, 0).firing
    assert len(webhook.received) == 1


def test_many_causes_are_one_message(watched: Settings, webhook: WebhookServer, planted: Planted, at: AT) -> None:
    planted.found = {"failed_checks": [Finding(f"mart_{n:02}:sums_agree", 1, "9 rows") for n in range(40)]}
    at(watched, 0)
    [told] = webhook.received
    assert "A check fails: mart_00:sums_agree (and 39 more)" in told
    assert f"mart_09:sums_agree, since {START:%F %T} UTC: 9 rows" in told
    assert "… and 30 more" in told


def test_a_rule_that_breaks_is_an_alert_and_no_other_is_lost(
    watched: Settings, tmp_path: Path, planted: Planted, at: AT
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("rules: {mine: {says: x, sql: mine, above: 1, severity: info}}")
    (tmp_path / "mine.sql").write_text("select nothing from nowhere")
    planted.found = {"dagster_daemon": [Finding("daemon", 9)]}
    settings = watched.model_copy(update={"alert_rules": own})
    at(settings, 0)
    outcome = at(settings, 5)
    assert [(alert.rule, alert.cause) for alert in outcome.firing] == [
        ("dagster_down", "daemon"),
        ("rule_broken", "mine"),
    ]
    assert "nowhere" in outcome.unknown["mine"]


def test_a_rule_cannot_write(watched: Settings, tmp_path: Path, at: AT) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("rules: {mine: {says: x, sql: mine, above: 1, severity: info}}")
    (tmp_path / "mine.sql").write_text("truncate table marts.publications")
    assert "readonly" in at(watched.model_copy(update={"alert_rules": own}), 0).unknown["mine"]


def test_mail_is_sent_by_a_real_server(
    watched: Settings, tmp_path: Path, planted: Planted, at: AT, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_mail(tmp_path / "mail") as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        url = server.url.replace("//", f"//{USER}:{quote(PASSWORD, safe='')}@")
        settings = watched.model_copy(
            update={
                "alert_webhook_url": None,
                "smtp_url": SecretStr(url),
                "smtp_from": "Warehouse <warehouse@example.com>",
                "alert_email_to": ("ops@example.com", "gone@example.com"),
            }
        )
        server.refuses.add("gone@example.com")
        planted.found = {"dagster_daemon": [Finding("daemon", 9)]}
        at(settings, 0)
        assert at(settings, 1).undelivered == ()
        [(recipients, message)] = server.received
        assert recipients == ["ops@example.com"]
        assert message["Subject"] == "[critical] Dagster's daemon has not been seen for 9 minutes"
        assert message["Message-ID"].startswith("<alert-")
        assert "docs/runbooks.md#dagster_down" in message.get_content()


def test_disks_and_readers(watched: Settings, admin: Client, tmp_path: Path, at: AT) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("rules: {disk_full: {below: 101}}")
    outcome = at(watched.model_copy(update={"alert_rules": own}), 0)
    assert {alert.rule for alert in outcome.firing} == {"disk_full"}
    assert "GiB free" in outcome.firing[0].detail
    reader = connect(Identity.READER, watched)
    rows = reader.query("SELECT rule, state, severity, condition FROM marts.alerts WHERE rule LIKE 'disk%'").result_rows
    assert ("disk_full", "firing", "critical", "< 101") in rows


@pytest.mark.parametrize(
    ("update", "complaint"),
    [
        ({"alert_webhook_url": SecretStr("hooks.example.com/x")}, "no address"),
        ({"alert_webhook_url": SecretStr("http://hooks.example.com/x")}, "not encrypted"),
        ({"alert_email_to": ("a@example.com",), "smtp_url": None}, "SMTP_URL is not"),
    ],
)
def test_channels_that_cannot_be_used(home: Settings, update: dict[str, object], complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint):
        channels(home.model_copy(update=update))
