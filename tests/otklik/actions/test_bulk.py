"""Handing appeals on: what is done and told, and what is refused."""

from typing import Any

import pytest
from sqlalchemy import Connection, text

from otklik.actions.bulk import ActionResult, AppealVersion, allow_transfer, execute, new_operation_key, preview, undo
from otklik.database import scope
from otklik.database.people import Person
from otklik.errors import DatabaseRefusal
from tests.support import factories
from tests.support.appeal_versions import (
    DAY,
    NOW,
    create_appeal,
    create_person,
    current_version,
    event_rows,
    refusal_codes,
    stored_appeal,
)

WHY = "Nobody answers there"


@pytest.mark.usefixtures("anna")
def test_reassigning_moves_the_appeal_marks_the_field_and_tells_history_and_audit(connection: Connection) -> None:
    one = create_appeal(connection, number="A-1")
    key = new_operation_key()
    (row,) = execute(key, "reassign", [one], WHY, holder="roads")
    assert (row.number, row.refusal_code, row.changed_by, row.changed_at) == ("A-1", None, None, None)
    now = stored_appeal(connection, one)
    assert (now.holder, now.set_here) == ("roads", ["holder"])
    assert now.updated_at > one.version
    assert event_rows(connection, one) == [("redirected", "Anna", WHY, {"holder": "office"}, {"holder": "roads"})]
    (entry,) = connection.execute(
        text("SELECT person, action, object, reason, before, after FROM audit WHERE object LIKE 'operation%'")
    ).all()
    assert tuple(entry) == (
        "Anna <anna@example.org>",
        "appeals reassigned",
        f"operation {key}",
        WHY,
        None,
        {"holder": "roads", "done": 1, "refused": 0, "appeals": ["A-1"]},
    )


def reassign(cases: list[AppealVersion], holder: str = "roads") -> list[ActionResult]:
    """What came of it, after a look that promised the same."""
    promised = preview("reassign", cases, holder=holder)
    done = execute(new_operation_key(), "reassign", cases, WHY, holder=holder)
    assert done == promised
    return done


@pytest.mark.usefixtures("anna")
def test_what_is_refused_says_why_and_does_not_hold_up_the_others(connection: Connection) -> None:
    fine, closed = create_appeal(connection), create_appeal(connection)
    moved = create_appeal(connection)
    there, gone = create_appeal(connection, region="XB", holder="elsewhere"), AppealVersion(fine.region_id, 10**9, NOW)
    (_,) = execute(new_operation_key(), "reassign", [moved], "First", holder="housing")
    connection.execute(
        text("""UPDATE appeal SET closed_at = :at, status_id = (SELECT id FROM status WHERE code = 'answered')
            WHERE id = :id"""),
        {"at": NOW, "id": closed.id},
    )
    rows = {row.id: row for row in reassign([gone, there, moved, closed, fine])}
    assert {one: row.refusal_code for one, row in rows.items()} == {
        fine.id: None,
        closed.id: "closed",
        moved.id: "changed",
        there.id: "unseen",
        gone.id: "unseen",
    }
    assert (rows[moved.id].changed_by, rows[moved.id].changed_at) == (
        "Anna",
        stored_appeal(connection, moved).updated_at,
    )
    assert (rows[closed.id].changed_by, rows[closed.id].changed_at) == (None, NOW)
    assert (rows[there.id].number, rows[there.id].old_value) == (None, None)
    assert [stored_appeal(connection, one).holder for one in (fine, closed, moved, there)] == [
        "roads",
        "office",
        "housing",
        "elsewhere",
    ]
    assert len(event_rows(connection, moved)) == 1


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("holder", "municipality", "refused"),
    [
        ("roads", None, None),
        ("roads", "XA-1", None),
        ("town", "XA-1", None),
        ("agency", None, None),
        ("office", None, "holds_it"),
        ("town", None, "territory"),
        ("town", "XA-2", "territory"),
        ("elsewhere", None, "territory"),
        ("ministry", None, "level"),
    ],
)
def test_a_new_holder_stands_over_the_appeals_place_and_within_what_the_person_sees(
    connection: Connection, holder: str, municipality: str | None, refused: str | None
) -> None:
    one = create_appeal(connection, municipality=municipality)
    assert refusal_codes(reassign([one], holder)) == [refused]
    assert stored_appeal(connection, one).holder == ("office" if refused else holder)


