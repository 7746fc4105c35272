"""Surges are found in the cell that has them, stored once with what was known, and seen by those who see the place."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, text

from otklik.cli.main import otklik
from otklik.database.access import people, scope
from otklik.database.transactions import query_dataframe
from otklik.detection.cell_tree import Ancestry, CellTree, read_tree
from otklik.detection.daily_counts import DailyCounts, day_number, read_daily_counts
from otklik.detection.receipt_minutes import ReceiptMinutes, no_minutes, read_receipt_minutes
from otklik.detection.surge_alarms import alarm_threshold, separate_alarms
from otklik.detection.surge_search import DayAlarms, day_alarms, detect_days
from tests.support import factories

DAY = date(2026, 6, 30)
COUNTRY, REGIONS, TOWNS, TOPIC, FACTS = 1, range(10, 20), range(100, 120), 1, range(10, 13)
TREE = CellTree(
    Ancestry({COUNTRY: None, **dict.fromkeys(REGIONS, COUNTRY), **{town: 10 + (town - 100) // 2 for town in TOWNS}}),
    Ancestry({TOPIC: None, **dict.fromkeys(FACTS, TOPIC)}),
)


def usual_days(days: int, rate: float = 0.3, seed: int = 1) -> DailyCounts:
    """As many appeals a day in each town and on each fact, by chance, until `DAY`."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rate, (len(TOWNS), len(FACTS), days))
    place, fact, age = np.nonzero(counts)
    return DailyCounts(place + TOWNS[0], fact + FACTS[0], day_number(DAY) - age, counts[place, fact, age])


def with_surge(daily: DailyCounts, towns: list[int], fact: int, a_day: int, days: int = 7) -> DailyCounts:
    """The counts with as many more each day in some towns, on the last days until `DAY`."""
    place, age = (values.ravel() for values in np.meshgrid(towns, np.arange(days)))
    added = (place, np.full(len(place), fact), day_number(DAY) - age, np.full(len(place), a_day))
    return DailyCounts(*(np.concatenate(pair) for pair in zip(daily, added, strict=True)))


def alarms(
    daily: DailyCounts, going_on: set[tuple[int, int]] | None = None, minutes: ReceiptMinutes | None = None
) -> DayAlarms:
    return day_alarms(TREE, daily, minutes or no_minutes(), "XX", DAY, going_on or set())


@pytest.mark.parametrize("years", [1, 4])
def test_a_surge_of_a_town_is_one_alarm_of_that_town_and_fact(years: int) -> None:
    result = alarms(with_surge(usual_days(years * 365), [104], 11, 2))
    assert [(alarm.territory_id, alarm.topic_id) for alarm in result.alarms] == [(104, 11)]
    alarm = result.alarms[0]
    assert alarm.window_days == 7
    assert 14 <= alarm.observed <= 22
    assert alarm.expected == pytest.approx(2.1, abs=0.8)
    assert alarm.usual_low <= alarm.expected <= alarm.usual_high < alarm.observed
    assert alarm.probability <= result.threshold


def test_a_surge_of_all_towns_of_a_region_is_one_alarm_of_the_region() -> None:
    result = alarms(with_surge(usual_days(4 * 365), [102, 103], 12, 2))
    assert [(alarm.territory_id, alarm.topic_id) for alarm in result.alarms] == [(11, 12)]


def test_a_slow_rise_is_found_over_a_fortnight() -> None:
    result = alarms(with_surge(usual_days(4 * 365), [104], 11, 1, days=14))
    assert [(alarm.territory_id, alarm.window_days) for alarm in result.alarms] == [(104, 14)]


def test_what_a_topic_has_more_of_everywhere_is_its_season_while_the_history_is_short() -> None:
    everywhere = with_surge(usual_days(365), list(TOWNS), 11, 1, days=21)
    assert alarms(everywhere).alarms == []
    assert alarms(with_surge(everywhere, [104], 11, 3)).alarms[0].territory_id == 104


def test_days_without_a_surge_hardly_ever_have_an_alarm() -> None:
    false_alarms = sum(len(alarms(usual_days(400, seed=seed)).alarms) for seed in range(2, 32))
    assert false_alarms <= 5  # 30 x 0.07 are expected; more than 5 come once in 300 times


