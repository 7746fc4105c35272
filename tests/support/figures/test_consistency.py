"""What compares everything after the chaos finds what is wrong."""

import pytest
from sqlalchemy import Connection, text

from otklik.actions.bulk import execute, new_operation_key
from otklik.database.access import scope
from tests.support import factories
from tests.support.appeals.appeal_versions import create_appeal, create_person
from tests.support.figures.consistency import disagreements

REASON = "Nobody answers there"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("SELECT 1", []),
        ("UPDATE appeal SET updated_at = updated_at", ["1 appeals whose version isn't that of their last operation"]),
        (
            """INSERT INTO event (region_id, appeal_id, kind, actor, before, after)
            SELECT region_id, id, 'redirected', 'X', '{"holder": "office"}', '{"holder": "roads"}' FROM appeal""",
            [
                "1 appeals whose history doesn't lead from holder to holder",
                "1 lines of history without an operation",
            ],
        ),
        ("UPDATE operation_row SET refused = 'cap', version = NULL", ["1 lines of history without an operation"]),
    ],
)
def test_each_disagreement_is_a_line(connection: Connection, url: str, change: str, found: list[str]) -> None:
    factories.organisation(connection, "roads")
    appeal, key = create_appeal(connection), new_operation_key()
    with scope.acting_as(create_person(connection, "Boris").scope):
        rows = execute(key, "reassign", [appeal], REASON, holder="roads")
    connection.execute(text(change))
    lines = disagreements(url, {key: rows}, 1)
    for sentence in found:
        assert any(line.startswith(sentence) for line in lines), lines
    assert bool(lines) == bool(found)


def test_a_lost_result_is_a_line(connection: Connection, url: str) -> None:
    factories.organisation(connection, "roads")
    appeal = create_appeal(connection)
    with scope.acting_as(create_person(connection, "Boris").scope):
        rows = execute(new_operation_key(), "reassign", [appeal], REASON, holder="roads")
    assert disagreements(url, {new_operation_key(): rows}, 2) == [
        "(1,) appeals instead of 2",
        "1 rows that somebody was told of are lost",
        "1 rows that nobody was told of",
    ]