def test_who_sees_the_country_hands_on_to_a_ministry(connection: Connection, anna: Person) -> None:
    one = create_appeal(connection)
    assert refusal_codes(reassign([one], "ministry")) == ["level"]
    assert anna.scope.top_territory_ids
    with scope.acting_as(create_person(connection, "Boris").scope):
        assert refusal_codes(reassign([one], "ministry")) == [None]


def test_the_third_transfer_between_equals_wants_an_administrators_word(connection: Connection, anna: Person) -> None:
    boss = create_person(connection, "Boss", "administrator")
    one = create_appeal(connection)

    def to(holder: str) -> list[str | None]:
        return refusal_codes(
            execute(new_operation_key(), "reassign", [current_version(connection, one)], WHY, holder=holder)
        )

    assert to("roads") == [None]
    undone = new_operation_key()
    execute(undone, "reassign", [current_version(connection, one)], WHY, holder="housing")
    undo(new_operation_key(), undone)  # counts for nothing
    assert to("housing") == [None]
    assert to("office") == ["cap"]
    with pytest.raises(DatabaseRefusal, match="allow_transfer"):
        allow_transfer(one.region_id, one.id, "Once more")
    with scope.acting_as(boss.scope):
        asked = connection.execute(text("SELECT number, actor, reason, holder, new_holder FROM transfer_asked")).all()
        assert [tuple(row)[1:] for row in asked] == [("Anna", WHY, "housing", "office")]
        assert allow_transfer(one.region_id, one.id, "Once more")
        assert not allow_transfer(one.region_id, one.id, "Again")
        assert connection.execute(text("SELECT FROM transfer_asked")).all() == []
    with scope.acting_as(anna.scope):
        # A step to another level is no transfer between equals: it needs no word, and leaves the given one.
        assert to("agency") == [None]
        assert to("office") == [None]
        used = new_operation_key()
        assert refusal_codes(execute(used, "reassign", [current_version(connection, one)], WHY, holder="roads")) == [
            None
        ]
        assert refusal_codes(undo(new_operation_key(), used)) == [None]  # gives the word back
        assert to("roads") == [None]
        assert to("office") == ["cap"]
    entry = text("SELECT person, object, reason FROM audit WHERE action = 'transfer allowed'")
    (told,) = connection.execute(entry).all()
    assert (told.person, told.reason) == ("Boss <boss@example.org>", "Once more")


@pytest.mark.usefixtures("anna")
def test_the_cap_is_a_setting_and_counts_what_others_did(connection: Connection) -> None:
    one, other = create_appeal(connection), create_appeal(connection)
    connection.execute(text("INSERT INTO setting VALUES ('horizontal_transfers', '1')"))
    moved: dict[str, Any] = {"before": {"holder": "roads"}, "after": {"holder": "office"}}
    factories.event(connection, factories.AppealKey(one.region_id, one.id), "imported", at=NOW - DAY, **moved)
    up: dict[str, Any] = {"before": {"holder": "town"}, "after": {"holder": "office"}}
    factories.event(connection, factories.AppealKey(other.region_id, other.id), "redirected", at=NOW - DAY, **up)
    assert refusal_codes(reassign([one, other])) == ["cap", None]


@pytest.mark.parametrize("role", ["staff", "manager", "administrator", "screen"])
def test_who_may_not_act_is_refused_by_the_database(connection: Connection, anna: Person, role: str) -> None:
    one = create_appeal(connection)
    assert anna.may("reassign")
    with scope.acting_as(create_person(connection, role, role).scope):
        for action, fields in FIELDS.items():
            if action == "note" and role in ("staff", "manager"):
                assert refusal_codes(execute(new_operation_key(), action, [one], WHY)) == [None]
                continue
            with pytest.raises(DatabaseRefusal, match=f'needs the right "{action}"'):
                preview(action, [one], **fields)
            with pytest.raises(DatabaseRefusal, match=f'needs the right "{action}"'):
                execute(new_operation_key(), action, [one], WHY, **fields)
    assert stored_appeal(connection, one).updated_at == one.version


FIELDS: dict[Any, dict[str, Any]] = {
    "reassign": {"holder": "roads"},
    "extend": {"days": 10, "notice": True},
    "return": {},
    "topic": {"topic": "roads"},
    "note": {},
    "duplicate": {"region": 1, "appeal": 1},
}
