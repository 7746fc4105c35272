"""Entries of the audit: who sees them, and which ones a filter finds."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from otklik.database.access import audit as recording
from otklik.database.access import people, scope
from otklik.database.access.people import DEMO_ISSUER
from otklik.database.refusal import translate_refusals
from otklik.database.transactions import write_transaction
from queries import audit
from queries.audit import AuditFilter

DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)


def looked(*things: str) -> None:
    for thing in things:
        with write_transaction() as connection:
            recording.record_action(connection, "list exported", thing, "because", after={"b": 1, "а": None})


def found(sought: AuditFilter) -> list[int]:
    return [int(number) for number in audit.entries_page(sought).rows["id"]]


@pytest.mark.usefixtures("url")
def test_an_entry_says_who_when_from_where_what_and_why() -> None:
    viewer = people.person_of_sign_in(DEMO_ISSUER, "staff", client_address="10.0.0.7")
    assert viewer
    now = datetime.now(UTC)
    with scope.acting_as(viewer.scope):
        looked("thing 0")
        assert audit.entries_page(AuditFilter()).rows.empty  # staff can't read the audit
        with translate_refusals(), pytest.raises(Exception, match='needs the right "audit"'):
            audit.chain_state()
    (row,) = audit.entries_page(AuditFilter()).rows.to_dict("records")
    assert now - DAY < row.pop("at") < now + DAY
    assert row == {
        "id": 1, "person": "Centre staff", "address": "10.0.0.7", "action": "list exported", "object": "thing 0",
        "reason": "because", "before": None, "after": {"b": 1, "а": None},
    }  # fmt: skip
    assert found(AuditFilter(person=viewer.id, action="list exported")) == [1]
    assert found(AuditFilter(person=audit.NO_PERSON)) == []
    assert audit.entry(1)["object"].tolist() == ["thing 0"]
    assert audit.entry(2).empty


@pytest.mark.usefixtures("url")
def test_a_period_holds_its_first_moment_and_not_its_end() -> None:
    looked("thing")
    at = audit.entries_page(AuditFilter()).rows["at"].iloc[0]
    assert found(AuditFilter(start=at)) == [1]
    assert found(AuditFilter(start=at + MOMENT)) == []
    assert found(AuditFilter(end=at + MOMENT)) == [1]
    assert found(AuditFilter(end=at)) == []
    assert audit.first_entry_at() == at


@pytest.mark.usefixtures("url")
def test_an_object_is_one_thing_or_all_of_its_kind() -> None:
    looked("person 1", "person 12", "person", "personal", "person%1")
    assert found(AuditFilter(object="person 1")) == [1]
    assert found(AuditFilter(object="person")) == [3, 2, 1]
    assert found(AuditFilter(object="person%")) == []
    assert found(AuditFilter(text="%")) == [5]
    assert found(AuditFilter(text="BECAUSE")) == [5, 4, 3, 2, 1]
    assert found(AuditFilter(text='"b": 1')) == [5, 4, 3, 2, 1]


@pytest.mark.usefixtures("url")
def test_pages_follow_one_another_in_both_directions() -> None:
    looked(*(f"thing {n}" for n in range(1, 8)))

    def numbers(page: audit.AuditPage) -> tuple[list[int], bool, bool]:
        return [int(n) for n in page.rows["id"]], page.older, page.newer

    assert numbers(audit.entries_page(AuditFilter(), limit=3)) == ([7, 6, 5], True, False)
    assert numbers(audit.entries_page(AuditFilter(), before=5, limit=3)) == ([4, 3, 2], True, True)
    assert numbers(audit.entries_page(AuditFilter(), before=2, limit=3)) == ([1], False, True)
    assert numbers(audit.entries_page(AuditFilter(), after=1, limit=3)) == ([4, 3, 2], True, True)
    assert numbers(audit.entries_page(AuditFilter(), after=4, limit=3)) == ([7, 6, 5], True, False)


def test_the_state_is_that_of_the_whole_chain(connection: Connection) -> None:
    assert audit.chain_state()[:4] == (0, "", None, "")
    looked("a", "b", "c")
    state = audit.chain_state()
    assert (state.entries, len(state.last_hash), state.broken_at) == (3, 64, None)
    connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
    try:
        connection.execute(text("DELETE FROM audit WHERE id = 2"))
    finally:
        connection.execute(text("ALTER TABLE audit ENABLE TRIGGER USER"))
    assert audit.chain_state()[2:4] == (3, "entries before it are missing")


@pytest.mark.usefixtures("url")
def test_what_is_taken_is_recorded_after_it_in_the_name_of_who_asked() -> None:
    looked("a", "b")
    take = audit.export_callback(AuditFilter(object="a", start=datetime(2001, 1, 1, tzinfo=UTC)))
    with scope.acting_as(None):
        assert take("csv")["id"].tolist() == [1]
    (row,) = audit.entries_page(AuditFilter(action="audit exported")).rows.to_dict("records")
    assert (row["id"], row["person"]) == (3, "Administrator")
    assert row["after"] == {"format": "csv", "object": "a", "start": "2001-01-01T00:00:00+00:00", "entries": 1}
