"""Rows of a real PostgreSQL become events, once each, whatever is read again."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

from ingestion.sources.postgres import BATCH_BYTES, SOURCE, drain, extract, mapping
from ingestion.sources.postgres.reading import ROWS
from tests.faults.state import ledger
from tests.servers.postgres import PostgresServer, running_postgres
from warehouse.locks import exclusive

NOW = datetime.now(UTC)
OVERLAP = mapping().overlap


def seconds(ago: float) -> datetime:
    return NOW - timedelta(seconds=ago)


def test_a_row_gives_the_events_of_all_transitions_it_shows(platform: Any) -> None:
    uploader = platform.user(
        email="Ada@Example.com", role="uploader", plan_tier="pro", signup_method="google", country="CH",
        created_at="2025-03-01T10:00:00.123456Z",
    )  # fmt: skip
    upload = platform.insert(
        "uploads", uploader_id=uploader, output_types=["summary", "a \"quoted\", one"], file_size=2**40,
        duration="12.50", created_at="2025-03-02T00:00:00Z", completed_at="2025-03-02T00:05:00Z",
    )  # fmt: skip
    creator = platform.user(role="creator", created_at="2025-03-01T11:00:00Z")
    assignment = platform.insert(
        "assignments", upload_id=upload, creator_id=creator, output_type="summary", level="senior",
        due_at="2025-03-09T00:00:00Z", created_at="2025-03-02T01:00:00Z", claimed_at="2025-03-03T00:00:00Z",
        completed_at="2025-03-05T00:00:00Z",
    )  # fmt: skip
    submission = platform.insert(
        "content_submissions",
        assignment_id=assignment,
        creator_id=creator,
        version=2,
        submitted_at="2025-03-04T12:00:00Z",
    )
    platform.insert(
        "reviews", assignment_id=assignment, submission_id=submission, decision="approved", overall_score="4.50",
        completed_at="2025-03-04T18:00:00Z",
    )  # fmt: skip
    done = platform.extract()
    assert done.refused == {}
    assert done.totals.quarantined == 0
    events = {(event["event_type"], event["user_id"]): event for event in platform.events()}
    assert len(events) == done.totals.stored == 9
    signup = events["user.signup", uploader]
    assert signup["occurred_at"] == "2025-03-01 10:00:00.123"
    assert signup["source"] == "postgres"
    email = signup["properties"].pop("email_hmac")
    assert len(email) == 64
    assert signup["properties"] == {"role": "uploader", "plan_tier": "pro", "method": "google", "country": "CH"}
    assert events["user.signup", creator]["properties"] == {"role": "creator"}
    assert events["upload.initiated", uploader]["properties"] == {
        "upload_id": upload, "output_types": '["summary","a \\"quoted\\", one"]',
    }  # fmt: skip
    assert events["upload.completed", uploader]["properties"] == {
        "upload_id": upload, "file_size": str(2**40), "duration": "12.50",
    }  # fmt: skip
    assert events["assignment.created", uploader]["properties"] == {
        "assignment_id": assignment, "upload_id": upload, "output_type": "summary", "due_at": "2025-03-09T00:00:00Z",
    }  # fmt: skip
    assert events["assignment.claimed", creator]["properties"]["level"] == "senior"
    assert events["assignment.submitted", creator]["properties"] == {
        "assignment_id": assignment, "version": "2", "time_to_complete": "36",
    }  # fmt: skip
    assert events["assignment.reviewed", creator]["properties"] == {
        "assignment_id": assignment, "decision": "approved", "version": "2", "overall_score": "4.50",
        "output_type": "summary",
    }  # fmt: skip
    assert events["assignment.completed", creator]["occurred_at"] == "2025-03-05 00:00:00.000"


def test_reading_again_writes_nothing(platform: Any) -> None:
    platform.user()
    platform.insert("payment_transactions", type="charge", amount="-1", completed_at=NOW)  # refused: no user
    first = platform.extract()
    assert (first.totals.stored, first.totals.quarantined) == (1, 1)
    before = ledger(platform.settings)
    for options in ({}, {"full": True}):
        again = platform.extract(**options)
        assert again.totals.received == 0
        assert again.tables["users"].read == again.tables["users"].held == 1
        assert again.tables["payment_transactions"].held == 1
    assert ledger(platform.settings) == before


def test_an_updated_row_adds_only_its_new_transitions(platform: Any) -> None:
    creator = platform.user(updated_at=seconds(9000))
    upload = platform.insert("uploads", uploader_id=creator, updated_at=seconds(9000))
    row = platform.insert("assignments", upload_id=upload, updated_at=seconds(8000))
    platform.extract()
    platform.sql.execute(
        "UPDATE assignments SET creator_id = %s, claimed_at = now(), updated_at = now() WHERE id = %s", (creator, row)
    )
    done = platform.extract()
    assert done.totals.received == done.totals.stored == 1
    assert platform.types().count("assignment.claimed") == 1
    # Given back, and claimed by another.
    other = platform.user()
    platform.sql.execute("UPDATE assignments SET creator_id = %s, claimed_at = now(), updated_at = now()", (other,))
    platform.extract()
    assert platform.types().count("assignment.claimed") == 2


def test_increments_read_what_changed_and_the_overlap(platform: Any) -> None:
    for ago in (90_000, 80_000, OVERLAP.total_seconds() + 60, OVERLAP.total_seconds() - 60, 1):
        platform.user(updated_at=seconds(ago))
    assert platform.extract().tables["users"].read == 5
    again = platform.extract().tables["users"]
    assert (again.read, again.held, again.rows) == (2, 2, 5)
    platform.user()
    done = platform.extract()
    assert (done.tables["users"].read, done.totals.received) == (3, 1)


def test_rows_of_one_instant_that_come_one_by_one_are_all_read(platform: Any) -> None:
    instant = seconds(5)
    for number in range(1, 4):
        platform.user(updated_at=instant)
        assert platform.extract().totals.stored == 1, number
    assert len(platform.events()) == 3


def test_many_rows_of_one_instant_in_small_batches(platform: Any) -> None:
    platform.sql.execute(
        "INSERT INTO users (id, role) SELECT gen_random_uuid(), 'creator' FROM generate_series(1, 9000)"
    )
    done = platform.extract(batch_bytes=1)
    assert done.totals.stored == 9000
    assert done.totals.batches == -(-9000 // ROWS) > 1
    assert ledger(platform.settings).stored == 9000


def test_rows_without_a_last_change_are_read_each_time(platform: Any) -> None:
    platform.user()
    platform.extract()
    platform.user(updated_at=None)
    assert platform.extract().totals.stored == 1
    assert platform.extract().totals.received == 0


def test_a_last_change_in_the_future_hides_nothing(platform: Any) -> None:
    platform.user(updated_at="2199-01-01T00:00:00Z")
    platform.user(updated_at="infinity")
    platform.extract()
    platform.user()
    assert platform.extract().totals.stored == 1


def test_a_transaction_that_commits_late_is_seen_however_long_it_took(platform: Any) -> None:
    """This login sees when every open transaction began, so the position stays behind the oldest."""
    with psycopg.connect(platform.url) as slow:
        slow.execute("SELECT now()")  # its now() is from here on
        platform.sql.execute("SELECT pg_sleep(0.05)")
        platform.user()
        mapped = mapping().model_copy(update={"overlap_minutes": 0})
        assert platform.extract(mapped=mapped).totals.stored == 1
        slow.execute("INSERT INTO users DEFAULT VALUES")
        assert platform.extract(mapped=mapped).totals.stored == 0
        slow.commit()
    assert platform.extract(mapped=mapped).totals.stored == 1


@pytest.mark.parametrize(("overlap", "seen"), [(1, True), (0, False)])
def test_without_a_sight_of_other_sessions_the_limit_is_the_overlap(platform: Any, overlap: int, seen: bool) -> None:
    platform.sql.execute("DROP ROLE IF EXISTS limited")
    platform.sql.execute("CREATE ROLE limited LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO limited")
    url = platform.url.replace("postgres@", "limited@")
    settings = platform.settings.model_copy(update={"postgres_url": SecretStr(url)})
    mapped = mapping().model_copy(update={"overlap_minutes": overlap})
    with psycopg.connect(platform.url) as slow:
        slow.execute("INSERT INTO users DEFAULT VALUES")
        platform.sql.execute("SELECT pg_sleep(0.05)")
        platform.user()
        assert extract(settings, mapped=mapped).totals.stored == 1
        slow.commit()
    assert extract(settings, mapped=mapped).totals.stored == seen
    platform.sql.execute("DROP OWNED BY limited; DROP ROLE limited")


def test_a_replica_is_read_as_far_as_it_has_come(platform: Any, postgres: PostgresServer) -> None:
    platform.user()
    with running_postgres(postgres) as replica:
        settings = platform.settings.model_copy(update={"postgres_url": SecretStr(replica.url("platform"))})
        mapped = mapping().model_copy(update={"overlap_minutes": 0})
        assert extract(settings, mapped=mapped).totals.stored == 1
        with psycopg.connect(replica.url("platform"), autocommit=True) as standby:
            standby.execute("SELECT pg_wal_replay_pause()")
            platform.user()
            assert extract(settings, mapped=mapped).totals.stored == 0
            standby.execute("SELECT pg_wal_replay_resume()")
            deadline = time.monotonic() + 30
            while standby.execute("SELECT count(*) FROM users").fetchone() != (2,):
                assert time.monotonic() < deadline
                time.sleep(0.05)
        assert extract(settings, mapped=mapped).totals.stored == 1
        assert extract(settings, mapped=mapped).totals.received == 0


@pytest.mark.parametrize(("late_by", "seen"), [(-30, True), (30, False)])
def test_the_limit_of_the_overlap(platform: Any, late_by: float, seen: bool) -> None:
    """A change dated before the position, from where nobody can see it coming: an application's own clock."""
    platform.user(updated_at=seconds(100))
    platform.extract()
    platform.user(updated_at=seconds(100 + OVERLAP.total_seconds() + late_by))
    assert platform.extract().totals.stored == seen
    # Whatever the overlap missed, a full load finds.
    platform.extract(full=True)
    assert len(platform.events()) == 2


