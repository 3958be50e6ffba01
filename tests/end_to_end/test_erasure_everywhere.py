"""A person leaves the home as well: files, reports, Dagster's history; no backup brings him back; he can be told."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import dagster as dg
import httpx
import pytest
from pydantic import SecretStr
from redis import Redis

from dagster_project import erasing
from dagster_project.definitions import build_defs
from dagster_project.erasing import TOMBSTONES
from ingestion.erasure import tables
from serving_api import privacy
from serving_api.app import create_app
from serving_api.auth import Authority, Role
from serving_api.reports.bodies import Template
from serving_api.reports.shelf import Shelf
from serving_api.reports.store import ReportStore, SavedReport
from tests.end_to_end.test_erasure import EMAIL, audit, files_with, signup
from tests.faults.command import Command, own_home
from tests.oracle.generate import marketplace
from tests.servers.objects import ObjectServer, running_objects
from tests.servers.redis import RedisServer, running_redis
from tests.serving_api.conftest import SECRET, bearer, serving
from warehouse import requests
from warehouse.client import Identity, connect, scalar
from warehouse.errors import WarehouseError
from warehouse.object_storage import s3_client
from warehouse.settings import Settings

PERSON, OTHER = "person-5d1c77", "person-in-a-hurry"
RUN = UUID("00000000-0000-0000-0000-00000000000a")


def named(settings: Settings, person: str) -> list[str]:
    client = connect(Identity.ADMIN, settings)
    return [f"{t.database}.{t.name}" for t in tables.tables(client) if tables.names(client, t, person)]


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """A published home with two people in events, files, a report, a saved report and Dagster's history; backed up."""
    with own_home(tmp_path_factory.mktemp("everywhere") / "home") as command:
        furnish(command)
        yield command


