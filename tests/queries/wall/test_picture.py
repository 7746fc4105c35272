"""The wall's figures are those of the overview, with states by the thresholds of the territory."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from queries.filters import FAR_FUTURE, Filters
from queries.wall.picture import wall_picture
from queries.wall.thresholds import FIGURE_UNITS, Threshold, Thresholds
from tests.support import factories
from tests.support.appeals.surges import alarm

NOW = datetime.now(UTC)
THRESHOLDS = Thresholds({figure: {"": Threshold(0.2, 0.6), "XB": Threshold(0.9, 1.0)} for figure in FIGURE_UNITS})


def wall_filters(**codes: str) -> Filters:
    return replace(Filters(FAR_FUTURE, FAR_FUTURE, "none"), **codes)  # type: ignore[arg-type]


@pytest.fixture
def appeals(connection: Connection) -> Connection:
    """In each of two regions one appeal overdue, one within its time, and one that is closed."""
    for region, zone in (("XA", "Europe/Moscow"), ("XB", "Asia/Kamchatka")):
        factories.territory(connection, region, timezone=zone)
        for days, closed_at in ((-3, None), (20, None), (-4, NOW)):
            factories.appeal(
                connection,
                region=region,
                received_at=NOW - timedelta(days=30),
                deadline_at=NOW + timedelta(days=days),
                closed_at=closed_at,
            )
    return connection


@pytest.mark.usefixtures("appeals")
def test_states_compare_the_share_of_open_appeals_with_the_nearest_territorys_thresholds() -> None:
    states = {
        territory: {figure.value.metric.id: (figure.value.value, figure.state) for figure in picture.figures}
        for territory, picture in (
            (code, wall_picture(wall_filters(territory=code), THRESHOLDS)) for code in ("XA", "XB")
        )
    }
    # One of two open appeals is overdue: of all three it would be a third.
    assert states["XA"]["overdue"] == (1.0, "watch")
    assert states["XB"]["overdue"] == (1.0, "normal")
    assert states["XA"]["due_today"] == (0.0, "normal")


@pytest.mark.usefixtures("appeals")
def test_the_clock_is_that_of_the_territory_shown() -> None:
    assert wall_picture(wall_filters(territory="XB"), THRESHOLDS).timezone == "Asia/Kamchatka"


def test_without_any_appeal_all_is_normal(connection: Connection) -> None:
    factories.territory(connection, "XA")
    picture = wall_picture(wall_filters(), THRESHOLDS)
    assert {figure.state for figure in picture.figures} == {"normal"}
    assert picture.received_state == "unknown"
    assert picture.holders.empty
    assert picture.feed.empty


@pytest.mark.usefixtures("appeals")
def test_surges_are_those_of_the_territory(connection: Connection) -> None:
    yesterday = NOW.date() - timedelta(days=1)
    for region in ("XA", "XB"):
        alarm(connection, yesterday, region)
    known = wall_picture(wall_filters(territory="XB"), THRESHOLDS).surges
    assert list(known.rows["territory_code"]) == ["XB"]
    assert known.searched_day == yesterday
