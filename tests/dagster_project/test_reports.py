"""Reports as runs: made, sent by a real mail server, scheduled without a deploy, told of and dropped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from uuid import UUID, uuid4

import dagster as dg
import pytest
from pydantic import SecretStr

from dagster_project import report_mail
from dagster_project.asset_keys import REPORT_JOB
from dagster_project.context import Warehouse
from dagster_project.definitions import build_defs
from dagster_project.defs.operations.assets import run_history
from dagster_project.defs.reports import assets, sensors
from serving_api.reports import links
from serving_api.reports.bodies import Template
from serving_api.reports.request import FinancialRequest
from serving_api.reports.runs import JOB, Order, Outcome
from serving_api.reports.shelf import Shelf
from serving_api.reports.store import ReportStore, SavedReport
from tests.servers.mail import PASSWORD, USER, MailServer, running_mail
from tests.serving_api.published import publish
from warehouse.client import Identity, connect
from warehouse.errors import WarehouseError
from warehouse.settings import Settings

REVENUE = FinancialRequest.model_validate(
    {"report": "revenue", "start": "2024-01-01", "end": "2024-03-31", "format": "csv"}
)
TEMPLATE = Template.model_validate(
    {
        "name": "Revenue of the month",
        "report_type": "financial",
        "config": {"report_type": "revenue", "start_date": "2024-01-01", "end_date": "2024-03-31", "format": "csv"},
        "is_scheduled": True,
        "schedule_cron": "* * * * *",
        "recipients": ["cfo@example.com", "books@example.com"],
        "owner_email": "owner@example.com",
    }
)


@pytest.fixture(scope="module")
def published(home: Settings) -> Settings:
    """The shared engine with a generation of the marts made by hand."""
    publish(connect(Identity.ADMIN, home), 1)
    return home


@pytest.fixture
def mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server whose certificate is trusted."""
    with running_mail(tmp_path / "mail") as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        yield server


def mailing(settings: Settings, server: MailServer) -> Settings:
    """The settings with the login of a mail server."""
    url = server.url.replace("//", f"//{USER}:{quote(PASSWORD, safe='')}@")
    return settings.model_copy(update={"smtp_url": SecretStr(url), "smtp_from": "Reports <reports@example.com>"})


def run(settings: Settings, instance: dg.DagsterInstance, order: Order) -> dg.ExecuteInProcessResult:
    job = build_defs(settings).resolve_job_def(REPORT_JOB)
    return job.execute_in_process(
        instance=instance, run_config=order.run_config, tags=order.run_tags, raise_on_error=False
    )


def metadata(result: dg.ExecuteInProcessResult, name: str) -> dict[str, Any]:
    [found] = [e for e in result.get_asset_materialization_events() if e.asset_key == dg.AssetKey(name)]
    return {label: value.value for label, value in found.materialization.metadata.items()}


def test_the_api_and_dagster_mean_the_same_job() -> None:
    assert JOB == REPORT_JOB