def furnish(command: Command) -> None:
    """Put everything there that could name somebody."""
    home = command.settings.home
    landed = home / "landing" / "landed"
    landed.mkdir(parents=True)
    lines = marketplace(31, users=8, days=6, start=dt.date(2025, 3, 1), per_day=20)
    lines += [signup(PERSON), audit(PERSON), signup(OTHER), audit(OTHER)]
    with gzip.open(landed / "events.ndjson.gz", "wb") as file:
        file.write(b"\n".join(lines) + b"\n")
    (landed / "others.ndjson").write_bytes(lines[0] + b"\n")
    assert command("ingest", landed / "events.ndjson.gz", "--json").code == 0
    assert command("build", "--json").json["published"]
    for number, content in enumerate((f"id,amount\n{PERSON},7\n", "id,amount\nanother,8\n")):
        run = home / "reports" / f"00000000-0000-0000-0000-00000000000{number}"
        run.mkdir(parents=True)
        (run / "report.csv").write_text(content)
    store = ReportStore(command.settings)
    for name in (PERSON, "nobody in particular"):
        template = Template.model_validate(
            {
                "name": f"of {name}",
                "report_type": "financial",
                "config": {"report_type": "revenue", "period": "last_month"},
            }
        )
        store.add(SavedReport.new(template, "an-admin", dt.datetime.now(dt.UTC)))
    dagster = home / "dagster"
    dagster.mkdir()
    (dagster / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    with dg.DagsterInstance.from_config(str(dagster)) as instance:
        for person in (PERSON, "another"):
            instance.create_run_for_job(_nothing, run_config={"ops": {"nothing": {"config": {"user": person}}}})
    for person in (PERSON, "another"):
        printed = dagster / "storage" / f"of-{len(person)}" / "compute_logs" / "step.err"
        printed.parent.mkdir(parents=True)
        printed.write_text(f"users/{person} is not a file\n")
    assert command("backup", "--json").code == 0


@dg.op(config_schema=dict)
def nothing() -> None:
    """An op whose configuration is about somebody."""


@dg.job
def _nothing() -> None:
    nothing()


def test_a_person_is_told_everything_that_is_kept(command: Command, tmp_path: Path) -> None:
    target = tmp_path / "access.zip"
    answer = command("export-user", PERSON, "--to", target, "--json")
    assert answer.code == 0, answer.stderr
    assert target.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(target) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    events = [json.loads(line) for line in members["raw/events.ndjson"].splitlines()]
    assert {event["event_type"] for event in events} == {"user.signup", "audit.recorded"}
    assert answer.json["rows"]["raw/events.ndjson"] == len(events) == 2
    assert json.loads(members["marts/users.ndjson"])["user_id"] == PERSON
    assert PERSON in members["reports/saved.json"]
    assert json.loads(members["reports/files.json"])["runs"] == ["00000000-0000-0000-0000-000000000000"]
    assert PERSON in members["README.md"]
    assert OTHER not in "".join(members.values())


@pytest.fixture(scope="module")
def certificates(command: Command) -> list[dict[str, Any]]:
    """One person is erased, killed in the midst and completed: the certificate then and in the end."""
    # The events in `raw` are rewritten, their copy in `build` is not.
    assert command.killed("after", "UPDATE user_id", "erase-user", OTHER, "--json").code == -9
    [path] = (command.settings.home / "erasures").glob("*.json")
    before = json.loads(path.read_text())
    answer = command("erase-user", OTHER, "--json")
    assert answer.code == 0, answer.stderr
    return [before, json.loads(path.read_text())]


@dataclass(frozen=True, slots=True)
class Around:
    """What a home may have around it, with answers and files that name the person: Redis and object storage."""

    redis: RedisServer
    objects: ObjectServer
    settings: Settings
    api: str

    def asked(self, path: str) -> httpx.Response:
        return httpx.get(self.api + path, headers=bearer(Role.ADMIN), timeout=30)

    def kept(self) -> list[object]:
        """The values of everything that is in Redis."""
        with closing(Redis.from_url(self.redis.url)) as redis:
            return [redis.get(key) for key in redis.keys("*")]

    def is_kept(self, text: str) -> bool:
        """Whether anything in Redis contains a text."""
        return any(isinstance(value, bytes) and text.encode() in value for value in self.kept())

    def stored(self) -> list[str]:
        """Every file in object storage."""
        listed = self.objects.client().list_objects_v2(Bucket="kept")
        return [found["Key"] for found in listed.get("Contents", ())]


EVENTS = "/api/events"


@pytest.fixture(scope="module")
def around(
    command: Command, certificates: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Around]:
    """The API with a second level of answers in Redis, and reports that have moved to object storage."""
    assert len(certificates) == 2
    with (
        pytest.MonkeyPatch.context() as patch,
        running_redis() as redis,
        running_objects(tmp_path_factory.mktemp("objects") / "data") as objects,
    ):
        for name, value in (objects.environment | {"API_RATE_PER_MINUTE": "0"}).items():
            patch.setenv(name, value)
        s3_client.cache_clear()
        objects.client().create_bucket(Bucket="kept")
        settings = command.settings.model_copy(
            update={
                "api_redis_url": SecretStr(redis.url), "reports_prefix": "s3://kept/reports",
                "api_rate_per_minute": 0, "dagster_port": 1,
            }
        )  # fmt: skip
        with serving(create_app(settings, Authority(SECRET))) as api:
            yield Around(redis, objects, settings, api)
        s3_client.cache_clear()


@pytest.fixture(scope="module")
def pages(around: Around) -> list[str]:
    """The paths of an answer and of its next page, both of which name the person and have been given."""
    first = around.asked(f"{EVENTS}?limit=20")
    paths = [f"{EVENTS}?limit=20"]
    while PERSON not in (page := around.asked(paths[-1])).text:
        paths.append(page.json()["meta"]["next"])
    assert len(paths) > 1, first.text
    whole = around.asked(f"{EVENTS}?limit=1000")
    assert PERSON in whole.text
    assert around.is_kept(PERSON)
    return [f"{EVENTS}?limit=1000", paths[-1]]


@pytest.fixture(scope="module")
def erased(command: Command, around: Around, pages: list[str]) -> Command:
    """The home that both people have left, the second by a run of Dagster's."""
    assert pages
    settings = around.settings
    shelf = Shelf(settings)
    with shelf.place(RUN) as folder:
        (folder / "report.csv").write_text(f"id\n{PERSON}\n")
    # What is beside the reports is not theirs.
    around.objects.client().put_object(Bucket="kept", Key="reports-of-others/list.csv", Body=b"id\n")
    # A run that was killed before it had handed over its files.
    (settings.home / "reports" / "tmpkilled").mkdir()
    (settings.home / "reports" / "tmpkilled" / "report.csv").write_text(f"id\n{PERSON}\n")
    request = requests.put(settings, PERSON)
    config = {"ops": {"erase": {"config": {"request": str(request)}}}}
    with dg.DagsterInstance.from_config(str(settings.home / "dagster")) as instance:
        job = build_defs(settings).resolve_job_def(privacy.ERASE_JOB)
        assert job.execute_in_process(run_config=config, instance=instance).success
    return command


def test_an_erasure_that_was_killed_is_completed_with_the_same_certificate(
    command: Command, certificates: list[dict[str, Any]]
) -> None:
    before, after = certificates
    assert before["completed_at"] is None
    assert (after["erasure_id"], after["before"]) == (before["erasure_id"], before["before"])
    assert after["completed_at"] is not None
    assert named(command.settings, OTHER) == []


def test_a_person_leaves_the_home_by_a_run_of_dagsters(erased: Command) -> None:
    settings = erased.settings
    assert named(settings, PERSON) == []
    backups = settings.home / "backups"
    assert [name for name in files_with(settings.home, [PERSON, OTHER, EMAIL]) if "backups/" not in name] == []
    assert (settings.home / "landing" / "landed" / "others.ndjson").exists()
    assert not (settings.home / "landing" / "landed" / "events.ndjson.gz").exists()
    files = [path for path in (settings.home / "reports").rglob("*") if path.is_file()]
    assert [path.parent.name for path in files] == ["00000000-0000-0000-0000-000000000001"]
    printed = (settings.home / "dagster" / "storage").glob("*/compute_logs/step.err")
    assert [path.read_text() for path in printed] == ["users/another is not a file\n"]
    assert [saved.name for saved in ReportStore(settings).all()] == ["of nobody in particular"]
    with closing(sqlite3.connect(settings.home / "dagster" / "history" / "runs.db")) as runs:
        assert runs.execute("SELECT count() FROM runs WHERE run_body LIKE '%another%'").fetchone() == (1,)
    assert PERSON not in (backups / TOMBSTONES).read_text()


def test_no_answer_that_was_cached_is_served_or_kept(around: Around, pages: list[str], erased: Command) -> None:
    assert erased
    assert around.kept() == []
    whole, page = pages
    anew = around.asked(whole)
    assert anew.status_code == 200
    assert PERSON not in anew.text
    # It is of a generation that is gone, and this process still has it in memory.
    assert around.asked(page).status_code == 410
    assert around.kept()
    assert not around.is_kept(PERSON)


def test_files_leave_object_storage_and_the_certificate_lists_them(around: Around, erased: Command) -> None:
    assert around.stored() == ["reports-of-others/list.csv"]
    certificates = (erased.settings.home / "erasures").glob("*.json")
    places = [place for path in certificates for place in json.loads(path.read_text())["places"]]
    [files] = [place for place in places if "s3://kept/reports" in place["name"]]
    # In object storage, in the home from before, and of the run that was killed.
    assert (files["before"], files["after"]) == (3, 0)
    [redis] = [place for place in places if "Redis" in place["name"] and place["before"]]
    assert redis["before"] >= 2


def test_an_erasure_does_not_end_while_redis_may_hold_answers(around: Around) -> None:
    settings = around.settings.model_copy(update={"api_redis_url": SecretStr("redis://:hidden@127.0.0.1:1/0")})
    with pytest.raises(WarehouseError, match="Redis does not answer") as refused:
        erasing.cached(settings)
    assert "hidden" not in str(refused.value)


def test_a_restore_from_before_erases_again(erased: Command, tmp_path: Path) -> None:
    [backup] = [path for path in (erased.settings.home / "backups").iterdir() if path.is_dir()]
    with own_home(tmp_path / "restored") as restored:
        answer = restored("restore", backup, "--json")
        assert answer.code == 0, answer.stderr
        assert answer.json["erased_again"] == 2
        assert named(restored.settings, PERSON) + named(restored.settings, OTHER) == []
        pseudonyms = "SELECT arraySort(groupArray(pseudonym)) FROM raw.erasures"
        both = [connect(Identity.ADMIN, c.settings) for c in (erased, restored)]
        assert scalar(both[0], pseudonyms) == scalar(both[1], pseudonyms)


def test_what_the_api_and_dagster_call_things_is_the_same() -> None:
    assert erasing.EXPORT_NAME == privacy.EXPORT_NAME
    assert re.fullmatch(r"[\w.]+", privacy.EXPORT_NAME)
    for job in (privacy.ERASE_JOB, privacy.EXPORT_JOB):
        assert build_defs().resolve_job_def(job).name == job