def test_a_country_that_is_known_for_less_than_8_weeks_is_not_judged() -> None:
    assert alarms(with_surge(usual_days(55), [104], 11, 5)).judged_cells == 0
    assert alarms(with_surge(usual_days(56), [104], 11, 5)).judged_cells > 0


def test_in_the_first_half_year_what_a_topic_has_elsewhere_is_its_season() -> None:
    assert [alarm.territory_id for alarm in alarms(with_surge(usual_days(80), [104], 11, 3)).alarms] == [104]
    everywhere = with_surge(usual_days(80), list(TOWNS), 11, 1, days=14)
    assert alarms(everywhere).alarms == []


def test_days_without_a_surge_in_the_first_half_year_hardly_ever_have_an_alarm() -> None:
    false_alarms = sum(len(alarms(usual_days(days, seed=days)).alarms) for days in range(60, 180, 4))
    assert false_alarms <= 5  # 30 x 0.07 are expected


def test_a_topic_that_is_new_to_the_catalogue_is_judged_within_the_one_above_it_alone() -> None:
    def with_new_topic(weeks: int, a_day: int) -> DailyCounts:
        daily = usual_days(4 * 365)
        is_new = (daily.topic != 12) | (daily.place == 104) & (daily.day > day_number(DAY) - 7 * weeks)
        return with_surge(daily.only(is_new), [104], 12, a_day)

    three_weeks, twelve_weeks = (alarms(with_new_topic(weeks, 2)) for weeks in (3, 12))
    assert [(alarm.territory_id, alarm.topic_id) for alarm in three_weeks.alarms] == [(104, TOPIC)]
    # The town's cell and its region's: a whole country is judged from its third year on.
    assert twelve_weeks.judged_cells == three_weeks.judged_cells + 2


def minutes_of(daily: DailyCounts, town: int, fact: int, apart: int) -> ReceiptMinutes:
    """When the appeals of a town on a fact came: on each day from ten o'clock on, so many minutes apart."""
    is_there = (daily.place == town) & (daily.topic == fact)
    rows = [
        (town, fact, day, 1, (day * 24 + 10) * 60 + apart * number, 1)
        for day, received in zip(daily.day[is_there].tolist(), daily.received[is_there].tolist(), strict=True)
        for number in range(received)
    ]
    return ReceiptMinutes(*np.array(rows, dtype=np.int64).T)


def test_what_came_at_once_through_one_channel_is_no_surge() -> None:
    one_day = with_surge(usual_days(365), [104], 11, 15, days=1)
    assert [alarm.territory_id for alarm in alarms(one_day).alarms] == [104]
    assert alarms(one_day, minutes=minutes_of(one_day, 104, 11, apart=3)).alarms == []
    assert alarms(one_day, minutes=minutes_of(one_day, 104, 11, apart=40)).alarms == alarms(one_day).alarms


def test_a_surge_stays_one_without_its_largest_batch_and_keeps_its_whole_count() -> None:
    several_days = with_surge(usual_days(365), [104], 11, 5)
    result = alarms(several_days, minutes=minutes_of(several_days, 104, 11, apart=3))
    assert result.alarms == alarms(several_days).alarms
    assert result.alarms[0].observed >= 35


def test_a_batch_counts_in_the_window_and_in_all_cells_that_it_lies_in() -> None:
    minutes = received_at([(104, 11, day_number(DAY) - 8, 1, 600, 9)])
    for cell in ((104, 11), (104, TOPIC), (12, 11), (COUNTRY, TOPIC)):
        assert minutes.largest_batches(TREE, cell, DAY, (7, 14)).tolist() == [0, 9]
    for cell in ((105, 11), (104, 12), (13, TOPIC)):
        assert minutes.largest_batches(TREE, cell, DAY, (7, 14)).tolist() == [0, 0]
    assert minutes.largest_batches(TREE, (104, 11), DAY - timedelta(days=9), (7, 14)).tolist() == [0, 0]


