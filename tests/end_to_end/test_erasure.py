"""An erased person is nowhere, and every number is what it was."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
import uuid
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError
from pydantic import AnyHttpUrl, SecretStr

from ingestion.batch import Batch
from ingestion.erasure import Certificate, erase, tables
from ingestion.landing import Entry, Lander
from tests.conftest import running_home
from tests.law.law import contents
from tests.oracle.generate import marketplace
from warehouse import builds, publications
from warehouse.client import Identity, connect, http_endpoint, scalar
from warehouse.settings import Settings

EMAIL, NAME = "harriet.quimby@example.org", "Harriet Quimby"
REFUSED = [
    b'{"event_type":"user.signin","user_id":"PERSON"}',
    b'{"broken": "PERSON", ',
    b'{"event_id":"no uuid","email":"Harriet.Quimby@example.org"}',
]


def named(person: str, lines: list[bytes]) -> list[bytes]:
    return [line.replace(b"PERSON", person.encode()) for line in lines]


def signup(person: str) -> bytes:
    """A signup with everything personal that there could be."""
    event = {
        "event_id": str(uuid.uuid5(uuid.NAMESPACE_URL, person)),
        "event_type": "user.signup",
        "occurred_at": "2025-03-02T09:00:00Z",
        "user_id": person,
        "session_id": f"session-of-{person}",
        "context": {"ip": "203.0.113.77", "user_agent": "Very rare browser 1.0", "page_url": f"/users/{person}"},
        "properties": {"email": EMAIL, "full_name": NAME, "role": "freelancer", "country": "NO"},
    }
    return json.dumps(event).encode()


def audit(person: str) -> bytes:
    """An event of somebody else's that names a person within a value."""
    event = {
        "event_id": str(uuid.uuid4()),
        "event_type": "audit.recorded",
        "occurred_at": "2025-03-05T09:00:00Z",
        "user_id": "an-admin",
        "properties": {"action": "looked", "resource": f"users/{person}/payouts", "note": NAME},
    }
    return json.dumps(event).encode()


def busiest(lines: list[bytes]) -> str:
    """The person whom most events name, as their user or otherwise."""
    people: Counter[str] = Counter()
    for line in lines:
        event = json.loads(line)
        people[event.get("user_id") or event.get("userId") or ""] += 1
    del people[""]
    return people.most_common(1)[0][0]


def land(settings: Settings, lines: list[bytes]) -> Entry:
    return Lander(settings).land(Batch(str(uuid.uuid4()), "test", "", b"\n".join(lines)))


def files_with(home: Path, words: list[str]) -> list[str]:
    """Files below a home in which any of the words stands as it is, also within what is packed."""
    return [
        f"{path.relative_to(home)}: {word}"
        for path in home.rglob("*")
        if path.is_file()
        for content in [unpacked(path)]
        for word in words
        if word.encode() in content
    ]


def unpacked(path: Path) -> bytes:
    """The bytes of a file, and of what is in it."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        return content + gzip.decompress(content)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return content + b"".join(archive.read(name) for name in archive.namelist())
    return content


#: Tables without an end, or as large as they are the same on every server.
_ALIKE = (
    *("SystemNumbers", "SystemZeros", "SystemPrimes", "SystemUnicode", "SystemSymbols", "SystemLicenses"),
    *("SystemContributors", "SystemDocumentation", "SystemFunctions", "SystemStackTrace", "SystemModels"),
    "SystemGenerateSeries",
)


def tables_with(client: Client, words: list[str], only: frozenset[str] = frozenset()) -> list[str]:
    """Tables and views of all databases in any byte of whose rows any of the words stands; asks nothing of our code."""
    found = []
    for database, name, engine in client.query("SELECT database, name, engine FROM system.tables").result_rows:
        if engine in _ALIKE or (only and f"{database}.{name}" not in only):
            continue
        try:
            content = client.raw_query(f"SELECT * FROM `{database}`.`{name}`", fmt="RowBinary")
        except DatabaseError:
            # Some tables of the system are about what this server does not have.
            assert database == "system", f"{database}.{name}"
            continue
        found += [f"{database}.{name}: {word}" for word in words if word.encode() in content]
    return sorted(found)


def forgotten_parts(settings: Settings, client: Client) -> set[str]:
    """Folders of rows on the engine's disk that belong to no table, or to one no longer; logs and migrations aside."""
    store = settings.engine_home / "data" / "store"
    there = {str(path.parent.resolve()) for path in store.rglob("checksums.txt")}
    known = client.query(
        "SELECT path FROM system.parts WHERE active OR database IN ('system', 'warehouse')"
    ).result_rows
    return there - {str(Path(path).resolve()) for (path,) in known}


#: What a ClickHouse server logs unless told otherwise, and the embedded engine does not: every statement.
_LOGS = """<clickhouse>
<query_log><database>system</database><table>query_log</table></query_log>
</clickhouse>
"""


