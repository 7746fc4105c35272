"""Folding, verifying and rebuilding the cubes."""

from datetime import timedelta

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Connection, text

from otklik.database.cubes.rollups import (
    AGE_CUBES,
    CUBE_NAMES,
    FOLDED_CUBES,
    FRESH_TABLES,
    cube_differences,
    fold_cubes,
    rebuild_cubes,
)
from otklik.database.functions.votes import Answer
from tests.support import factories
from tests.support.figures.cube_checks import assert_cubes_match, unfolded_fact_count
from tests.support.figures.reference_data import BASE_MOMENT
from tests.support.participation.discussions import comment, discussion, react
from tests.support.participation.polls import poll, question, vote


def some_rows(connection: Connection) -> None:
    """An open appeal and a closed one of a town, a vote, and a comment with a reaction: a cell of every cube."""
    factories.appeal(
        connection, received_at=BASE_MOMENT, deadline_at=BASE_MOMENT + timedelta(days=8), municipality="XA-1"
    )
    factories.appeal(connection, received_at=BASE_MOMENT, closed_at=BASE_MOMENT + timedelta(minutes=3), rating=4)
    poll_id = poll(connection)
    single = question(connection, poll_id, "single", "Yes")
    vote(connection, poll_id, "anna", [Answer(single.id, single.options[0])])
    react(connection, comment(connection, discussion(connection)), "boris")


@pytest.mark.parametrize("cube", CUBE_NAMES)
def test_a_planted_difference_is_found(connection: Connection, url: str, cube: str) -> None:
    some_rows(connection)
    fold_cubes(url)
    place = factories.territory(connection, "XA-1" if cube == "cube_town" else "XA")
    # Closed after three minutes: in the 28th bucket of 5 %.
    counting = {
        "cube_answer": "appeals_28",
        "cube_hour": "appeals",
        "cube_course": "closed_0",
        "cube_doubt": "placeless",
        "cube_town": "received",
        "poll_group_votes": "age_0_sex_0",
        "discussion_reactions": "agrees",
    }
    counting_by_kind = {
        "open": "appeals",
        "cube": "closed",
        "age": "resolved_0",
        "poll": "ballots",
        "discussion": "comments",
    }
    measure = counting.get(cube, counting_by_kind[cube.partition("_")[0]])
    planted = sql.SQL(
        "UPDATE {} SET {measure} = {measure} + 7 WHERE territory_id = {place} AND {measure} IS NOT NULL"
    ).format(
        sql.Identifier(f"{AGE_CUBES.get(cube, cube)}_folded"), measure=sql.Identifier(measure), place=sql.Literal(place)
    )
    with psycopg.connect(url) as other:
        changed = other.execute(planted).rowcount
    differences = list(cube_differences(url))
    assert changed > 0
    assert [(name, cell["territory_id"], cell[measure]) for name, cell in differences] == [(cube, place, 7)] * changed
    rebuild_cubes(url)
    assert_cubes_match(url)


@pytest.mark.parametrize("table", [*FRESH_TABLES, *(f"{cube}_folded" for cube in FOLDED_CUBES)])
def test_a_lost_row_is_found(connection: Connection, url: str, table: str) -> None:
    some_rows(connection)
    if table not in FRESH_TABLES:
        fold_cubes(url)
    connection.execute(text(f"DELETE FROM {table} WHERE ctid = (SELECT min(ctid) FROM {table})"))
    assert len(list(cube_differences(url))) > 0
    rebuild_cubes(url)
    assert_cubes_match(url)


def test_an_open_appeal_without_a_deadline_can_differ_too(connection: Connection, url: str) -> None:
    factories.appeal(connection, received_at=BASE_MOMENT)
    connection.execute(text("DELETE FROM open_fact_fresh"))
    assert {cell["deadline_day"] for cube, cell in cube_differences(url) if cube == "open_place"} == {"infinity"}


def test_a_cell_whose_appeals_left_is_gone_after_a_fold(connection: Connection, url: str) -> None:
    factories.appeal(connection)
    fold_cubes(url)
    connection.execute(text("DELETE FROM appeal"))
    fold_cubes(url)
    assert connection.scalar(text("SELECT count(*) FROM open_place_folded")) == 0
    assert connection.scalar(text("SELECT sum(received) FROM cube_place")) == 0
    assert_cubes_match(url)


def test_a_fold_in_small_parts_says_when_there_is_more(connection: Connection, url: str) -> None:
    for _ in range(3):
        factories.appeal(connection)
    assert [connection.scalar(text("SELECT fold_cubes(2)")) for _ in range(3)] == [True, False, False]
    assert_cubes_match(url)


def test_a_fold_leaves_another_alone(connection: Connection, url: str) -> None:
    factories.appeal(connection)
    with psycopg.connect(url) as other:
        other.execute("SELECT fold_cubes(), fold_traces(), fold_ages(), fold_polls(), fold_discussions()")
        fold_cubes(url)
        assert unfolded_fact_count(url) > 0
    assert unfolded_fact_count(url) == 0


def test_a_rebuild_reports_its_progress(connection: Connection, url: str) -> None:
    factories.appeal(connection)
    reports: list[tuple[str, int, int]] = []
    rebuild_cubes(url, lambda *step: reports.append(step))
    assert [completed for _, completed, _ in reports] == list(range(len(FOLDED_CUBES) + 1))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE territory SET timezone = 'Asia/Tokyo' WHERE code = 'XA'",
        "UPDATE territory SET parent_id = NULL, level = 'country' WHERE code = 'XA'",
        "UPDATE outcome SET resolved = true WHERE code = 'refused'",
    ],
)
def test_what_appeals_are_counted_by_stays(connection: Connection, change: str) -> None:
    factories.appeal(connection)
    with pytest.raises(Exception, match="appeals are counted by"):
        connection.execute(text(change))