def received_at(rows: list[tuple[int, ...]]) -> ReceiptMinutes:
    return ReceiptMinutes(*np.array(rows, dtype=np.int64).T)


def test_a_batch_is_of_any_hour_and_of_one_place_and_channel() -> None:
    today = day_number(DAY)
    minutes = received_at(
        [
            *((104, 10, today, 1, minute, 2) for minute in (585, 600, 644)),  # 9:45 to 10:44, an hour later the next
            (104, 11, today, 1, 645, 1),
            (104, 10, today, 2, 600, 3),
            (105, 10, today, 1, 600, 4),
        ]
    )
    assert minutes.largest_batches(TREE, (104, TOPIC), DAY, (7,)).tolist() == [6]
    assert minutes.largest_batches(TREE, (104, 11), DAY, (7,)).tolist() == [1]
    assert minutes.largest_batches(TREE, (12, TOPIC), DAY, (7,)).tolist() == [6]
    assert minutes.largest_batches(TREE, (105, 10), DAY, (7,)).tolist() == [4]


def test_later_days_are_not_known_yet() -> None:
    daily = usual_days(365)
    later = with_surge(daily, [104], 11, 9)._replace()
    shifted = later._replace(day=np.where(later.received == 9, later.day + 7, later.day))
    assert alarms(shifted).alarms == alarms(daily).alarms


def test_a_surge_that_goes_on_stays_the_alarm_of_its_cell() -> None:
    daily = with_surge(usual_days(4 * 365), [102, 103], 12, 2)
    first = alarms(daily, {(102, 12)}).alarms[0]
    assert (first.territory_id, first.topic_id) == (102, 12)


def test_the_threshold_shares_the_budget_among_all_cells() -> None:
    assert alarm_threshold(1000) == pytest.approx(0.5 / 7 / 1000)
    probabilities = np.array([1e-9, 1e-6, 1e-7])
    cells = [(10, 1), (100, 10), (12, 10)]
    assert separate_alarms(TREE, cells, probabilities, set(), 1e-5) == [0, 2]
    assert separate_alarms(TREE, cells, probabilities, {(100, 10)}, 1e-5) == [1, 2]


@pytest.fixture
def surge_day(connection: Connection) -> date:
    """Yesterday: six towns had an appeal a week for a year, and XA-1 had 15 in its last days."""
    day = datetime.now(UTC).date() - timedelta(days=1)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    for number in range(6):
        region = "XA" if number < 3 else "XB"
        town = f"{region}-{number + 1}"
        factories.territory(connection, region)
        factories.territory(connection, town, "municipality", region)
        factories.appeal(
            connection, region=region, municipality=town, topic="roads.surface", number=town, received_at=noon
        )
        repeat_appeal(connection, town, 52, "7 days")
    repeat_appeal(connection, "XA-1", 14, "8 hours")
    return day


def repeat_appeal(connection: Connection, number: str, times: int, distance: str) -> None:
    columns = (
        "region_id, municipality_id, source_id, channel_id, topic_id, regime_id, status_id, first_holder_id, holder_id"
    )
    connection.execute(
        text(
            f"INSERT INTO appeal ({columns}, number, received_at)"
            f" SELECT {columns}, number || '/' || n || :distance, received_at - n * CAST(:distance AS interval)"
            " FROM appeal CROSS JOIN generate_series(1, :times) AS n WHERE number = :number"
        ),
        {"number": number, "times": times, "distance": distance},
    )


def test_minutes_are_those_of_local_days_without_midnight(connection: Connection, url: str) -> None:
    factories.territory(connection, "XA", timezone="Asia/Kolkata")
    morning = datetime(2026, 3, 1, 4, 30, tzinfo=UTC)  # ten o'clock there
    for seconds in (0, 59, 60):
        factories.appeal(connection, received_at=morning + timedelta(seconds=seconds))
    factories.appeal(connection, received_at=morning, channel="app")
    midnight = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
    for moment in (midnight, midnight + timedelta(minutes=1)):
        factories.appeal(connection, received_at=moment)
    with psycopg.connect(url) as owner:
        minutes = read_receipt_minutes(owner, date(2026, 3, 1), date(2026, 3, 1))
        assert sorted(minutes.received.tolist()) == [1, 1, 2]
        assert len(set(minutes.channel.tolist())) == 2
        assert max(minutes.minute) == morning.timestamp() // 60 + 1
        assert read_receipt_minutes(owner, date(2026, 3, 2), date(2026, 3, 9)).received.tolist() == [1]


