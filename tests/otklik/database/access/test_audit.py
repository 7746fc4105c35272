"""The audit: its entries, its readers, and that no entry is changed or removed unnoticed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from otklik.database.access import audit, role_rights, scope
from otklik.database.access.audit import AuditVerification, verify_audit
from otklik.database.transactions import read_transaction, write_transaction

DAY = timedelta(days=1)


def record_entries(count: int = 5) -> None:
    for number in range(count):
        with write_transaction() as connection:
            assert audit.record_action(
                connection, "audit exported", f"thing {number}", "because", after={"b": 1, "а": None}
            )


def force_by_owner(connection: Connection, statement: str) -> None:
    """Change the audit as an owner of the database can who means to."""
    connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
    try:
        connection.execute(text(statement))
    finally:
        connection.execute(text("ALTER TABLE audit ENABLE TRIGGER USER"))


RECORD = "SELECT audit_record(:action, :target, :reason, :before, :after)"
ENTRY = {"action": "audit exported", "target": "audit", "reason": None, "before": None, "after": None}


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"action": "personal data shown"}, "don't record"),
        ({"action": "person changed"}, "don't record"),
        ({"action": "x" * 1000}, "don't record"),
        ({"target": "x" * 101}, "too long"),
        ({"reason": "x" * 1001}, "too long"),
        ({"before": "{}"}, "too long"),
        ({"after": f'"{"x" * 20_000}"'}, "too long"),
    ],
)
def test_screens_record_their_own_short_entries_alone(
    connection: Connection, entry: dict[str, str], message: str
) -> None:
    with write_transaction() as transaction, pytest.raises(DBAPIError, match=message):
        transaction.execute(text(RECORD), ENTRY | entry)
    assert connection.scalar(text("SELECT count(*) FROM audit")) == 0


def test_an_entry_is_the_viewers_whatever_the_session_claims(connection: Connection) -> None:
    with write_transaction() as transaction:
        transaction.execute(text("SELECT set_config('otklik.console', 'root', true)"))
        transaction.execute(text(RECORD), ENTRY)
    with scope.acting_as(None), write_transaction() as transaction, pytest.raises(DBAPIError, match="needs the right"):
        transaction.execute(text(RECORD), ENTRY)
    viewer = scope.current_scope()
    assert viewer
    assert connection.scalars(text("SELECT person_id FROM audit")).all() == [viewer.person_id]


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        *((blank, "no_reason") for blank in ("", " ", "\n", "\t\r\n", "\u00a0", "\u200b\u2060", "\u3000")),
        ("x" * 1001, "long_reason"),
    ],
)
@pytest.mark.parametrize(
    "call",
    [
        "SELECT applicant_of(1, 1, :why)",
        "SELECT allow_transfer(1, 1, :why)",
        "SELECT handle_appeals(gen_random_uuid(), 'note', '{1}', '{1}', ARRAY[now()], '{}', :why, false)",
        "SELECT administer_person(NULL, '{}', :why)",
        "SELECT enrol_device(1, 'wall', '', :why)",
        "SELECT revoke_device(1, :why)",
    ],
)
def test_every_function_that_asks_why_has_the_same_rule(
    connection: Connection, call: str, reason: str, code: str
) -> None:
    connection.execute(
        text("INSERT INTO role_right SELECT 'administrator', may FROM role_right ON CONFLICT DO NOTHING")
    )
    try:
        with write_transaction() as transaction, pytest.raises(DBAPIError) as refusal:
            transaction.execute(text(call), {"why": reason})
    finally:
        role_rights.sync_role_rights(connection)
    assert isinstance(refusal.value.orig, psycopg.Error)
    assert refusal.value.orig.diag.constraint_name == code


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit SET reason = 'x'", "DELETE FROM audit", "TRUNCATE audit", "INSERT INTO audit SELECT * FROM audit"],
)
def test_the_screens_change_nothing_and_the_owner_not_by_mistake(connection: Connection, statement: str) -> None:
    record_entries(2)
    with read_transaction() as transaction, pytest.raises(DBAPIError):
        transaction.execute(text(statement))
    with write_transaction() as transaction, pytest.raises(DBAPIError, match="permission denied"):
        transaction.execute(text(statement))
    with pytest.raises(DBAPIError):
        connection.execute(text(statement))
    assert connection.scalar(text("SELECT count(*) FROM audit WHERE reason = 'because'")) == 2


def test_concurrent_writers_make_one_chain(url: str) -> None:
    viewer = scope.current_scope()

    def write() -> None:
        with scope.acting_as(viewer):
            record_entries(10)

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(write) for _ in range(4)]:
            future.result()
    verification = verify_audit(url)
    assert (verification.entries, verification.broken_at, len(verification.last_hash)) == (40, None, 64)


def test_a_rollback_leaves_no_gap(url: str) -> None:
    record_entries(1)
    with write_transaction() as connection:
        audit.record_action(connection, "audit exported", "nothing")
        connection.rollback()
    record_entries(1)
    assert verify_audit(url).entries == 2
    assert verify_audit(url).broken_at is None


def test_an_empty_audit_is_whole(url: str) -> None:
    assert verify_audit(url) == AuditVerification(0, "")


@pytest.mark.parametrize(
    ("statement", "broken_at", "reason"),
    [
        ("UPDATE audit SET reason = 'other' WHERE id = 3", 3, "it was changed"),
        ("UPDATE audit SET at = at + interval '1 microsecond' WHERE id = 2", 2, "it was changed"),
        ("UPDATE audit SET after = after - 'b' WHERE id = 5", 5, "it was changed"),
        ("UPDATE audit SET person_id = NULL WHERE id = 1", 1, "it was changed"),
        ("DELETE FROM audit WHERE id = 3", 4, "entries before it are missing"),
        ("DELETE FROM audit WHERE id = 1", 2, "entries before it are missing"),
        ("DELETE FROM audit WHERE id > 3", 4, "entries up to 5 should follow, or the head was changed"),
        ("DELETE FROM audit", 1, "entries up to 5 should follow, or the head was changed"),
        ("DELETE FROM audit_head", 6, "entries up to 0 should follow, or the head was changed"),
        (
            "UPDATE audit SET reason = 'x', hash = audit_hash((SELECT b FROM audit AS b WHERE id = 2)) WHERE id = 2",
            2,
            "it was changed",
        ),
        ("DELETE FROM audit WHERE id = 3; UPDATE audit SET id = id - 1 WHERE id > 3", 3, "it doesn't follow"),
    ],
)
def test_a_changed_or_missing_entry_is_named(
    connection: Connection, url: str, statement: str, broken_at: int, reason: str
) -> None:
    record_entries()
    for part in statement.split("; "):
        force_by_owner(connection, part)
    verification = verify_audit(url)
    assert verification.broken_at == broken_at
    assert verification.reason.startswith(reason)


def test_a_rewritten_chain_is_found_by_an_earlier_checkpoint(connection: Connection, url: str) -> None:
    record_entries()
    before = verify_audit(url)
    checkpoint = (before.entries, before.last_hash)
    record_entries(2)
    assert verify_audit(url, checkpoint).broken_at is None
    # The end is cut together with the head: the rest is a whole chain.
    force_by_owner(connection, "DELETE FROM audit WHERE id > 4")
    force_by_owner(connection, "UPDATE audit_head SET entries = 4, hash = (SELECT hash FROM audit WHERE id = 4)")
    assert verify_audit(url).broken_at is None
    assert verify_audit(url, checkpoint).broken_at == 5
    record_entries(1)
    assert verify_audit(url).entries == 5
    assert verify_audit(url, checkpoint) == AuditVerification(
        5, verify_audit(url).last_hash, 5, "it isn't the entry that was remembered"
    )


def test_the_hash_is_sha256_of_what_the_docs_say(url: str) -> None:
    record_entries(1)
    with psycopg.connect(url) as connection:
        connection.execute("SET timezone = 'Asia/Kamchatka'; SET datestyle = 'German'; SET bytea_output = 'escape'")
        row = connection.execute("SELECT audit_hash(audit) = hash FROM audit").fetchone()
    assert row == (True,)
