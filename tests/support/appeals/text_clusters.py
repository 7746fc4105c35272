"""Clusters of similar texts, as the nightly search stores them."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, text

from tests.support import factories
from tests.support.appeals.surges import searched

RUN_SQL = text(
    "INSERT INTO text_cluster_run (country_id, day, texts, tested, code_version) VALUES (:country, :day, 100, 10, '1')"
    " ON CONFLICT DO NOTHING"
)
CLUSTER_SQL = text(
    "WITH made AS (SELECT nextval('text_cluster_id') AS id)"
    " INSERT INTO text_cluster (id, episode_id, country_id, day, territory_id, topic_id, terms, first_day, window_days,"
    " appeals, expected, usual_low, usual_high, dispersion, probability, surge_territory_id, surge_topic_id)"
    " SELECT id, coalesce(:episode, id), :country, :day, :territory, :topic, :terms, :first_day, 7, :appeals, 0.5, 0,"
    " 2, 1, 1e-6, :surge_territory, :surge_topic FROM made RETURNING id"
)
MEMBER_SQL = text("INSERT INTO text_cluster_member VALUES (:cluster, :position, :region, :appeal)")


def cluster(  # noqa: PLR0913 -- the columns of the row
    connection: Connection,
    day: date,
    members: Sequence[factories.AppealKey],
    territory: str,
    topic: str,
    *,
    terms: tuple[str, ...] = ("горячий обед", "школа"),
    episode: int | None = None,
    surge: tuple[str, str] | None = None,
) -> int:
    """The id of a new cluster of a day, which is then searched; the first appeal came four days before."""
    searched(connection, day)
    country = factories.territory(connection, "X", "country")
    connection.execute(RUN_SQL, {"country": country, "day": day})
    values = {
        "episode": episode,
        "country": country,
        "day": day,
        "territory": factories.territory(connection, territory),
        "topic": factories.topic(connection, topic),
        "terms": list(terms),
        "first_day": day - timedelta(days=4),
        "appeals": len(members),
        "surge_territory": factories.territory(connection, surge[0]) if surge else None,
        "surge_topic": factories.topic(connection, surge[1]) if surge else None,
    }
    cluster_id = int(connection.execute(CLUSTER_SQL, values).scalar_one())
    for position, member in enumerate(members, start=1):
        row = {"cluster": cluster_id, "position": position, "region": member.region_id, "appeal": member.id}
        connection.execute(MEMBER_SQL, row)
    return cluster_id
