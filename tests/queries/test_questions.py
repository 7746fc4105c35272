"""The number of statements of each page's panels, which doesn't grow with the rows."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from queries.filters import Filters
from queries.queue import open_counts
from queries.regions import points, territories
from queries.regions.backlog import open_by_day
from queries.resolution import performance
from queries.satisfaction import ratings
from queries.satisfaction.low_ratings import low_rated_appeals
from tests.queries.core.test_resolved_filters import LATELY
from tests.support import factories
from tests.support.figures.reference_data import BASE_MOMENT
from tests.support.servers.executed_statements import executed_statements

HERE = replace(LATELY, territory="X")
PAGES: dict[str, tuple[int, list[Callable[[Filters], object]]]] = {
    "regions": (
        11,
        [
            lambda filters: territories.map_values(filters, "region", "on_time_rate"),
            lambda filters: open_by_day(filters, "region"),
            lambda filters: territories.territory_metrics(filters, "region"),
            points.open_points,
            points.received_points,
        ],
    ),
    "satisfaction": (
        10,
        [
            ratings.kpis,
            ratings.satisfaction_trend,
            ratings.rating_distribution,
            lambda filters: ratings.satisfaction_by(filters, "topic"),
            lambda filters: ratings.satisfaction_by(filters, "organisation"),
            lambda filters: ratings.satisfaction_by(filters, "channel"),
            ratings.satisfaction_by_answer_time,
            low_rated_appeals,
        ],
    ),
    "resolution": (
        25,
        [
            performance.kpis,
            performance.flow_by_day,
            performance.answer_time_histogram,
            performance.by_organisation,
            performance.by_topic,
            performance.workload_by_organisation,
            performance.by_channel,
        ],
    ),
    "queue": (
        12,  # with the hours of the day compared, which are read every ten minutes alone
        [
            open_counts.kpis,
            open_counts.open_by_stage_and_age,
            open_counts.open_by_topic_and_stage,
            open_counts.open_by_organisation,
            open_counts.open_by_channel,
            open_counts.backlog_by_day,
            open_counts.open_appeals_with_location,
        ],
    ),
}


def statement_count(page: str) -> int:
    """The number of different statements of all panels of a page, without those for reference data."""
    _, panels = PAGES[page]
    statements = executed_statements(lambda: [panel(HERE) for panel in panels])
    return len({str(statement) for statement in statements if "names ->>" not in statement.statement})


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_few_questions_and_no_more_of_many_rows(connection: Connection, page: str) -> None:
    for region in ("XA", "XB"):
        factories.territory(connection, region)
        factories.appeal(connection, region=region, topic="roads.ice", rating=1)
        factories.appeal(connection, region=region, closed_at=BASE_MOMENT, received_at=BASE_MOMENT, rating=2)
    before = statement_count(page)
    for n in range(20):
        factories.appeal(connection, region=f"R{n}", topic=f"t{n}.a", holder=f"h{n}")
    most, _ = PAGES[page]
    assert statement_count(page) == before <= most