def test_nulls_and_what_has_no_form_are_kept_and_refused_with_a_reason(platform: Any) -> None:
    user = platform.user()
    done_at = {"type": "charge", "completed_at": NOW}
    platform.insert("payment_transactions", user_id=user, amount=None, **done_at)
    platform.insert("payment_transactions", user_id=None, amount="1", **done_at)
    platform.insert("payment_transactions", user_id=user, amount="NaN", **done_at)
    platform.insert("payment_transactions", user_id=user, amount="1.00001", **done_at)
    platform.insert("payment_transactions", user_id=user, amount="1", type="charge", completed_at="infinity")
    platform.insert("payment_transactions", user_id=user, amount="1", type="charge", completed_at=None)
    platform.insert("payment_transactions", user_id=user, amount="1", type="charge", status="pending")
    platform.insert("payouts", creator_id=user, amount="1", status="pending")
    done = platform.extract()
    assert done.totals.stored == 1
    reasons = sorted(row["reason"] for row in platform.query("SELECT reason FROM raw.held"))
    assert reasons == [
        "invalid_field:amount", "invalid_field:amount", "invalid_field:occurred_at", "missing_field:amount",
        "missing_field:occurred_at", "missing_field:user_id",
    ]  # fmt: skip
    # Corrected in the table, the event comes in.
    platform.sql.execute("UPDATE payment_transactions SET amount = 1, updated_at = now() WHERE amount = 'NaN'")
    assert platform.extract().totals.stored == 1


