"""The state of a process of the screens at the moment at which Prometheus asks; `otklik.counters` has what it did."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from components.streamlit_compat.sessions import active_session_count
from otklik.wall.routes import boards
from queries.cache.background import background_results
from queries.cache.live import as_of, is_database_away
from queries.cache.subscriptions import open_pages


def data_age_seconds() -> float:
    """Seconds since the moment up to which the rows shown are complete: grows while the database is away."""
    return max((datetime.now(UTC) - as_of()).total_seconds(), 0.0)


GAUGES: tuple[tuple[str, str, Callable[[], float]], ...] = (
    ("otklik_sessions", "Browsers that are connected to a page", active_session_count),
    ("otklik_open_pages", "Pages that are told of changes, their browsers connected or not", lambda: len(open_pages)),
    ("otklik_wall_screens", "Screens that are connected to the wall", boards.screen_count),
    ("otklik_wall_boards", "Different walls: territory, filters and language", lambda: len(boards)),
    (
        "otklik_background_queries",
        "Slow queries that are running or waiting",
        lambda: background_results().pending_count(),
    ),
    ("otklik_database_up", "1 while the database answers, else 0", lambda: float(not is_database_away())),
    ("otklik_data_age_seconds", "Seconds since the moment up to which the rows shown are complete", data_age_seconds),
)
"""Name, meaning and value of each."""


class StateCollector(Collector):
    """Gauges whose values are taken when Prometheus asks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each gauge with its value now."""
        for name, meaning, measure in GAUGES:
            yield GaugeMetricFamily(name, meaning, value=measure())
