"""Similar new appeals are found among usual ones, stored once without personal data, and seen by who sees the place."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, text

from otklik.benchmark.accuracy.text_simulation import simulated_appeals
from otklik.cli.main import otklik
from otklik.database.access import people, scope
from otklik.database.transactions import query_dataframe
from otklik.detection.missed_days import missed_text_days
from otklik.detection.text_clusters.day_search import detect_text_clusters
from tests.support import factories
from tests.support.appeals.surges import alarm

DAY = datetime.now(UTC).date() - timedelta(days=2)
PLANTED = 12
TOPICS = ("schools.meals.missing", "schools.meals.quality", "schools.places.teacher", "schools.buildings.cold")
INSERT_SQL = """
    INSERT INTO appeal (region_id, municipality_id, source_id, channel_id, topic_id, regime_id, status_id,
        first_holder_id, holder_id, number, received_at, body)
    SELECT region_id, municipality_id, source_id, channel_id, topic.id, regime_id, status_id, first_holder_id,
        holder_id, 'N' || n, received, words
    FROM unnest(CAST(:numbers AS integer[]), CAST(:topics AS text[]), CAST(:moments AS timestamptz[]),
        CAST(:bodies AS text[])) AS new (n, topic_code, received, words)
    JOIN appeal ON appeal.number = 'T' JOIN topic ON topic.code = topic_code"""


@pytest.fixture
def hot_meals(connection: Connection) -> date:
    """The day to search: half a year of usual appeals on schools in a town, and twelve in its last days on meals."""
    rng = np.random.default_rng(7)
    appeals = simulated_appeals(rng, 40, PLANTED, 5, 4)
    factories.territory(connection, "XA-1", "municipality", "XA")
    factories.territory(connection, "XA-2", "municipality", "XA")
    for topic in TOPICS:
        factories.topic(connection, topic)
    factories.appeal(connection, municipality="XA-1", topic="roads", number="T")
    moments = [
        datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC) + timedelta(days=int(day) - 4, minutes=int(minute))
        for day, minute in zip(appeals.day, rng.integers(1, 24 * 60, len(appeals.day)), strict=True)
    ]
    topics = np.where(appeals.is_planted, np.arange(len(moments)) % 2, appeals.texts.topic % len(TOPICS))
    values = {
        "numbers": list(range(len(moments))),
        "topics": [TOPICS[position] for position in topics.tolist()],
        "moments": moments,
        "bodies": [body + " Иванов Пётр Сергеевич, +7 912 345-67-89" for body in appeals.bodies],
    }
    connection.execute(text(INSERT_SQL), values)
    return DAY


def searched(url: str, days: list[date]) -> list[tuple[date, int, int]]:
    with psycopg.connect(url) as owner:
        return list(detect_text_clusters(owner, days))


def test_a_kind_that_is_new_is_found_once_and_stays_as_it_was_known(
    connection: Connection, url: str, hot_meals: date
) -> None:
    day_before = hot_meals - timedelta(days=1)
    assert searched(url, [day_before, hot_meals]) == [(day_before, 1, 1), (hot_meals, 1, 1)]
    rows = connection.execute(text("SELECT * FROM text_cluster ORDER BY day")).mappings().all()
    assert rows[1]["episode_id"] == rows[0]["episode_id"] == rows[0]["id"]
    cluster = rows[1]
    place, topic = connection.execute(
        text(
            "SELECT place.code, topic.code FROM territory AS place, topic WHERE place.id = :place AND topic.id = :topic"
        ),
        {"place": cluster["territory_id"], "topic": cluster["topic_id"]},
    ).one()
    assert (place, topic) == ("XA-1", "schools.meals")
    assert 10 <= cluster["appeals"] <= 14
    assert cluster["usual_low"] <= cluster["expected"] <= cluster["usual_high"] + 1 < cluster["appeals"]
    assert hot_meals - timedelta(days=cluster["window_days"]) < cluster["first_day"] <= hot_meals
    label = " ".join(cluster["terms"])
    assert "горяч" in label or "обед" in label
    assert not any(name in label.lower() for name in ("иванов", "пётр", "912"))
    planted = connection.scalar(
        text(
            "SELECT count(*) FILTER (WHERE body ~ 'орячи|орячее|столов') FROM text_cluster_member"
            " JOIN appeal ON appeal.id = appeal_id AND appeal.region_id = text_cluster_member.region_id"
            " WHERE cluster_id = :id"
        ),
        {"id": cluster["id"]},
    )
    assert planted >= 0.8 * cluster["appeals"]
    connection.execute(text("UPDATE appeal SET body = 'Всё хорошо.'"))
    assert searched(url, [hot_meals]) == [(hot_meals, 0, 0)]
    assert connection.execute(text("SELECT * FROM text_cluster ORDER BY day")).mappings().all() == rows
    for statement in ("UPDATE text_cluster SET appeals = 1", "DELETE FROM text_cluster_member"):
        with pytest.raises(Exception, match="append-only"):
            connection.execute(text(statement))
    connection.execute(text("TRUNCATE appeal CASCADE"))
    assert connection.scalar(text("SELECT count(*) FROM text_cluster_run")) == 0


def test_a_cluster_within_a_surge_refers_to_it_and_is_printed(
    connection: Connection, url: str, hot_meals: date
) -> None:
    alarm(connection, hot_meals, "XA", "schools")
    result = CliRunner(env={"DATABASE_URL": url}).invoke(otklik, ["detect", "--day", hot_meals.isoformat()])
    assert result.exit_code == 0, result.output
    assert "1 cluster of texts" in result.stderr
    assert "schools.meals" in result.stdout
    surge_topic = connection.scalar(text("SELECT code FROM text_cluster JOIN topic ON topic.id = surge_topic_id"))
    assert surge_topic == "schools"


def test_texts_of_the_last_day_alone_are_missed(connection: Connection, url: str) -> None:
    now = datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC) + timedelta(days=1)
    factories.appeal(connection)
    with psycopg.connect(url) as owner:
        assert missed_text_days(owner, now) == []  # nobody has written anything
    factories.appeal(connection, body="Яма.")
    with psycopg.connect(url) as owner:
        assert missed_text_days(owner, now) == [DAY]
        assert list(detect_text_clusters(owner, [DAY])) == [(DAY, 1, 0)]
        assert missed_text_days(owner, now) == []


def test_clusters_and_their_appeals_are_seen_by_those_who_see_the_place(
    connection: Connection, url: str, hot_meals: date
) -> None:
    searched(url, [hot_meals])
    for territory, rows in (("XA", 1), ("XA-1", 1), ("XA-2", 0)):
        facts = {"email": f"{territory}@example.org", "name": territory, "role": "manager", "territories": [territory]}
        people.save_person_as_owner(connection, None, facts)
        viewer = people.person_of_sign_in("https://sign-in.example", territory, f"{territory}@example.org")
        assert viewer
        with scope.acting_as(viewer.scope):
            assert len(query_dataframe(text("SELECT * FROM text_cluster"))) == rows
            assert (len(query_dataframe(text("SELECT * FROM text_cluster_member"))) > 0) is (rows > 0)
