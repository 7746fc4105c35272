"""The cubes of polls are what ballots and answers add up to, whoever writes, changes and withdraws at once."""

from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from random import Random
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Row, text

from otklik.database.cubes.cube_tables import VOTER_GROUPS
from otklik.database.cubes.rollups import cube_differences, fold_cubes, rebuild_cubes
from otklik.database.engine import database_engine
from otklik.database.functions.votes import AGE_BANDS, ELSEWHERE, UNKNOWN, Answer, Voter, cast_vote, withdraw_vote
from tests.support import factories
from tests.support.figures.cube_checks import assert_cubes_match
from tests.support.participation.polls import Question, poll, question, vote, voter_id

pytestmark = pytest.mark.slow

WRITERS = 8
VOTERS = 30
STEPS = 25
ABORTED = 0.2


@pytest.fixture
def questions(connection: Connection) -> dict[int, list[Question]]:
    """Two polls with a question of each kind but text; XA-1 and XA-2 are towns."""
    for town in ("XA-1", "XA-2"):
        factories.territory(connection, town, "municipality")
    return {
        (poll_id := poll(connection, number=f"P-{number}")): [
            question(connection, poll_id, "single", "Yes", "No"),
            question(connection, poll_id, "multiple", "Trees", "Benches", "Lamps"),
            question(connection, poll_id, "scale", "1", "2", "3"),
        ]
        for number in range(2)
    }


def write(url: str, questions: dict[int, list[Question]], towns: list[int], random: Random) -> int:
    """Cast, change and withdraw votes of the same few people, some rolled back; returns how many were committed."""
    committed = 0
    ballots = [(poll_id, number) for poll_id in questions for number in range(VOTERS)] * 2
    engine = database_engine(url)
    with engine.connect() as connection:
        for _ in range(STEPS):
            # In one order: else two writers might wait for each other's ballots.
            for poll_id, voter_number in sorted(random.sample(ballots, random.randint(1, 3))):
                name = voter_id(voter_number)
                if random.random() < 0.25:
                    withdraw_vote(connection, poll_id, name)
                    continue
                single, multiple, scale = questions[poll_id]
                chosen = random.sample(multiple.options, random.randint(0, 3))
                answers = [Answer(multiple.id, option) for option in chosen]
                answers += [Answer(asked.id, random.choice(asked.options)) for asked in (single, scale)]
                voter = Voter(
                    random.choice(("portal", "app")),
                    random.choice((None, *towns)),
                    random.choice((0, *AGE_BANDS)),
                    random.choice((0, 1, 2)),
                )
                cast_vote(connection, poll_id, name, voter, answers)
            if random.random() < ABORTED:
                connection.rollback()
            else:
                connection.commit()
                committed += 1
    engine.dispose()
    return committed


def keep(url: str, writers: "list[Future[int]]") -> None:
    """Fold and rebuild while anybody writes, and find no difference meanwhile."""
    while not all(writer.done() for writer in writers):
        fold_cubes(url)
        assert list(cube_differences(url)) == []
        rebuild_cubes(url)


@pytest.mark.parametrize("seed", range(3))
def test_eight_writers_lose_nothing(
    connection: Connection, url: str, questions: dict[int, list[Question]], seed: int
) -> None:
    towns = [factories.territory(connection, town) for town in ("XA-1", "XA-2")]
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        writers = [
            pool.submit(write, url, questions, towns, Random(seed * WRITERS + which))  # noqa: S311 -- what to do
            for which in range(WRITERS)
        ]
        keeper = pool.submit(keep, url, writers)
        assert sum(writer.result() for writer in writers) > WRITERS
        keeper.result()
    assert_cubes_match(url)
    assert recomputed(connection) == shown(connection)
    assert connection.scalar(text("SELECT EXISTS (SELECT FROM poll_ballot WHERE withdrawn_at IS NOT NULL)"))


def recomputed(connection: Connection) -> Counter[tuple[object, ...]]:
    """From rows of ballots and answers, in Python: ballots by day, and votes by channel, and by town, age and sex."""
    ballots = {row.id: row for row in connection.execute(text("SELECT * FROM poll_ballot"))}
    cells: Counter[tuple[object, ...]] = Counter()
    for row in ballots.values():
        if row.withdrawn_at is None:
            cells["day", row.poll_id, row.cast_at.date()] += 1
            cells.update(_cells(row, (0, 0)))
    for answer in connection.execute(text("SELECT ballot_id, question_id, option_id FROM poll_answer")):
        cells.update(_cells(ballots[answer.ballot_id], (answer.question_id, answer.option_id)))
    return cells