def test_money_is_exact(platform: Any) -> None:
    user = platform.user()
    amounts = ["0.1", "0.0001", "99999999999999.9999", "12345678901234.5600", "10.500000", "0.30"]
    for amount in amounts:
        platform.insert(
            "payment_transactions", user_id=user, type="charge", amount=amount, currency="CHF", completed_at=NOW
        )
    assert platform.extract().totals.quarantined == 0
    (row,) = platform.query(
        "SELECT sum(toDecimal128(properties['amount'], 4)) AS total FROM raw.events"
        " WHERE event_type = 'payment.completed'"
    )
    (total,) = platform.sql.execute("SELECT sum(amount) FROM payment_transactions").fetchone()
    assert row["total"] == total


def test_time_zones_of_sessions_do_not_matter(platform: Any) -> None:
    name = platform.url.rpartition("/")[2]
    platform.sql.execute(f"ALTER DATABASE {name} SET timezone = 'Pacific/Chatham'")
    platform.sql.execute(f"ALTER DATABASE {name} SET datestyle = 'German, DMY'")
    platform.sql.execute("SET TIME ZONE 'America/St_Johns'")
    platform.user(created_at="2025-03-09 01:30:00")  # in Newfoundland, on the day the clocks change
    platform.extract()
    assert [event["occurred_at"] for event in platform.events()] == ["2025-03-09 05:00:00.000"]
    platform.user()
    assert platform.extract().totals.stored == 1