def as_a_server(settings: Settings) -> Settings:
    """The same ClickHouse, reached as a server is: by its address and with logins from the environment."""
    logins = {f"{identity}_password": SecretStr(settings.password(identity)) for identity in Identity}
    address = AnyHttpUrl(http_endpoint(Identity.ADMIN, settings).url)
    return settings.model_copy(
        update={
            **logins, "pii_hmac_secret": SecretStr(settings.pii_secret()),
            "clickhouse_url": address, "admin_user": "admin",
        }
    )  # fmt: skip


def totals(settings: Settings) -> dict[str, list[str]]:
    """Sums of every numeric column of the marts that tell of money and activity, and the number of their rows."""
    client = connect(Identity.ADMIN, settings)
    answer = {}
    for mart in (
        "revenue", "daily_metrics", "transactions", "freelancer_earnings", "client_spend", "account_balances", "users",
        "user_sessions", "creator_performance", "vendor_metrics", "payment_failures", "payouts", "search_activity",
    ):  # fmt: skip
        columns = client.query(
            "SELECT name FROM system.columns WHERE database = 'marts' AND table = {mart:String}"
            " AND match(type, '^(Nullable\\\\()?(U?Int|Decimal)')",
            parameters={"mart": mart},
        ).result_rows
        sums = ", ".join(["count()", *(f"sum({name})" for (name,) in columns)])
        answer[mart] = [str(value) for value in client.query(f"SELECT {sums} FROM marts.{mart}").result_rows[0]]
    return answer


#: Some that name the person before; a server logs statements, with the values of their parameters.
_NAMING = frozenset({
    "raw.events", "raw.quarantine", "build.stg_events", "marts_g000001.users", "marts.users", "system.query_log",
})  # fmt: skip


