"""The overview names surges before all else that is unusual; a search that did not run never looks like a calm day."""

from datetime import UTC, datetime, time, timedelta
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import Connection
from streamlit.testing.v1 import AppTest

from tests.support import factories
from tests.support.appeals.surges import alarm, searched
from tests.support.screens.app_pages import run_page

DAY = timedelta(days=1)
NOON = datetime.combine(datetime.now(UTC).date() - DAY, time(12), UTC)
YESTERDAY = NOON.date()
NOTHING_UNUSUAL = "Nothing is unusual"


def texts(page: AppTest) -> str:
    return "\n".join(element.value for element in (*page.markdown, *page.caption))


def surge_links(page: AppTest) -> dict[str, dict[str, str]]:
    """The query parameters of each of the overview's links to a surge's appeals, by its label; the bell's are bold."""
    return {
        link.proto.label: dict(parse_qsl(link.proto.query_string))
        for link in page.get("page_link")
        if link.proto.page == "regions" and "usual" in link.proto.label and not link.proto.label.startswith("**")
    }


def test_a_surge_leads_to_the_list_of_its_appeals(connection: Connection) -> None:
    factories.territory(connection, "XA-1", "municipality", "XA")
    for age in range(7):
        factories.appeal(
            connection, topic="roads.surface.hole", municipality="XA-1", received_at=NOON - age * DAY, channel="app"
        )
    factories.appeal(connection, topic="roads.surface.hole", municipality="XA-1", received_at=NOON - 7 * DAY)
    factories.appeal(connection, topic="roads", municipality="XA-1", received_at=NOON)
    alarm(connection, YESTERDAY, "XA", "roads.surface", observed=7, usual=(0, 2))
    page = run_page("overview", lang="en", channel="portal", period="90d")
    ((label, params),) = surge_links(page).items()
    assert label == "7 appeals within 7 days, in 1 municipality; usual 0–2"
    assert "channel" not in params
    assert "of all organisations, regimes and channels" in texts(page)
    assert NOTHING_UNUSUAL not in texts(page)
    regions = run_page("regions", deep_link=False, **params)
    (listed,) = [table.value for table in regions.dataframe if "number" in table.value]
    assert len(listed) == 7


def test_a_calm_day_is_told_from_one_that_was_not_searched(connection: Connection) -> None:
    factories.appeal(connection, received_at=NOON)
    page = run_page("overview", lang="en")
    assert "Surges have not been searched for yet." in texts(page)
    assert NOTHING_UNUSUAL not in texts(page)


@pytest.mark.parametrize(("age", "is_stale"), [(0, False), (3, True)])
def test_a_search_of_long_ago_is_no_calm(connection: Connection, age: int, *, is_stale: bool) -> None:
    factories.appeal(connection, received_at=NOON)
    searched(connection, YESTERDAY - age * DAY)
    page = run_page("overview", lang="en")
    assert ("what came later is unknown" in texts(page)) is is_stale
    assert (NOTHING_UNUSUAL in texts(page)) is not is_stale


@pytest.mark.parametrize(
    ("territory", "topic", "recurring"), [(None, None, 1), ("XA", "roads", 0), ("XA", "waste", 1), ("XB", "roads", 1)]
)
def test_what_is_a_surge_is_not_listed_again_as_a_recurring_problem(
    connection: Connection, territory: str | None, topic: str | None, recurring: int
) -> None:
    for region in ("XA", "XB", "XC", "XD"):
        for week in range(52):
            factories.appeal(connection, region=region, topic="roads.surface", received_at=NOON - week * 7 * DAY)
    for number in range(40):
        factories.appeal(connection, topic="roads.surface", received_at=NOON - number % 28 * DAY)
    searched(connection, YESTERDAY)
    if territory and topic:
        alarm(connection, YESTERDAY, territory, topic)
    page = run_page("overview", lang="en")
    assert sum("expected" in link.proto.label for link in page.get("page_link")) == recurring
    assert len(surge_links(page)) == (territory is not None)