def test_instants_without_zone_are_read_in_the_zone_of_the_mapping(platform: Any) -> None:
    platform.sql.execute(
        "ALTER TABLE users ALTER created_at TYPE timestamp USING '2025-07-01 12:00', ALTER updated_at TYPE timestamp"
    )
    users = mapping().tables["users"]
    columns = {**users.columns, "created_at": "timestamp", "updated_at": "timestamp"}
    tables = {"users": users.model_copy(update={"columns": columns})}
    mapped = mapping().model_copy(update={"tables": tables, "timezone": "Europe/Zurich"})
    platform.user(created_at="2025-07-01 12:00", updated_at="2025-07-01 12:00")
    assert platform.extract(mapped=mapped).totals.stored == 1
    assert platform.extract(mapped=mapped).totals.received == 0
    assert [event["occurred_at"] for event in platform.events()] == ["2025-07-01 10:00:00.000"]


def test_deleted_rows_leave_their_events_and_are_reported(platform: Any) -> None:
    for _ in range(4):
        platform.user()
    platform.extract()
    platform.sql.execute("DELETE FROM users WHERE id = (SELECT id FROM users LIMIT 1)")
    assert drain(platform.settings).notes == ["users: 1 rows fewer than at the last load; their events stay"]
    assert len(platform.events()) == 4


def test_memory_does_not_grow_with_the_table(platform: Any) -> None:
    """The server hands over a few thousand rows at a time."""
    platform.sql.execute(
        "INSERT INTO users (id, role) SELECT gen_random_uuid(), 'creator' FROM generate_series(1, 30000)"
    )
    read: list[int] = []
    platform.extract(tables=["users"], progress=lambda table, count, total: read.append(count))
    assert max(b - a for a, b in zip([0, *read], read, strict=False)) <= ROWS
    assert BATCH_BYTES <= 2**23


def test_a_drain_beside_a_load_says_so(platform: Any) -> None:
    platform.user()
    with exclusive(SOURCE, platform.settings):
        found: list[Any] = []
        thread = threading.Thread(target=lambda: found.append(drain(platform.settings)))
        thread.start()
        thread.join()
    assert "already running" in found[0].notes[0]
    assert drain(platform.settings).totals.stored == 1


def test_the_numbers_of_the_source_are_those_of_raw(platform: Any) -> None:
    platform.sql.execute("""
        INSERT INTO users (role, created_at)
        SELECT (ARRAY['uploader', 'creator'])[1 + n % 2], '2025-01-01'::timestamptz + n * interval '7 h'
        FROM generate_series(1, 300) n;
        INSERT INTO payment_transactions (user_id, type, status, amount, currency, completed_at)
        SELECT id, (CASE WHEN random() < 0.2 THEN 'refund' ELSE 'charge' END)::transaction_type,
            CASE WHEN random() < 0.1 THEN 'failed' ELSE 'completed' END,
            round((random() * 1000)::numeric, 4), 'USD', created_at + random() * interval '9 days'
        FROM users, generate_series(1, 4);
    """)
    platform.extract()
    ours = platform.query("""
        SELECT toString(toDate(occurred_at)) AS day,
            sumIf(toDecimal64(properties['amount'], 4), event_type = 'payment.completed') AS charged,
            sumIf(toDecimal64(properties['amount'], 4), event_type = 'payment.refunded') AS refunded, count() AS events
        FROM raw.events WHERE event_type LIKE 'payment.%' GROUP BY day ORDER BY day
    """)
    theirs = platform.sql.execute("""
        SELECT (completed_at AT TIME ZONE 'UTC')::date::text, coalesce(sum(amount) FILTER (WHERE type = 'charge'), 0),
            coalesce(sum(amount) FILTER (WHERE type = 'refund'), 0), count(*)
        FROM payment_transactions WHERE status = 'completed' GROUP BY 1 ORDER BY 1
    """).fetchall()
    assert [tuple(row.values()) for row in ours] == theirs
    assert platform.types().count("user.signup") == 300
