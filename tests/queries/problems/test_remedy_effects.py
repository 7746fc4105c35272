"""The effect of a remedy: which weeks count before and after it, against which places, and what can't be known."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, text

from otklik.database.access import scope
from queries.problems.details import problem_by_id, remedies
from queries.problems.problem_filters import problem_filters
from queries.problems.remedy_effects import RemedyEffect, remedy_effect
from tests.support import factories
from tests.support.appeals.problems import DAY, person_scope, problem, remedy
from tests.support.appeals.surges import alarm

WEEK = 7 * DAY
WEEKS_AFTER = 5
NORMAL = (7, 9, 8, 6, 8, 9, 7, 8, 9, 7, 8, 6, 8, 7, 9, 8)
"""A usual number of appeals in each of sixteen weeks."""


def done_day() -> date:
    """The day of the remedy, five whole weeks and two days ago."""
    return datetime.now(UTC).date() - WEEKS_AFTER * WEEK - 3 * DAY


def first_day(week: int) -> date:
    """Of a week by its number; the week 0 begins on the day after the remedy."""
    return done_day() + week * WEEK + (DAY if week >= 0 else 0 * DAY)


COPIES = text("""
    INSERT INTO appeal (region_id, municipality_id, source_id, number, channel_id, topic_id, regime_id, status_id,
        first_holder_id, holder_id, received_at)
    SELECT region_id, municipality_id, source_id, number || '-' || n, channel_id, topic_id, regime_id, status_id,
        first_holder_id, holder_id, at
    FROM appeal CROSS JOIN unnest(CAST(:moments AS timestamptz[])) WITH ORDINALITY AS copy (at, n)
    WHERE region_id = :region_id AND id = :id""")


def receive(
    connection: Connection, counts: dict[int, int], region: str = "XA", municipality: str | None = None
) -> None:
    """Make so many appeals in each week, by its number."""
    first, *others = [
        datetime.combine(first_day(week) + number % 7 * DAY, time(12), UTC)
        for week, count in counts.items()
        for number in range(count)
    ]
    key = factories.appeal(
        connection, region=region, municipality=municipality, topic="roads.surface", received_at=first
    )
    connection.execute(COPIES, {**key._asdict(), "moments": others})


def usual(first: int, last: int, times: float = 1) -> dict[int, int]:
    """The usual numbers of the weeks from `first` up to `last`, times something."""
    return {week: round(times * NORMAL[week % len(NORMAL)]) for week in range(first, last + 1)}


def done_remedy(connection: Connection, problem_id: int, day: date, zone: str = "UTC") -> int:
    """The id of a remedy that was done at noon of a day."""
    number = remedy(connection, problem_id, day, is_done=True)
    at = datetime.combine(day, time(12), ZoneInfo(zone))
    connection.execute(text("UPDATE problem_remedy SET done_at = :at WHERE id = :id"), {"at": at, "id": number})
    return number


def a_problem(connection: Connection, first_week: int, surge_starts: date | None = None) -> int:
    """A problem that began with a week and was opened on the second day of it."""
    since = first_day(first_week)
    number = problem(connection, since=since, surge_starts=surge_starts)
    opened = datetime.combine(since + DAY, time(9), UTC)
    connection.execute(text("UPDATE problem SET opened_at = :at WHERE id = :id"), {"at": opened, "id": number})
    return number


def effect_of(problem_id: int, remedy_id: int, language: str = "en") -> RemedyEffect:
    shown = problem_by_id(problem_id, language)
    assert shown
    filters = problem_filters(shown.territory_code, shown.topic_code, shown.since, language)
    return remedy_effect(filters, shown, remedies(problem_id, language), remedy_id)


def test_a_lasting_problem_is_compared_with_its_own_weeks_and_not_with_those_before(connection: Connection) -> None:
    number = a_problem(connection, -8)
    receive(connection, usual(-20, -9) | usual(-8, -1, times=3) | usual(0, WEEKS_AFTER - 1))
    effect = effect_of(number, done_remedy(connection, number, done_day()))
    spans = effect.weeks.set_index("week")["span"]
    # The first week of the problem was the reason to open it.
    assert list(spans[[-9, -8, -7, -1, 0]]) == ["before", "left_out", "raised", "raised", "after"]
    assert effect.week_count("after") == WEEKS_AFTER
    assert (effect.is_of_problem, effect.obstacle, effect.places, effect.harmonics) == (True, None, 0, 0)
    assert effect.change
    assert 0.2 < effect.change.ratio < 0.5
    assert effect.change.high < 1
    # Against all weeks before, most of which are usual ones, there would be hardly a change.
    rows = effect.weeks
    plain = rows["received"][rows["span"] == "after"].mean() / rows["received"][rows["span"] != "after"].mean()
    assert plain > 0.5
    assert rows.loc[rows["span"] == "left_out", ["expected", "low", "high"]].isna().all(axis=None)


def test_the_weeks_of_the_surge_that_the_problem_was_opened_from_are_no_before(connection: Connection) -> None:
    starts = first_day(-6)
    number = a_problem(connection, -6, surge_starts=starts)
    for week in range(-6, 0):
        alarm(connection, first_day(week) + 6 * DAY)
    receive(connection, usual(-20, -7) | usual(-6, -1, times=4) | usual(0, WEEKS_AFTER - 1))
    effect = effect_of(number, done_remedy(connection, number, done_day()))
    assert (effect.week_count("left_out"), effect.week_count("raised"), effect.week_count("before")) == (6, 0, 14)
    assert effect.change
    assert effect.change.low < 1 < effect.change.high
    assert not effect.is_of_problem
    # A problem without that surge has the same weeks as its own.
    connection.execute(text("UPDATE problem SET surge_starts = NULL"))
    effect = effect_of(number, done_remedy(connection, number, done_day()))
    assert effect.change
    assert effect.change.high < 0.5


def test_without_enough_weeks_before_the_problem_its_own_are_all(connection: Connection) -> None:
    number = a_problem(connection, -13)
    receive(connection, usual(-16, -14) | usual(-13, -1, times=2) | usual(0, WEEKS_AFTER - 1))
    effect = effect_of(number, done_remedy(connection, number, done_day()))
    assert (effect.week_count("before"), effect.week_count("left_out"), effect.week_count("raised")) == (0, 4, 12)
    assert effect.is_of_problem
    assert effect.change
    assert effect.change.ratio < 0.8


@pytest.mark.parametrize(
    ("weeks", "done_weeks_ago", "obstacle", "needed"),
    [
        (usual(-20, 4), 0, "few_after", 4),
        (usual(-7, 4), 5, "few_before", 8),
        (usual(-20, 4, times=0.5), 5, "few_appeals", 5),
    ],
)
def test_what_the_data_cannot_carry_has_no_effect(
    connection: Connection, weeks: dict[int, int], done_weeks_ago: int, obstacle: str, needed: int
) -> None:
    number = a_problem(connection, -1)
    receive(connection, weeks)
    day = done_day() if done_weeks_ago else done_day() + 2 * WEEK
    effect = effect_of(number, done_remedy(connection, number, day))
    assert (effect.obstacle, effect.needed, effect.change) == (obstacle, needed, None)


def test_nothing_received_at_all_has_no_effect(connection: Connection) -> None:
    number = a_problem(connection, -8)
    effect = effect_of(number, done_remedy(connection, number, done_day()))
    assert (effect.obstacle, len(effect.weeks)) == ("few_after", 0)


def test_weeks_begin_after_the_local_day_of_the_remedy_which_belongs_to_none(connection: Connection) -> None:
    zone = "Asia/Yekaterinburg"
    factories.territory(connection, timezone=zone)
    number = a_problem(connection, -8)
    midnight = datetime.combine(done_day(), time(), ZoneInfo(zone))
    second = timedelta(seconds=1)
    # The last of the week before, two of the day itself, the first of the week after.
    for moment in (midnight - second, midnight, midnight + DAY - second, midnight + DAY):
        factories.appeal(connection, topic="roads.surface", received_at=moment)
    receive(connection, {-10: 1})
    weeks = effect_of(number, done_remedy(connection, number, done_day(), zone)).weeks.set_index("week")
    assert (weeks["received"][-1], weeks["received"][0], weeks["received"].sum()) == (1, 1, 3)
    assert (weeks["last"][-1], weeks["day"][0]) == (done_day() - DAY, done_day() + DAY)


def test_another_remedy_within_these_weeks_is_named(connection: Connection) -> None:
    number = a_problem(connection, -8)
    receive(connection, usual(-20, WEEKS_AFTER - 1))
    done_remedy(connection, number, done_day() + 2 * DAY)
    done_remedy(connection, number, done_day() - 300 * DAY)
    effect = effect_of(number, done_remedy(connection, number, done_day()))
    assert effect.others == (done_day() + 2 * DAY,)


@pytest.fixture
def siblings(connection: Connection) -> int:
    """A problem in XA and four regions beside it, all of which have half as many appeals after the remedy."""
    number = a_problem(connection, -1)
    for region in ("XA", "XB", "XC", "XD", "XE"):
        factories.territory(connection, region)
        # From the begin: of a territory that comes later, queries hear a moment later.
        factories.territory(connection, f"{region}-1", "municipality", region)
        receive(connection, usual(-14, -1, times=2) | usual(0, WEEKS_AFTER - 1), region)
    return number


def test_what_happened_in_similar_places_too_is_no_effect(connection: Connection, siblings: int) -> None:
    remedy_id = done_remedy(connection, siblings, done_day())
    effect = effect_of(siblings, remedy_id)
    assert effect.places == 4
    assert effect.change
    assert effect.change.low < 1 < effect.change.high
    assert effect.change.ratio == pytest.approx(1, abs=0.1)
    # A place, and then one below another, has a problem of the topic or of the one above: three are left, then two.
    rejected = problem(connection, "XB", "roads", status="rejected")
    problem(connection, "XB", "parks")
    problem(connection, "XA", "roads")  # their own place is no similar one
    connection.execute(text("UPDATE problem SET status = 'found' WHERE id = :id"), {"id": rejected})
    # In another language, which has a result of its own: the first is cached for ten minutes.
    assert effect_of(siblings, remedy_id, "ru").places == 3
    problem(connection, "XC-1", "roads.surface")
    alone = effect_of(siblings, remedy_id, "hr")
    # Two are too few, and without others to compare with it looks like an effect.
    assert alone.places == 0
    assert alone.change
    assert alone.change.high < 1


def test_places_that_the_viewer_does_not_see_are_not_compared_with(connection: Connection, siblings: int) -> None:
    remedy_id = done_remedy(connection, siblings, done_day())
    with scope.acting_as(person_scope(connection, "manager", "XA")):
        assert effect_of(siblings, remedy_id).places == 0
    with scope.acting_as(person_scope(connection, "manager", "XA", "XB", "XC", "XD")):
        assert effect_of(siblings, remedy_id).places == 3


def test_municipalities_are_compared_with_those_of_their_region(connection: Connection) -> None:
    factories.territory(connection, "XA")
    towns = [f"XA-{number}" for number in range(4)]
    for town in towns:
        factories.territory(connection, town, "municipality")
    number = a_problem(connection, -1)
    connection.execute(
        text("UPDATE problem SET territory_id = (SELECT id FROM territory WHERE code = 'XA-0') WHERE id = :id"),
        {"id": number},
    )
    for town in towns:
        receive(connection, usual(-10, WEEKS_AFTER - 1), municipality=town)
    effect = effect_of(number, done_remedy(connection, number, done_day()))
    assert effect.places == 3
    assert effect.change
    assert effect.change.low < 1 < effect.change.high
    counted = effect.weeks[effect.weeks["span"] != "left_out"]
    assert counted["expected"].to_numpy() == pytest.approx(counted["received"].to_numpy(float), rel=0.1)