def test_counts_are_those_of_local_days(connection: Connection, url: str) -> None:
    factories.territory(connection, "XA", timezone="Asia/Yekaterinburg")
    late, early = datetime(2026, 3, 1, 18, 59, tzinfo=UTC), datetime(2026, 3, 1, 19, 0, tzinfo=UTC)
    for moment in (late, late, early):
        factories.appeal(connection, received_at=moment)
    with psycopg.connect(url) as owner:
        daily = read_daily_counts(owner)
        region = owner.execute("SELECT id FROM territory WHERE code = 'XA'").fetchone()
        assert region
        assert read_tree(owner).territories.path(region[0])[0] == region[0]
    rows = sorted(zip(daily.place.tolist(), daily.day.tolist(), daily.received.tolist(), strict=True))
    assert rows == [(region[0], day_number(date(2026, 3, 1)), 2), (region[0], day_number(date(2026, 3, 2)), 1)]


def test_a_day_is_searched_once_and_stays_as_it_was_known(connection: Connection, url: str, surge_day: date) -> None:
    with psycopg.connect(url) as owner:
        assert list(detect_days(owner, [surge_day])) == [(surge_day, 1, 1)]
        stored = owner.execute("SELECT * FROM surge_alarm").fetchall()
        repeat_appeal(connection, "XB-4", 30, "3 hours")
        assert list(detect_days(owner, [surge_day])) == [(surge_day, 0, 0)]
        assert owner.execute("SELECT * FROM surge_alarm").fetchall() == stored
    for statement in ("UPDATE surge_alarm SET observed = 1", "DELETE FROM detection_run"):
        with pytest.raises(Exception, match="append-only"):
            connection.execute(text(statement))
    connection.execute(text("TRUNCATE appeal CASCADE"))
    assert connection.scalar(text("SELECT count(*) FROM detection_run")) == 0


def test_an_episode_goes_from_its_first_window_to_its_last_alarm(
    connection: Connection, url: str, surge_day: date
) -> None:
    with psycopg.connect(url) as owner:
        days = [surge_day - timedelta(days=age) for age in (3, 2, 1, 0)]
        assert sum(alarms for _day, _countries, alarms in detect_days(owner, days)) > 1
    (episode,) = connection.execute(text("SELECT * FROM surge_episode")).all()
    first, last = connection.execute(text("SELECT min(day), max(day) FROM surge_alarm")).one()
    assert (episode.first_alarm, episode.last_alarm) == (first, last)
    assert episode.starts < first
    assert episode.probability == connection.scalar(text("SELECT min(probability) FROM surge_alarm"))


def test_alarms_are_seen_by_those_who_see_the_place(connection: Connection, url: str, surge_day: date) -> None:
    with psycopg.connect(url) as owner:
        list(detect_days(owner, [surge_day]))
    for region, rows in (("XA", 1), ("XB", 0)):
        facts = {"email": f"{region}@example.org", "name": region, "role": "manager", "territories": [region]}
        people.save_person_as_owner(connection, None, facts)
        viewer = people.person_of_sign_in("https://sign-in.example", region, f"{region}@example.org")
        assert viewer
        with scope.acting_as(viewer.scope):
            assert len(query_dataframe(text("SELECT * FROM surge_alarm"))) == rows
            assert len(query_dataframe(text("SELECT * FROM surge_episode"))) == rows


@pytest.mark.parametrize(
    "arguments", [("--day", "2026-01-01", "--to", "2026-01-02"), ("--to", "2026-01-02"), ("--day", "tomorrow")]
)
def test_days_that_contradict_each_other_are_refused(arguments: tuple[str, ...]) -> None:
    assert CliRunner().invoke(otklik, ["detect", *arguments]).exit_code == 2
