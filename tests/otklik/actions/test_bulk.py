"""Reassigning appeals: what is set and recorded, and what is refused."""

from typing import Any

import pytest
from sqlalchemy import Connection, text

from otklik.actions.bulk import (
    ActionFailed,
    ActionResult,
    AppealVersion,
    allow_transfer,
    execute,
    new_operation_key,
    preview,
    undo,
)
from otklik.actions.catalogue import BULK_ACTIONS
from otklik.database.access import scope
from otklik.database.access.people import Person
from otklik.errors import DatabaseRefusal
from tests.support import factories
from tests.support.appeals.appeal_versions import (
    DAY,
    NOW,
    create_appeal,
    create_person,
    current_version,
    event_rows,
    refusal_codes,
    stored_appeal,
)

REASON = "Nobody answers there"


@pytest.mark.usefixtures("anna")
def test_reassigning_sets_the_holder_and_records_history_and_audit(connection: Connection) -> None:
    appeal = create_appeal(connection, number="A-1")
    key = new_operation_key()
    (row,) = execute(key, "reassign", [appeal], REASON, holder="roads")
    assert (row.number, row.refusal_code, row.changed_by, row.changed_at) == ("A-1", None, None, None)
    stored = stored_appeal(connection, appeal)
    assert (stored.holder, stored.set_here) == ("roads", ["holder"])
    assert stored.updated_at > appeal.version
    assert event_rows(connection, appeal) == [("redirected", "Anna", REASON, {"holder": "office"}, {"holder": "roads"})]
    (entry,) = connection.execute(
        text("SELECT person, action, object, reason, before, after FROM audit WHERE object LIKE 'operation%'")
    ).all()
    assert tuple(entry) == (
        "Anna <anna@example.org>",
        "appeals reassigned",
        f"operation {key}",
        REASON,
        None,
        {"holder": "roads", "done": 1, "refused": 0, "appeals": ["A-1"]},
    )


def reassign(appeals: list[AppealVersion], holder: str = "roads") -> list[ActionResult]:
    """The results, which are those of the preview."""
    previewed = preview("reassign", appeals, holder=holder)
    done = execute(new_operation_key(), "reassign", appeals, REASON, holder=holder)
    assert done == previewed
    return done


