"""Every cell of the matrix against what plain Python counts of the appeals, and who sees what."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from math import nan
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection

from otklik.database.access import people, scope
from otklik.database.cubes.rollups import fold_cubes
from queries.core.reference import dimension_members
from queries.filters import Filters
from queries.matrix.cell_details import similar_cells, weekly_trend
from queries.matrix.cells import INDEX, matrix
from queries.matrix.marked_cells import decided_cells, marked_cells, surge_cells
from queries.matrix.ordering import ordered_codes
from queries.matrix.topics import topic_reach
from tests.support import factories
from tests.support.appeals.appeal_changes import Change, apply_change
from tests.support.appeals.appeal_set import is_on_time, is_returned
from tests.support.appeals.problems import person_scope, problem
from tests.support.appeals.surges import alarm
from tests.support.figures.oracle import Oracle
from tests.support.figures.reference_data import BASE_MOMENT, AppealRow, ReferenceData, appeal_rows, draft_appeal

DAY = timedelta(days=1)
TODAY = BASE_MOMENT.date()
LATELY = Filters(TODAY - 7 * DAY, TODAY + 2 * DAY)
NOON = datetime.combine(TODAY, time(12), UTC)
MONTH = Filters(TODAY - 28 * DAY, TODAY, "none")


def cell_oracle(oracle: Oracle, filters: Filters, topic: str, territory: str) -> Oracle:
    """The appeals of a cell; those of the chosen topic itself without those of the topics below it."""
    cell = oracle.filtered(replace(filters, topic=topic, territory=territory))
    if topic == filters.topic:
        topic_id = oracle.reference.ids["topic"][topic]
        return replace(cell, rows=[row for row in cell.rows if row["topic_id"] == topic_id])
    return cell


def counted(oracle: Oracle, filters: Filters, today: date) -> dict[str, tuple[int, int]]:
    """Bad cases and cases of each part; of volume, received twice."""
    end = min(filters.end, today)
    due, settled = oracle.due_rows(filters.start, end), oracle.settled_rows(filters.start, end)
    ratings = oracle.ratings(filters.start, filters.end)
    received = len(oracle.rows_within("received_at", filters.start, filters.end))
    return {
        "volume": (received, received),
        "late": (sum(not is_on_time(row) for row in due), len(due)),
        "returned": (sum(map(is_returned, settled)), len(settled)),
        "low_rated": (sum(rating <= 2 for rating in ratings), len(ratings)),
    }


def insert_drafts(url: str, world: ReferenceData, count: int) -> None:
    """Drawn appeals, in all territories; each re-opened one has a history of its first answer."""
    drafts: list[AppealRow] = []
    for seed in range(4 * count):
        draft = draft_appeal(seed)
        if not draft["reopened"] or draft["first_answered_at"]:
            drafts.append(draft)
    with psycopg.connect(url, autocommit=True) as other:
        apply_change(other, world, Change("insert", 0, tuple(drafts[:count]), ()))


@pytest.mark.parametrize(
    ("narrowed", "territories"),
    [
        ({}, {"KGD", "MOW", "SVE", "KAM", "NYC"}),
        ({"territory": "X"}, {"XW", "XE"}),
        ({"territory": "MOW"}, {"MOW-1", "MOW-2"}),
        # A single town: a column alone.
        ({"territory": "KAM"}, {"KAM-1"}),
        ({"topic": "roads"}, {"KGD", "MOW", "SVE", "KAM", "NYC"}),
        ({"topic": "housing", "organisation": "city"}, {"KGD", "MOW", "SVE", "KAM", "NYC"}),
    ],
)
@pytest.mark.parametrize("folded", [False, True])
def test_each_cell_is_what_python_counts(
    connection: Connection,
    url: str,
    world: ReferenceData,
    narrowed: dict[str, Any],
    territories: set[str],
    *,
    folded: bool,
) -> None:
    insert_drafts(url, world, 300)
    if folded:
        fold_cubes(url)
    filters = replace(LATELY, **narrowed)
    cells = matrix(filters).cells
    assert set(cells["territory_code"]) == territories
    oracle = Oracle(world, appeal_rows(connection), datetime.now(UTC)).filtered(replace(filters, territory=None))
    today = oracle.local_today(filters)
    rows: dict[tuple[str, str], dict[Any, Any]] = {
        (row["topic_code"], row["territory_code"]): row for row in cells.to_dict("records")
    }
    python_counts = {key: counted(cell_oracle(oracle, filters, *key), filters, today) for key in rows}
    assert sum(parts["volume"][0] for parts in python_counts.values()) > 0
    for key, parts in python_counts.items():
        of_topic = [other for (topic, _), other in python_counts.items() if topic == key[0]]
        of_territory = [other for (_, territory), other in python_counts.items() if territory == key[1]]
        totals = [
            sum(other["volume"][0] for other in group) for group in (of_topic, of_territory, [*python_counts.values()])
        ]
        assert rows[key]["received"] == parts["volume"][0]
        assert rows[key]["expected"] == pytest.approx(totals[0] * totals[1] / totals[2])
        for part in ("late", "returned", "low_rated"):
            bad, cases = (sum(other[part][n] for other in of_topic) for n in (0, 1))
            assert (rows[key][f"{part}_observed"], rows[key][f"{part}_cases"]) == parts[part], (key, part)
            expected = parts[part][1] * bad / cases if bad and parts[part][1] else nan
            shown = rows[key][f"{part}_expected"]
            assert shown == pytest.approx(expected, nan_ok=True)


def test_the_weeks_of_a_cell_end_with_the_period_and_are_expected_by_their_own_totals(connection: Connection) -> None:
    for days, region, topic in (
        (1, "XA", "roads"),
        (7, "XA", "roads"),
        (8, "XA", "roads"),
        (8, "XB", "heat"),
        (84, "XA", "roads"),
        (85, "XA", "roads"),
    ):
        factories.appeal(connection, region=region, topic=topic, received_at=NOON - days * DAY)
    trend = weekly_trend(MONTH, "roads", "XA")
    assert trend["day"].tolist() == [TODAY - 84 * DAY + 7 * n * DAY for n in range(12)]
    assert trend["received"].tolist() == [1, *[0] * 9, 1, 2]
    # Of two appeals in the last week but one, XA has one, and roads have one.
    assert trend["expected"].tolist() == [1, *[0] * 9, 0.5, 2]


def test_nobody_learns_of_other_territories_from_what_is_expected(connection: Connection) -> None:
    """Someone who may see two regions has the matrix of a database that holds these two alone."""
    appeals = {("XA", "roads"): 40, ("XA", "heat"): 10, ("XB", "roads"): 20, ("XB", "heat"): 30, ("XC", "roads"): 900}
    for (region, topic), count in appeals.items():
        for _ in range(count):
            factories.appeal(connection, region=region, topic=topic, received_at=NOON - DAY)
    facts = {"email": "m@example.org", "name": "M", "role": "manager", "territories": ["XA", "XB"]}
    people.save_person_as_owner(connection, None, facts)
    viewer = people.person_of_sign_in("https://sign-in.example", "m", "m@example.org")
    assert viewer
    with scope.acting_as(viewer.scope):
        cells = matrix(MONTH).cells.set_index(["topic_code", "territory_code"])
    assert set(cells.index.get_level_values(1)) == {"XA", "XB"}
    assert cells.loc[("roads", "XA"), "expected"] == pytest.approx(60 * 50 / 100)
    everybody = matrix(MONTH).cells.set_index(["topic_code", "territory_code"])
    assert everybody.loc[("roads", "XA"), "expected"] == pytest.approx(960 * 50 / 1000)


def test_appeals_without_a_place_are_said_apart(connection: Connection) -> None:
    for town in ("XA-1", "XA-2", None, None):
        factories.appeal(connection, municipality=town, received_at=NOON - DAY)
    factories.appeal(connection, region="XB", received_at=NOON - DAY)
    assert matrix(MONTH).unplaced == 0
    of_region = matrix(replace(MONTH, territory="XA"))
    assert (of_region.level, of_region.unplaced) == ("municipality", 2)
    assert of_region.cells["received"].sum() == 2


def test_below_a_municipality_there_is_nothing(connection: Connection) -> None:
    factories.appeal(connection, municipality="XA-1", received_at=NOON - DAY)
    result = matrix(replace(MONTH, territory="XA-1"))
    assert result.level is None
    assert result.cells.empty


@pytest.mark.usefixtures("connection")
def test_an_empty_database_has_no_cells() -> None:
    assert matrix(MONTH).cells.empty


def test_a_surge_marks_the_cells_that_it_lies_in(connection: Connection) -> None:
    factories.territory(connection, "XA-1", "municipality", "XA")
    yesterday = TODAY - DAY
    alarm(connection, yesterday, "XA-1", "roads.surface.pothole")
    alarm(connection, yesterday, "XB", "heat")
    alarm(connection, yesterday - 3 * DAY, "XC", "heat")
    alarm(connection, yesterday, "X", "waste")
    assert surge_cells(MONTH) == {("roads", "XA"), ("heat", "XB")}
    assert surge_cells(replace(MONTH, topic="roads", territory="XA")) == {("roads.surface", "XA-1")}
    marked = marked_cells(MONTH, with_decisions=True)
    assert set(marked.loc[marked["is_surging"], "territory_code"]) == {"XA", "XB"}


def test_a_decision_marks_the_cells_that_it_lies_in_until_the_problem_ends(connection: Connection) -> None:
    factories.territory(connection, "XA-1", "municipality", "XA")
    for status, territory, topic in (
        ("decided", "XA-1", "roads.surface.pothole"),
        ("in_progress", "XB", "heat"),
        ("checked", "XC", "heat"),
        ("confirmed", "XB", "waste"),
        ("closed", "XC", "waste"),
        ("decided", "X", "parks"),
    ):
        problem(connection, territory, topic, status=status)
    assert decided_cells(MONTH) == {("roads", "XA"), ("heat", "XB"), ("heat", "XC")}
    assert decided_cells(replace(MONTH, topic="roads", territory="XA")) == {("roads.surface", "XA-1")}
    with scope.acting_as(person_scope(connection, "manager", "XA")):
        assert decided_cells(replace(MONTH, territory="XA")) == {("roads", "XA-1")}
    marked = marked_cells(MONTH, with_decisions=True)
    assert set(marked.loc[marked["is_decided"], "territory_code"]) == {"XA", "XB", "XC"}
    assert not marked_cells(MONTH, with_decisions=False)["is_decided"].any()


def test_orders_and_similar_cells(connection: Connection) -> None:
    counts = {
        "Б": {"ель": 90, "ёж": 10, "жук": 10},
        "А": {"ель": 20, "ёж": 200, "жук": 20},
        "В": {"ель": 10, "ёж": 10, "жук": 10},
    }
    for region, topics in counts.items():
        factories.territory(connection, region)
        for topic, count in topics.items():
            for _ in range(count):
                factories.appeal(connection, region=region, topic=topic, received_at=NOON - DAY)
    result = matrix(MONTH)
    assert ordered_codes(result.cells, "territory", INDEX, "name") == ["А", "Б", "В"]
    # The letter ё counts as е and stands before ж.
    assert ordered_codes(result.cells, "topic", INDEX, "name") == ["ёж", "ель", "жук"]
    assert ordered_codes(result.cells, "territory", "volume", "worst")[0] == "Б"
    assert set(ordered_codes(result.cells, "topic", INDEX, "similar")) == {"ель", "ёж", "жук"}
    similar = similar_cells(result.cells, "ель", "Б")
    assert similar[["topic_code", "territory_code"]].to_numpy().tolist()[:2] == [["ель", "В"], ["ель", "А"]]
    assert set(similar["territory_code"][2:]) == {"Б"}
    reach = topic_reach(result).set_index("topic_code")
    assert reach.loc["ель", "territories"] == 1
    assert reach.loc["ель", "breadth"] == pytest.approx(1 / 3)
    assert set(dimension_members("topic", "en")["code"]) == {"ель", "ёж", "жук"}
