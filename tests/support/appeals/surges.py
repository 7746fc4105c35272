"""Searched days and alarms, as the nightly search stores them."""

from datetime import UTC, date, datetime

from sqlalchemy import Connection, text

from tests.support import factories

RUN_SQL = text(
    "INSERT INTO detection_run (country_id, day, cells, threshold, code_version, ran_at)"
    " VALUES (:country, :day, 100, 0.0001, '1', :ran_at) ON CONFLICT DO NOTHING"
)
ALARM_SQL = text(
    "INSERT INTO surge_alarm (country_id, day, territory_id, topic_id, window_days, observed, expected, usual_low,"
    " usual_high, dispersion, probability) VALUES (:country, :day, :territory, :topic, :window_days, :observed,"
    " :expected, :usual_low, :usual_high, 1, :probability)"
)


def searched(connection: Connection, day: date, country: str = "X", ran_at: datetime | None = None) -> None:
    """A day of a country that has been searched, by default just now."""
    values = {"country": factories.territory(connection, country, "country"), "day": day}
    connection.execute(RUN_SQL, values | {"ran_at": ran_at or datetime.now(UTC)})


def alarm(  # noqa: PLR0913 -- the columns of the row
    connection: Connection,
    day: date,
    territory: str = "XA",
    topic: str = "roads.surface",
    *,
    observed: int = 9,
    window_days: int = 7,
    expected: float = 2,
    usual: tuple[int, int] = (0, 4),
    probability: float = 1e-6,
    country: str = "X",
) -> None:
    """An alarm of a day, which is then searched; the territory is there already, or a new region."""
    searched(connection, day, country)
    connection.execute(
        ALARM_SQL,
        {
            "country": factories.territory(connection, country, "country"),
            "day": day,
            "territory": factories.territory(connection, territory),
            "topic": factories.topic(connection, topic),
            "window_days": window_days,
            "observed": observed,
            "expected": expected,
            "usual_low": usual[0],
            "usual_high": usual[1],
            "probability": probability,
        },
    )
