"""Appeals that may be about the same problem, by their Russian texts."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

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


PAIRS = list(csv.DictReader(Path(__file__).with_name("similar_pairs.csv").read_text(encoding="utf-8").splitlines()))
"""Pairs of Russian appeals: half about one problem in other words, half about two in the same words. `metres` is the
distance of their points, empty where they have none."""
METRES_PER_DEGREE = 111_200


def test_of_fifty_planted_pairs_the_alike_are_listed_and_no_others(connection: Connection) -> None:
    factories.territory(connection, "XA-TOWN", "municipality")
    for topic in {pair[column] for pair in PAIRS for column in ("topic", "other_topic")}:
        factories.topic(connection, topic)
    keys = [plant_pair(connection, n, pair) for n, pair in enumerate(PAIRS)]
    expected = {(f"{n}-a", f"{n}-b") for n, pair in enumerate(PAIRS) if pair["alike"] == "yes"}
    listed = set()
    for key in keys:
        this_appeal = appeal_by_key(key, "en")
        assert this_appeal
        listed |= {(this_appeal.number, number) for number in similar_appeals(this_appeal, "en")["number"]}
    precision, recall = len(listed & expected) / len(listed), len(listed & expected) / len(expected)
    assert precision >= 0.9, sorted(listed - expected)
    assert recall >= 0.9, sorted(expected - listed)


def plant_pair(connection: Connection, n: int, pair: dict[str, str]) -> AppealKey:
    """Insert both appeals of a pair, five kilometres from the next pair's, and return the first one's key."""
    degrees_apart = float(pair["metres"] or 0) / METRES_PER_DEGREE
    keys = [
        factories.appeal(
            connection,
            number=f"{n}-{letter}",
            topic=pair[topic_column],
            municipality="XA-TOWN",
            body=pair[body_column],
            received_at=NOW - timedelta(days=2),
            lon=30 if pair["metres"] else None,
            lat=50 + n * 5_000 / METRES_PER_DEGREE + distance if pair["metres"] else None,
        )
        for letter, topic_column, body_column, distance in (
            ("a", "topic", "body", 0),
            ("b", "other_topic", "other_body", degrees_apart),
        )
    ]
    return AppealKey(keys[0].region_id, keys[0].id)
