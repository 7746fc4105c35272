"""Today so far: what came and went since the running day began, and the stocks as of now, whatever the period."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from queries.filters import Filters
from queries.morning.today import TODAY_METRICS, today_so_far
from queries.overview import kpis
from tests.support import factories
from tests.support.figures.oracle import DAY
from tests.support.figures.reference_data import local_midnight

SECOND = timedelta(seconds=1)
ZONE = "Asia/Yekaterinburg"
NOW = datetime.now(UTC)
TODAY = NOW.astimezone(ZoneInfo(ZONE)).date()
MIDNIGHT = local_midnight(TODAY, ZONE)
WHOLE_WEEKS = Filters(TODAY - 28 * DAY, TODAY, territory="XA")


@pytest.fixture(autouse=True)
def appeals(connection: Connection) -> None:
    """Appeals just before and at midnight of the region, one closed and one missed since then, one at risk."""
    factories.territory(connection, "XA", timezone=ZONE)
    long_ago = NOW - 30 * DAY
    factories.appeal(connection, region="XA", received_at=MIDNIGHT - SECOND)
    factories.appeal(connection, region="XA", received_at=MIDNIGHT)
    factories.appeal(connection, region="XA", received_at=long_ago, closed_at=MIDNIGHT - SECOND)
    factories.appeal(connection, region="XA", received_at=long_ago, closed_at=MIDNIGHT)
    factories.appeal(connection, region="XA", received_at=long_ago, deadline_at=MIDNIGHT)
    factories.appeal(connection, region="XA", received_at=long_ago, deadline_at=NOW + DAY)


@pytest.mark.parametrize("start", [TODAY - 28 * DAY, TODAY - 400 * DAY])
def test_it_counts_from_midnight_of_the_region_whatever_the_period(start: date) -> None:
    today = today_so_far(replace(WHOLE_WEEKS, start=start))
    assert today.day == TODAY
    assert {value.metric.id: value.value for value in today.values} == dict(
        zip(TODAY_METRICS, (1, 1, 4, 1, 1), strict=True)
    )


def test_the_figures_of_whole_weeks_stand_as_of_yesterdays_end() -> None:
    values = {value.metric.id: value.value for value in kpis(WHOLE_WEEKS)}
    # What fell due at midnight wasn't overdue yet, and what was closed then was still open.
    assert (values["received"], values["open"], values["overdue"]) == (1, 4, 0)