class Erased:
    """A warehouse of sixty days, built twice, from which its busiest person has been erased."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.client = connect(Identity.ADMIN, settings)
        self.lines = marketplace(17, users=14, days=60, start=dt.date(2025, 3, 1), per_day=20, invalid=0.03)
        # An id that nothing else could be taken for.
        self.person = "person-7f3a9c51"
        was = busiest([line for line in self.lines if _is_event(line)])
        self.lines = [line.replace(f'"{was}"'.encode(), f'"{self.person}"'.encode()) for line in self.lines]
        self.lines += [signup(self.person), audit(self.person), *named(self.person, REFUSED)]
        half = len(self.lines) // 2
        land(settings, self.lines[:half])
        builds.build_and_publish(settings, run_id="first")
        land(settings, self.lines[half:])
        builds.build_and_publish(settings, run_id="second")
        self.before = totals(settings)
        self.ledger = self.ledger_sums()
        assert tables.names(self.client, self._table("raw", "events"), self.person)
        asked = "SELECT count() FROM raw.events WHERE user_id = {person:String}"
        assert scalar(self.client, asked, {"person": self.person})
        self.client.command("SYSTEM FLUSH LOGS")
        escaped = re.escape(self.person)
        words = [self.person, escaped, escaped.replace("\\", "\\\\"), EMAIL]
        self.found_before = tables_with(self.client, words, _NAMING)
        self.certificate = erase(settings, self.person)
        self.client.command("SYSTEM FLUSH LOGS")
        self.found_after = tables_with(self.client, words)

    def _table(self, database: str, name: str) -> tables.Table:
        return next(t for t in tables.tables(self.client) if (t.database, t.name) == (database, name))

    def ledger_sums(self) -> list[tuple[int, ...]]:
        rows = self.client.query(
            "SELECT sum(received), sum(stored), sum(duplicates), sum(quarantined),"
            " (SELECT count() FROM raw.events), (SELECT count() FROM raw.quarantine) FROM raw.batches"
        ).result_rows
        return [tuple(row) for row in rows]


def _is_event(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


@pytest.fixture(scope="module")
def erased(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Erased]:
    folder = tmp_path_factory.mktemp("erased")
    logs = folder / "engine" / "config.d" / "logs.xml"
    logs.parent.mkdir(parents=True)
    logs.write_text(_LOGS, "utf-8")
    with running_home(folder) as settings:
        yield Erased(as_a_server(settings))


def test_no_table_names_the_person(erased: Erased) -> None:
    words = [erased.person, EMAIL, EMAIL.title(), NAME, "Very rare browser"]
    found = {
        f"{table.database}.{table.name}: {word}"
        for table in tables.tables(erased.client)
        for word in words
        if tables.names(erased.client, table, word)
    }
    assert found == {f"raw.events: {NAME}", f"build.stg_events: {NAME}"}  # what another said of him in a note


def test_no_table_of_any_database_has_a_byte_of_the_person(erased: Erased) -> None:
    # As one sees by what it finds beforehand, where nothing else is looked at.
    assert {found.partition(":")[0] for found in erased.found_before} == _NAMING
    assert erased.found_after == []
    [logs] = [place for place in erased.certificate.places if "log tables" in place.name]
    assert (logs.before, logs.after) == (1, 0)


def test_no_part_is_left_on_the_disk(erased: Erased) -> None:
    assert forgotten_parts(erased.settings, erased.client) == set()


def test_no_file_names_the_person(erased: Erased) -> None:
    assert files_with(erased.settings.home, [erased.person, EMAIL, "Very rare browser"]) == []
    assert scalar(
        erased.client, "SELECT count() FROM system.parts WHERE NOT active AND database IN ('raw', 'build', 'marts')"
    ) == 0  # fmt: skip


def test_every_number_is_what_it_was(erased: Erased) -> None:
    assert totals(erased.settings) == erased.before
    assert erased.ledger_sums() == erased.ledger
    assert erased.certificate.values_revised == 0


def test_what_was_rebuilt_equals_a_full_build(erased: Erased) -> None:
    mended = contents(erased.client)
    builds.build_and_publish(erased.settings, run_id="full", full_refresh=True)
    anew = contents(erased.client)
    assert {name: (rows, anew[name]) for name, rows in mended.items() if rows != anew[name]} == {}


def test_readers_are_left_one_generation_without_the_person(erased: Erased) -> None:
    certificate = erased.certificate
    assert certificate.generations_dropped == [1, 2]
    assert {"marts_g000001", "marts_g000002"}.isdisjoint(publications.existing(erased.client))
    assert certificate.generation == 3


def test_the_certificate_says_what_was_done_and_does_not_name_the_person(erased: Erased) -> None:
    certificate: Certificate = erased.certificate
    before = {f"{found.database}.{found.table}": found.rows for found in certificate.before}
    assert before["raw.quarantine"] >= 2
    assert before["raw.events"] > 100
    assert certificate.completed_at is not None
    assert {query.rows for query in certificate.verification} == {0}
    written = certificate.written().decode() + certificate.page()
    assert erased.person not in written
    path = erased.settings.home / "erasures" / f"{certificate.erasure_id}.json"
    assert json.loads(path.read_text()) == json.loads(certificate.written())
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_event_that_comes_again_is_a_duplicate_on_the_pseudonym(erased: Erased) -> None:
    again = land(erased.settings, [signup(erased.person)])
    assert (again.received, again.stored, again.duplicates, again.quarantined) == (1, 0, 1, 0)
    rows = erased.client.query(
        "SELECT DISTINCT user_id, session_id, context, properties FROM raw.events WHERE event_id = {id:UUID}",
        parameters={"id": str(uuid.uuid5(uuid.NAMESPACE_URL, erased.person))},
    ).result_rows
    # Landing and erasure make the same of it.
    [(user, session, context, properties)] = rows
    assert user.startswith("erased-")
    assert len(session) == 16
    assert context == {}
    assert properties == {"role": "freelancer", "country": "NO"}


def test_a_new_event_counts_on_the_pseudonym(erased: Erased) -> None:
    late = json.dumps({
        "event_id": str(uuid.uuid4()), "event_type": "payout.processed", "occurred_at": "2025-03-20T10:00:00Z",
        "userId": erased.person, "data": {"payoutId": "p-late", "amount": "7.25", "method": "bank", "iban": "NO93"},
    }).encode()  # fmt: skip
    other = json.dumps({
        "event_id": str(uuid.uuid4()), "event_type": "contract.completed", "occurred_at": "2025-03-20T10:00:00Z",
        "user_id": "somebody-else", "session_id": "s1", "context": {"page_url": f"/f/{erased.person}"},
        "properties": {"contract_id": "c9", "freelancer_id": erased.person, "outcome": "success", "note": "kept"},
    }).encode()  # fmt: skip
    entry = land(erased.settings, [late, other, audit(erased.person), *named(erased.person, REFUSED)])
    assert (entry.received, entry.stored, entry.quarantined) == (6, 3, 3)
    pseudonym = scalar(erased.client, "SELECT any(pseudonym) FROM raw.erasures")
    rows = erased.client.query(
        "SELECT user_id, session_id, context, properties FROM raw.events WHERE batch_seq ="
        " (SELECT argMax(batch_seq, commit_seq) FROM raw.batches) ORDER BY event_type DESC"
    ).result_rows
    assert rows == [
        (pseudonym, "", {}, {"payout_id": "p-late", "amount": "7.25", "method": "bank"}),
        (
            "somebody-else", "s1", {"page_url": f"/f/{pseudonym}"},
            {"contract_id": "c9", "freelancer_id": pseudonym, "outcome": "success", "note": "kept"},
        ),
        ("an-admin", "", {}, {"action": "looked", "resource": f"users/{pseudonym}/payouts", "note": NAME}),
    ]  # fmt: skip
    held = erased.client.query(
        "SELECT reason, original FROM raw.quarantine WHERE batch_seq ="
        " (SELECT argMax(batch_seq, commit_seq) FROM raw.batches) ORDER BY reason"
    ).result_rows
    assert [reason for reason, _ in held] == ["invalid_field:event_id", "invalid_json", "missing_field:event_id"]
    assert [original for _, original in held][1:] == ["", ""]


def test_erasing_again_changes_nothing_but_what_has_come_since(erased: Erased) -> None:
    again = erase(erased.settings, erased.person)
    assert again.erasure_id == erased.certificate.erasure_id
    assert (again.events, again.before) == (0, [])
