"""The appeals behind a figure: which ones, and in which order."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from queries.filters import Filters
from queries.lists.figure_appeals import figure_appeals
from queries.metrics.catalogue import METRICS
from queries.regions.territories import MAP_METRICS
from tests.support import factories

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
FILTERS = Filters((NOW - 20 * DAY).date(), (NOW + DAY).date())


@pytest.fixture
def appeals(connection: Connection) -> None:
    """One appeal of each kind, and one closed before the period."""
    closed: dict[str, Any] = {"received_at": NOW - 9 * DAY, "closed_at": NOW - 2 * DAY, "deadline_at": NOW - DAY}
    for number, facts in {
        "rated-1": closed | {"rating": 1},
        "rated-3": closed | {"rating": 3, "closed_at": NOW - 1.5 * DAY},
        "rated-4": closed | {"rating": 4},
        "closed-late": closed | {"deadline_at": NOW - 3 * DAY},
        "reopened": closed
        | {"received_at": NOW - 30 * DAY, "closed_at": NOW - 4 * DAY, "reopened": 1}
        | {"first_answered_at": NOW - 15 * DAY, "first_returned_at": NOW - 9 * DAY},
        "overdue": {"received_at": NOW - 30 * DAY, "deadline_at": NOW - DAY},
        "open": {"received_at": NOW - DAY, "deadline_at": NOW + 20 * DAY},
        "before": closed | {"received_at": NOW - 60 * DAY, "closed_at": NOW - 40 * DAY, "rating": 1},
    }.items():
        factories.appeal(connection, number=number, **facts)


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize(
    ("metric", "numbers"),
    [
        ("satisfaction", ["rated-1", "rated-3"]),
        ("rated", ["rated-1", "rated-3", "rated-4"]),
        ("on_time_rate", ["overdue", "closed-late"]),
        ("closed_on_time_rate", ["closed-late"]),
        ("overdue", ["overdue"]),
        ("open", ["overdue", "open"]),
        ("reopened_rate", ["reopened"]),
    ],
)
def test_the_appeals_behind_a_figure(metric: str, numbers: list[str]) -> None:
    assert figure_appeals(FILTERS, metric)["number"].tolist() == numbers


@pytest.mark.usefixtures("appeals")
def test_every_figure_of_the_map_has_its_appeals() -> None:
    assert all("before" not in set(figure_appeals(FILTERS, metric)["number"]) for metric in MAP_METRICS)
    assert set(MAP_METRICS) <= METRICS.keys()