def test_a_run_makes_a_file_and_says_what_it_is(published: Settings, instance: dg.DagsterInstance) -> None:
    result = run(published, instance, Order(REVENUE, "somebody"))
    assert result.success
    said = metadata(result, "report")
    outcome = Outcome.of(said)
    path = Path(said["location"])
    assert path == published.home / "reports" / result.run_id / outcome.file
    content = path.read_bytes()
    assert (outcome.size, outcome.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (outcome.rows, outcome.generation) == (content.count(b"\n") - 1, 1)
    assert outcome.complete_through == "2024-04-30T21:30:15.250Z"
    manifest = json.loads(path.with_name(path.name + ".manifest.json").read_text("utf-8"))
    assert manifest["sha256"] == outcome.sha256
    [token] = parse_qs(urlsplit(said["download"]).query)["token"]
    assert links.opened(published, token) == links.Link(UUID(result.run_id), outcome.file)
    # Nobody is to get it.
    assert [e.asset_key for e in result.get_asset_materialization_events()] == [dg.AssetKey("report")]
    assert result.dagster_run.tags["warehouse/report"] == "financial"


def test_a_request_that_cannot_be_answered_fails_at_once(published: Settings, instance: dg.DagsterInstance) -> None:
    result = run(published, instance, Order(REVENUE.model_copy(update={"as_of": 999}), "somebody"))
    assert not result.success
    [failure] = [e for e in result.all_events if e.is_step_failure]
    assert not [e for e in result.all_events if e.is_step_up_for_retry]
    assert "generation 999 is not kept" in str(failure.step_failure_data.user_failure_data)
    assert not list((published.home / "reports" / result.run_id).iterdir())


def test_a_report_is_sent_with_its_file_a_picture_and_a_link(
    published: Settings, instance: dg.DagsterInstance, mail: MailServer
) -> None:
    settings = mailing(published, mail)
    store = ReportStore(settings)
    saved = SavedReport.new(TEMPLATE, "somebody", datetime.now(UTC))
    store.add(saved)
    result = run(settings, instance, saved.order("somebody"))
    assert result.success
    assert metadata(result, "delivery") == {"recipients": 2, "refused": {}}
    [(recipients, message)] = mail.received
    assert recipients == saved.recipients
    assert message["From"] == "Reports <reports@example.com>"
    assert message["Subject"] == saved.name
    assert message["Message-ID"] == f"<{result.run_id}@warehouse>"
    outcome = Outcome.of(metadata(result, "report"))
    [attachment] = message.iter_attachments()
    assert attachment.get_filename() == outcome.file
    assert hashlib.sha256(attachment.get_payload(decode=True)).hexdigest() == outcome.sha256  # type: ignore[arg-type]
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    assert html is not None
    assert text is not None
    for body in (html.get_content(), text.get_content()):
        for said in (saved.name, outcome.file, outcome.sha256, "2024-04-30T21:30:15.250Z", "is attached"):
            assert said in body
    [picture] = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert f"cid:{picture['Content-ID'][1:-1]}" in html.get_content()
    assert picture.get_payload(decode=True)[:8] == b"\x89PNG\r\n\x1a\n"  # type: ignore[index]
    found = store.get(saved.id)
    assert found is not None
    assert found.last_run_at is not None
    store.delete(saved.id)


def test_a_large_file_is_linked_and_a_refused_recipient_named(
    published: Settings, mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_mail, "ATTACHED_BYTES", 3)
    settings, run_id = mailing(published, mail), uuid4()
    outcome = Outcome("revenue.csv", 1_234_567, 4, "ab" * 32, 1, None)
    delivery = report_mail.Delivery(run_id, "A <b>bold</b> name", REVENUE, outcome, ("a@example.com", "b@example.com"))
    mail.refuses.add("b@example.com")
    refused = report_mail.deliver(settings, delivery)
    assert list(refused) == ["b@example.com"]
    assert "no such mailbox" in refused["b@example.com"]
    [(recipients, message)] = mail.received
    assert recipients == ["a@example.com"]
    assert not list(message.iter_attachments())
    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "A &lt;b&gt;bold&lt;/b&gt; name" in html
    assert "1,234,567" in html
    assert f"{links.RUNS_PATH}/{run_id}/file?token=" in html
    mail.refuses.add("a@example.com")
    with pytest.raises(WarehouseError, match="did not take"):
        report_mail.deliver(settings, delivery)


def test_mail_that_cannot_be_sent_safely_is_not_sent(
    published: Settings, mail: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = report_mail.Delivery(uuid4(), "n", REVENUE, Outcome("x.csv", 1, 10**9, "", 1, None), ("a@example.com",))
    with pytest.raises(WarehouseError, match="no mail server") as unset:
        report_mail.deliver(published, delivery)
    assert "SMTP_URL" in unset.value.hint
    wrong = mail.url.replace("//", "//reports:wrong-one@")
    with pytest.raises(WarehouseError, match="did not take") as refused:
        report_mail.deliver(published.model_copy(update={"smtp_url": SecretStr(wrong)}), delivery)
    assert "wrong-one" not in str(refused.value)
    away = published.model_copy(update={"smtp_url": SecretStr("smtp://127.0.0.1:1")})
    with pytest.raises(WarehouseError, match=r"127\.0\.0\.1:1 did not take"):
        report_mail.deliver(away, delivery)
    # A server whose certificate nobody vouches for.
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(WarehouseError, match="CertVerification"):
        report_mail.deliver(mailing(published, mail), delivery)
    assert not mail.received


def look(settings: Settings, instance: dg.DagsterInstance, cursor: str | None) -> tuple[list[dg.RunRequest], str]:
    context = dg.build_sensor_context(
        instance=instance,
        cursor=cursor,
        repository_def=build_defs(settings).get_repository_def(),
        resources={"warehouse": Warehouse(settings)},
    )
    data = sensors.scheduled_reports.evaluate_tick(context)
    assert data.cursor is not None
    for asked in data.run_requests or []:
        dg.validate_run_config(build_defs(settings).resolve_job_def(REPORT_JOB), asked.run_config)
    return list(data.run_requests or []), data.cursor


def test_a_schedule_runs_without_a_deploy_and_once_for_all_missed_ticks(
    published: Settings, instance: dg.DagsterInstance
) -> None:
    store, now = ReportStore(published), datetime.now(UTC)
    hourly = TEMPLATE.model_copy(update={"name": "hourly", "schedule_cron": "0 * * * *"})
    old = SavedReport.new(hourly, "somebody", now - timedelta(days=3))
    new = SavedReport.new(hourly, "somebody", now)
    paused = SavedReport.new(hourly.model_copy(update={"is_scheduled": False}), "somebody", now - timedelta(days=3))
    requests, cursor = look(published, instance, None)
    assert requests == []
    # Everything is saved after the location was loaded and the clock has looked.
    for saved in (old, new, paused):
        store.add(saved)
    three_days_ago = (now - timedelta(days=3)).isoformat()
    [request], cursor = look(published, instance, three_days_ago)
    tick = now.replace(minute=0, second=0, microsecond=0)
    assert request.run_key == f"{old.id}:{tick:%Y-%m-%dT%H:%MZ}"
    assert request.tags["warehouse/saved_report"] == str(old.id)
    assert request.run_config == old.order("somebody").run_config
    assert request.run_config["ops"]["delivery"]["config"]["recipients"] == old.recipients
    # Looked again before the cursor was kept: the same key, which Dagster does not run twice.
    [again], _ = look(published, instance, three_days_ago)
    assert again.run_key == request.run_key
    assert look(published, instance, cursor)[0] == []
    # Another name changes no schedule, another hour begins anew.
    store.replace(old.changed(hourly.model_copy(update={"name": "every hour"}), now))
    assert [r.run_key for r in look(published, instance, three_days_ago)[0]] == [request.run_key]
    store.replace(old.changed(hourly.model_copy(update={"schedule_cron": "30 * * * *"}), now))
    assert look(published, instance, three_days_ago)[0] == []
    for saved in (old, new, paused):
        assert store.delete(saved.id)


def test_the_owner_is_told_once_that_a_run_has_failed(
    published: Settings, instance: dg.DagsterInstance, mail: MailServer
) -> None:
    settings = mailing(published, mail)
    config = {**TEMPLATE.config, "as_of": 999}
    saved = SavedReport.new(TEMPLATE.model_copy(update={"config": config}), "somebody", datetime.now(UTC))

    def tell(order: Order) -> None:
        failed = run(settings, instance, order)
        assert not failed.success
        context = dg.build_run_status_sensor_context(
            sensor_name="report_failures",
            dagster_event=failed.get_run_failure_event(),
            dagster_instance=instance,
            dagster_run=failed.dagster_run,
            resources={"warehouse": Warehouse(settings)},
        ).for_run_failure()
        sensors.report_failures(context)

    tell(saved.order("somebody"))
    [(recipients, message)] = mail.received
    assert recipients == ["owner@example.com"]
    assert message["Subject"] == f"Failed: {saved.name}"
    body = message.get_body(("plain",))
    assert body is not None
    assert "generation 999 is not kept" in body.get_content()
    # Whoever asks for one by hand sees that it failed.
    tell(saved.order("somebody", deliver=False))
    assert len(mail.received) == 1


def test_the_owner_is_who_can_be_reached() -> None:
    now = datetime.now(UTC)
    nameless = TEMPLATE.model_copy(update={"owner_email": None})
    assert SavedReport.new(TEMPLATE, "me@example.com", now).order("x").owner_email == "owner@example.com"
    assert SavedReport.new(nameless, "me@example.com", now).order("x").owner_email == "me@example.com"
    assert SavedReport.new(nameless, "u-17", now).order("x").owner_email == "cfo@example.com"


def test_old_reports_go_with_their_runs_and_others_leave_them(
    published: Settings, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dagster_project import history

    result = run(published, instance, Order(REVENUE, "somebody"))
    folder = published.home / "reports" / result.run_id
    monkeypatch.setattr(history, "KEPT_RUNS", timedelta(days=-1))
    resources = {"warehouse": Warehouse(published)}
    dg.materialize([run_history], instance=instance)
    assert instance.has_run(result.run_id)
    kept = dg.materialize([assets.kept_reports], instance=instance, resources=resources)
    assert metadata(kept, "kept_reports") == {"kept": 1, "dropped": 0}
    assert folder.exists()
    monkeypatch.setattr(assets, "KEPT_REPORTS", timedelta(days=-1))
    dropped = dg.materialize([assets.kept_reports], instance=instance, resources=resources)
    assert metadata(dropped, "kept_reports") == {"kept": 0, "dropped": 1}
    assert not instance.has_run(result.run_id)
    assert not folder.exists()
    assert Shelf(published).find(UUID(result.run_id), "any") is None