@pytest.mark.usefixtures("anna")
def test_a_refused_appeal_has_a_reason_and_does_not_hold_up_the_others(connection: Connection) -> None:
    accepted, closed = create_appeal(connection), create_appeal(connection)
    moved = create_appeal(connection)
    unseen, missing = (
        create_appeal(connection, region="XB", holder="elsewhere"),
        AppealVersion(accepted.region_id, 10**9, NOW),
    )
    (_,) = execute(new_operation_key(), "reassign", [moved], "First", holder="housing")
    connection.execute(
        text("""UPDATE appeal SET closed_at = :at, status_id = (SELECT id FROM status WHERE code = 'answered')
            WHERE id = :id"""),
        {"at": NOW, "id": closed.id},
    )
    rows = {row.id: row for row in reassign([missing, unseen, moved, closed, accepted])}
    assert {appeal_id: row.refusal_code for appeal_id, row in rows.items()} == {
        accepted.id: None,
        closed.id: "closed",
        moved.id: "changed",
        unseen.id: "unseen",
        missing.id: "unseen",
    }
    assert (rows[moved.id].changed_by, rows[moved.id].changed_at) == (
        "Anna",
        stored_appeal(connection, moved).updated_at,
    )
    assert (rows[closed.id].changed_by, rows[closed.id].changed_at) == (None, NOW)
    assert (rows[unseen.id].number, rows[unseen.id].old_value) == (None, None)
    assert [stored_appeal(connection, appeal).holder for appeal in (accepted, closed, moved, unseen)] == [
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
def test_a_new_holder_is_in_charge_of_the_place_and_in_the_persons_territories(
    connection: Connection, holder: str, municipality: str | None, refused: str | None
) -> None:
    appeal = create_appeal(connection, municipality=municipality)
    assert refusal_codes(reassign([appeal], holder)) == [refused]
    assert stored_appeal(connection, appeal).holder == ("office" if refused else holder)


def test_a_person_who_sees_the_country_may_reassign_to_a_ministry(connection: Connection, anna: Person) -> None:
    appeal = create_appeal(connection)
    assert refusal_codes(reassign([appeal], "ministry")) == ["level"]
    assert anna.scope.top_territory_ids
    with scope.acting_as(create_person(connection, "Boris").scope):
        assert refusal_codes(reassign([appeal], "ministry")) == [None]


def test_the_third_transfer_between_equals_needs_an_administrators_approval(
    connection: Connection, anna: Person
) -> None:
    boss = create_person(connection, "Boss", "administrator")
    appeal = create_appeal(connection)

    def reassign_to(holder: str) -> list[str | None]:
        return refusal_codes(
            execute(new_operation_key(), "reassign", [current_version(connection, appeal)], REASON, holder=holder)
        )

    assert reassign_to("roads") == [None]
    undone = new_operation_key()
    execute(undone, "reassign", [current_version(connection, appeal)], REASON, holder="housing")
    undo(new_operation_key(), undone)  # an undone transfer doesn't count
    assert reassign_to("housing") == [None]
    assert reassign_to("office") == ["cap"]
    with pytest.raises(DatabaseRefusal, match="allow_transfer"):
        allow_transfer(appeal.region_id, appeal.id, "Once more")
    with scope.acting_as(boss.scope):
        requests = connection.execute(
            text("SELECT number, actor, reason, holder, new_holder FROM transfer_asked")
        ).all()
        assert [tuple(row)[1:] for row in requests] == [("Anna", REASON, "housing", "office")]
        assert allow_transfer(appeal.region_id, appeal.id, "Once more")
        assert not allow_transfer(appeal.region_id, appeal.id, "Again")
        assert connection.execute(text("SELECT FROM transfer_asked")).all() == []
    with scope.acting_as(anna.scope):
        # A transfer to another level needs no approval, and doesn't use one up.
        assert reassign_to("agency") == [None]
        assert reassign_to("office") == [None]
        used = new_operation_key()
        assert refusal_codes(
            execute(used, "reassign", [current_version(connection, appeal)], REASON, holder="roads")
        ) == [None]
        assert refusal_codes(undo(new_operation_key(), used)) == [None]  # restores the approval
        assert reassign_to("roads") == [None]
        assert reassign_to("office") == ["cap"]
    entry = text("SELECT person, object, reason FROM audit WHERE action = 'transfer allowed'")
    (audit_entry,) = connection.execute(entry).all()
    assert (audit_entry.person, audit_entry.reason) == ("Boss <boss@example.org>", "Once more")


@pytest.mark.usefixtures("anna")
def test_the_cap_is_a_setting_and_counts_imported_transfers(connection: Connection) -> None:
    appeal, from_below = create_appeal(connection), create_appeal(connection)
    connection.execute(text("INSERT INTO setting VALUES ('horizontal_transfers', '1')"))
    moved: dict[str, Any] = {"before": {"holder": "roads"}, "after": {"holder": "office"}}
    factories.event(connection, factories.AppealKey(appeal.region_id, appeal.id), "imported", at=NOW - DAY, **moved)
    from_town: dict[str, Any] = {"before": {"holder": "town"}, "after": {"holder": "office"}}
    factories.event(
        connection, factories.AppealKey(from_below.region_id, from_below.id), "redirected", at=NOW - DAY, **from_town
    )
    assert refusal_codes(reassign([appeal, from_below])) == ["cap", None]


@pytest.mark.parametrize("role", ["staff", "manager", "administrator", "screen"])
def test_the_database_refuses_an_action_without_its_right(connection: Connection, anna: Person, role: str) -> None:
    appeal = create_appeal(connection)
    assert anna.may("reassign")
    with scope.acting_as(create_person(connection, role, role).scope):
        for action in BULK_ACTIONS:
            fields = FIELDS.get(action.id, {})
            if role in action.roles:
                assert refusal_codes(execute(new_operation_key(), action.id, [appeal], REASON, **fields)) == [None]
                continue
            with pytest.raises(DatabaseRefusal, match=f'needs the right "{action.id}"'):
                preview(action.id, [appeal], **fields)
            with pytest.raises(DatabaseRefusal, match=f'needs the right "{action.id}"'):
                execute(new_operation_key(), action.id, [appeal], REASON, **fields)
    assert stored_appeal(connection, appeal).updated_at == appeal.version


FIELDS: dict[Any, dict[str, Any]] = {
    "reassign": {"holder": "roads"},
    "extend": {"days": 10, "notice": True},
    "topic": {"topic": "roads"},
    "duplicate": {"region": 1, "appeal": 1},
}


@pytest.mark.usefixtures("anna")
def test_one_operation_gives_appeals_to_several_organisations_and_is_undone_as_one(connection: Connection) -> None:
    appeals = [create_appeal(connection, number=f"P-{n}") for n in range(4)]
    other_place = create_appeal(connection, municipality="XA-2", number="P-4")
    holders = {"roads": [0, 2], "housing": [1], "town": [4]}
    key = new_operation_key()
    # In the order of the screen, which is not that of the keys.
    listed = [appeals[2], appeals[0], appeals[1], appeals[3], other_place]
    previewed = preview("reassign", listed, holders=holders)
    rows = {row.number: row for row in execute(key, "reassign", listed, REASON, holders=holders)}
    assert rows == {row.number: row for row in previewed}
    assert {number: (row.refusal_code, row.new_value) for number, row in rows.items()} == {
        "P-2": (None, "roads"),
        "P-0": (None, "housing"),
        "P-1": (None, "roads"),
        "P-3": ("unassigned", None),
        "P-4": ("territory", "town"),
    }
    assert [stored_appeal(connection, appeal).holder for appeal in listed] == [
        "roads",
        "housing",
        "roads",
        "office",
        "office",
    ]
    assert event_rows(connection, appeals[0]) == [
        ("redirected", "Anna", REASON, {"holder": "office"}, {"holder": "housing"})
    ]
    assert connection.scalar(text("SELECT after FROM audit WHERE object = :key"), {"key": f"operation {key}"}) == {
        "holders": ["housing", "roads", "town"],
        "done": 3,
        "refused": 2,
        "appeals": ["P-0", "P-1", "P-2"],
    }
    # A repeated key returns what was done, and one undo takes all of it back.
    assert {row.number: row for row in execute(key, "reassign", listed, REASON, holders=holders)} == rows
    assert refusal_codes(undo(new_operation_key(), key)) == [None] * 3
    assert {stored_appeal(connection, appeal).holder for appeal in listed} == {"office"}


@pytest.mark.usefixtures("anna")
def test_a_thousand_appeals_may_go_to_as_many_organisations_as_there_are(connection: Connection) -> None:
    appeal = create_appeal(connection)
    for n in range(300):
        factories.organisation(connection, f"a-department-with-a-code-of-forty-letters-{n}", "regional", "XA")
    absent = [AppealVersion(appeal.region_id, 10**9 + n, NOW) for n in range(999)]
    holders: dict[str, list[int]] = {}
    for position in range(1000):
        holders.setdefault(f"a-department-with-a-code-of-forty-letters-{position % 300}", []).append(position)
    rows = execute(new_operation_key(), "reassign", [appeal, *absent], REASON, holders=holders)
    assert refusal_codes(rows) == [None] + ["unseen"] * 999


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    "fields", [{}, {"holders": {}}, {"holders": {"nobody": [0]}}, {"holder": "roads", "holders": {"roads": [0]}}]
)
def test_an_operation_without_known_organisations_fails(connection: Connection, fields: dict[str, Any]) -> None:
    with pytest.raises(ActionFailed) as failure:
        preview("reassign", [create_appeal(connection)], **fields)
    assert failure.value.code == "no_holder"


@pytest.mark.usefixtures("anna")
def test_a_capped_row_of_several_organisations_asks_for_its_own(connection: Connection) -> None:
    connection.execute(text("INSERT INTO setting VALUES ('horizontal_transfers', '0')"))
    factories.organisation(connection, "roads 2", "regional", "XA")
    appeals = [create_appeal(connection, holder="roads", number=f"C-{n}") for n in range(2)]
    holders = {"housing": [0], "roads 2": [1]}
    rows = execute(new_operation_key(), "reassign", appeals, REASON, holders=holders)
    assert refusal_codes(rows) == ["cap", "cap"]
    asked = connection.execute(text("SELECT number, new_holder FROM transfer_asked ORDER BY number"))
    assert [tuple(row) for row in asked] == [("C-0", "housing"), ("C-1", "roads 2")]
