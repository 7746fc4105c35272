"""Appeals that may be about the same problem, by their Russian texts."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from queries.appeal.details import appeal_by_key
from queries.appeal.similar import similar_appeals
from queries.lists.appeal_list import AppealKey
from tests.support import factories

NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    ("body", "other_body", "is_similar"),
    [
        ("Яма на дороге у дома 83", "Большая яма на дороге, дом 83", True),
        ("Не вывозят мусор со двора", "Мусор не вывозят", True),
        ("В пункте вакцинации очередь 83", "Право собственности не регистрируют 83", False),
        ("Автобус 12 переполнен", "Фонарь не горит, опора 12", False),
    ],
)
def test_shared_words_make_russian_texts_similar_and_shared_numbers_dont(
    connection: Connection, body: str, other_body: str, *, is_similar: bool
) -> None:
    first = factories.appeal(connection, number="A-1", body=body, received_at=NOW - timedelta(days=2))
    factories.appeal(connection, number="A-2", body=other_body, received_at=NOW - timedelta(days=1))
    this_appeal = appeal_by_key(AppealKey(first.region_id, first.id), "en")
    assert this_appeal
    assert list(similar_appeals(this_appeal, "en")["number"]) == ["A-2"] * is_similar
