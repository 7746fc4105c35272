"""Each action of the catalogue does in the database what its declaration says."""

from typing import Any

import pytest
from sqlalchemy import Connection, text

from components.actions.fields import INPUTS
from otklik.actions.bulk import execute, new_operation_key, undo, undoable_operations
from otklik.actions.catalogue import BULK_ACTIONS, BulkAction
from otklik.actions.model import ActionFailed
from otklik.i18n import LANGUAGES, translations
from tests.support import factories
from tests.support.appeals.appeal_versions import create_appeal, event_rows, refusal_codes

FIELD_VALUES: dict[str, dict[str, Any]] = {
    "holder": {"holder": "roads"},
    "days": {"days": 10},
    "notice": {"notice": True},
    "topic": {"topic": "parks"},
}


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("action", BULK_ACTIONS, ids=lambda action: action.id)
def test_the_history_the_audit_and_the_undo_are_as_declared(connection: Connection, action: BulkAction) -> None:
    appeal, original, key = create_appeal(connection), create_appeal(connection), new_operation_key()
    factories.topic(connection, "parks")
    values: dict[str, Any] = {}
    for field in action.fields:
        values |= FIELD_VALUES.get(field) or {"region": original.region_id, "appeal": original.id}
    assert refusal_codes(execute(key, action.id, [appeal], "A reason", **values)) == [None]
    assert [kind for kind, *_ in event_rows(connection, appeal)] == [action.event_kind]
    audit_action = connection.scalar(
        text("SELECT action FROM audit WHERE object = :operation"), {"operation": f"operation {key}"}
    )
    assert audit_action == action.audit_action
    assert [operation.key for operation in undoable_operations()] == ([key] if action.is_undoable else [])
    if action.is_undoable:
        assert refusal_codes(undo(new_operation_key(), key)) == [None]
    else:
        with pytest.raises(ActionFailed):
            undo(new_operation_key(), key)


def test_each_input_is_drawn_and_each_label_is_translated() -> None:
    assert {field for action in BULK_ACTIONS for field in action.fields} == set(INPUTS)
    for language in set(LANGUAGES) - {"en"}:
        for action in BULK_ACTIONS:
            for label in (action.label, action.done_label, action.audit_label, action.reason_label):
                assert translations(language).gettext(label) != label, (language, label)


def test_the_database_knows_the_actions_of_the_catalogue(connection: Connection) -> None:
    check = connection.scalar(
        text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'operation_kind_check'")
    )
    assert check
    assert set(check.split("'")[1::2]) == {action.id for action in BULK_ACTIONS} | {"undo"}
