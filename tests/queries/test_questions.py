"""How many questions the panels of each page ask, and that none grows with the rows."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from queries import points, queue, recurring, regions, resolution, satisfaction
from queries.filters import Filters
from tests import factories
from tests.asking import questions
from tests.queries.test_cut import LATELY
from tests.world import BASE

HERE = replace(LATELY, territory="X")
PAGES: dict[str, tuple[int, list[Callable[[Filters], object]]]] = {
    "regions": (
        9,
        [
            lambda filters: regions.coloured(filters, "region", "on_time_rate"),
            lambda filters: regions.open_by_day(filters, "region"),
            lambda filters: regions.table(filters, "region"),
            points.waiting,
            points.received,
        ],
    ),
    "satisfaction": (
        10,
        [
            satisfaction.figures,
            satisfaction.trend,
            satisfaction.distribution,
            lambda filters: satisfaction.by(filters, "topic"),
            lambda filters: satisfaction.by(filters, "organisation"),
            lambda filters: satisfaction.by(filters, "channel"),
            satisfaction.by_delay,
            satisfaction.low,
        ],
    ),
    "resolution": (
        20,
        [
            resolution.figures,
            resolution.daily,
            resolution.answer_days,
            resolution.organisations,
            resolution.topics,
            resolution.load,
            resolution.channels,
            recurring.cells,
        ],
    ),
    "queue": (
        10,
        [queue.figures, queue.stages, queue.topics, queue.organisations, queue.channels, queue.backlog, queue.points],
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