def _cells(ballot: Row[Any], choice: tuple[int, int]) -> list[tuple[object, ...]]:
    group = (ballot.municipality_id or 0, ballot.age_band, ballot.sex)
    return [(ballot.poll_id, *choice, "channel", ballot.channel_id), (ballot.poll_id, *choice, "group", *group)]


def shown(connection: Connection) -> Counter[tuple[object, ...]]:
    cells: Counter[tuple[object, ...]] = Counter()
    for row in connection.execute(text("SELECT * FROM poll_turnout")):
        cells["day", row.poll_id, row.day] = row.ballots
    for row in connection.execute(text("SELECT * FROM poll_channel_votes")):
        cells[row.poll_id, row.question_id, row.option_id, "channel", row.channel_id] = row.ballots
    for row in connection.execute(text("SELECT * FROM poll_group_votes")):
        for column, group in VOTER_GROUPS.items():
            cell = row.poll_id, row.question_id, row.option_id, "group", row.part_id, *group
            cells[cell] = getattr(row, column) or 0
    return +cells


def test_statements_of_many_rows_count_each(connection: Connection, url: str) -> None:
    poll_id = poll(connection)
    single = question(connection, poll_id, "single", "Yes")
    for name in range(5):
        vote(connection, poll_id, name, [Answer(single.id, single.options[0])])
    fold_cubes(url)
    connection.execute(text("DELETE FROM poll_answer WHERE ballot_id <= 4"))
    connection.execute(text("UPDATE poll_ballot SET withdrawn_at = now() WHERE id <= 3"))
    connection.execute(text("DELETE FROM poll_ballot WHERE id <= 2"))
    assert_cubes_match(url)
    assert connection.scalar(text("SELECT sum(ballots) FROM poll_turnout")) == 2
    answers = "SELECT sum(ballots) FROM poll_channel_votes WHERE option_id <> 0"
    assert connection.scalar(text(answers)) == 1
    connection.execute(text("TRUNCATE poll_answer"))
    assert_cubes_match(url)
    connection.execute(text("TRUNCATE poll_ballot CASCADE"))
    assert_cubes_match(url)


def test_votes_stay_in_their_part_when_a_territory_gets_parts_of_its_own(connection: Connection, url: str) -> None:
    region = factories.territory(connection, "XA")
    poll_id = poll(connection)
    factories.territory(connection, "XB")
    abroad = factories.territory(connection, "XB-1", "municipality", "XB")
    for name, municipality in (("anna", region), ("boris", abroad), ("vera", None)):
        vote(connection, poll_id, name, municipality_id=municipality)
    town = factories.territory(connection, "XA-1", "municipality")
    vote(connection, poll_id, "gleb", municipality_id=town)
    assert_cubes_match(url)
    parts = "SELECT part_id, age_0_sex_0 FROM poll_group_votes WHERE age_0_sex_0 <> 0 ORDER BY part_id"
    expected = [(ELSEWHERE, 1), (UNKNOWN, 1), (region, 1), (town, 1)]
    assert connection.execute(text(parts)).all() == expected
    withdraw_vote(connection, poll_id, voter_id("anna"))
    assert_cubes_match(url)
    assert connection.execute(text(parts)).all() == [cell for cell in expected if cell[0] != region]


def test_an_answer_does_not_go_with_its_ballot_in_one_statement(connection: Connection, url: str) -> None:
    poll_id = poll(connection)
    single = question(connection, poll_id, "single", "Yes")
    vote(connection, poll_id, "anna", [Answer(single.id, single.options[0])])
    both = "WITH gone AS (DELETE FROM poll_answer RETURNING ballot_id) DELETE FROM poll_ballot WHERE id IN (TABLE gone)"
    with pytest.raises(Exception, match="null value in column"):
        connection.execute(text(both))
    assert_cubes_match(url)


def test_writers_of_the_same_cells_never_wait_for_each_other(connection: Connection, url: str) -> None:
    poll_id = poll(connection)
    call = "SELECT cast_vote(%s, sha256(%s::bytea), 'portal', NULL, 0, 0, '[]')"
    with (
        psycopg.connect(url, options="-c lock_timeout=5s") as first,
        psycopg.connect(url, options="-c lock_timeout=5s") as second,
    ):
        for number, writer in enumerate((first, second, first)):
            writer.execute(call, (poll_id, str(number)))
        first.commit()
        second.rollback()
    assert connection.scalar(text("SELECT sum(ballots) FROM poll_turnout")) == 2
    assert_cubes_match(url)
