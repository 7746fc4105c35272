"""How many questions the panels of each page ask, and that none grows with the rows."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from queries.filters import Filters
from queries.queue import open_counts
from queries.regions import points, territories
from queries.resolution import performance, recurring
from queries.satisfaction import ratings
from tests.queries.core.test_resolved_filters import LATELY
from tests.support import factories
from tests.support.asking import questions
from tests.support.world import BASE

HERE = replace(LATELY, territory="X")
PAGES: dict[str, tuple[int, list[Callable[[Filters], object]]]] = {
    "regions": (
        9,
        [
            lambda filters: territories.coloured(filters, "region", "on_time_rate"),
            lambda filters: territories.open_by_day(filters, "region"),
            lambda filters: territories.table(filters, "region"),
            points.waiting,
            points.received,
        ],
    ),
    "satisfaction": (
        10,
        [
            ratings.figures,
            ratings.trend,
            ratings.distribution,
            lambda filters: ratings.by(filters, "topic"),
            lambda filters: ratings.by(filters, "organisation"),
            lambda filters: ratings.by(filters, "channel"),
            ratings.by_delay,
            ratings.low,
        ],
    ),
    "resolution": (
        20,
        [
            performance.figures,
            performance.daily,
            performance.answer_days,
            performance.organisations,
            performance.topics,
            performance.load,
            performance.channels,
            recurring.cells,
        ],
    ),
    "queue": (
        10,
        [
            open_counts.figures,
            open_counts.stages,
            open_counts.topics,
            open_counts.organisations,
            open_counts.channels,
            open_counts.backlog,
            open_counts.points,
        ],
    ),
}


def asked(page: str) -> int:
    """How many questions the panels of a page ask together, besides those for words."""
    _, panels = PAGES[page]
    heard = questions(lambda: [panel(HERE) for panel in panels])
    return len({str(one) for one in heard if "names ->>" not in one.statement})


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_few_questions_and_no_more_of_many_rows(connection: Connection, page: str) -> None:
    for region in ("XA", "XB"):
        factories.territory(connection, region)
        factories.appeal(connection, region=region, topic="roads.ice", rating=1)
        factories.appeal(connection, region=region, closed_at=BASE, received_at=BASE, rating=2)
    before = asked(page)
    for which in range(20):
        factories.appeal(connection, region=f"R{which}", topic=f"t{which}.a", holder=f"h{which}")
    most, _ = PAGES[page]
    assert asked(page) == before <= most
