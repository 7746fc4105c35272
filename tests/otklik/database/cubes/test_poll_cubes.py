"""The cubes of polls are what ballots and answers add up to, whoever writes, changes and withdraws at once."""

from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from random import Random

import psycopg
import pytest
from sqlalchemy import Connection, text

from otklik.database.cubes.rollups import cube_differences, fold_cubes, rebuild_cubes
from otklik.database.engine import database_engine
from otklik.database.functions.votes import AGE_BANDS, Answer, Voter, cast_vote, withdraw_vote
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
    """From rows of ballots and answers, in Python: cells of the turnout, and of each option."""
    ballots = {row.id: row for row in connection.execute(text("SELECT * FROM poll_ballot"))}
    cells: Counter[tuple[object, ...]] = Counter()
    for row in ballots.values():
        if row.withdrawn_at is None:
            cells["turnout", *_cell(row)] += 1
    for answer in connection.execute(text("SELECT ballot_id, question_id, option_id FROM poll_answer")):
        cells[answer.question_id, answer.option_id, *_cell(ballots[answer.ballot_id])] += 1
    return cells


def _cell(row: object) -> tuple[object, ...]:
    poll_id, cast_at, municipality = (getattr(row, name) for name in ("poll_id", "cast_at", "municipality_id"))
    keys = (getattr(row, name) for name in ("channel_id", "age_band", "sex"))
    return poll_id, cast_at.date(), municipality or 0, *keys


def shown(connection: Connection) -> Counter[tuple[object, ...]]:
    keys = "poll_id, day, municipality_id, channel_id, age_band, sex, ballots"
    cells: Counter[tuple[object, ...]] = Counter()
    for *cell, ballots in connection.execute(text(f"SELECT {keys} FROM poll_turnout WHERE ballots <> 0")):
        cells["turnout", *cell] = ballots
    counts = text(f"SELECT question_id, option_id, {keys} FROM poll_count WHERE ballots <> 0")
    for *cell, ballots in connection.execute(counts):
        cells[tuple(cell)] = ballots
    return cells


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
    assert connection.scalar(text("SELECT sum(ballots) FROM poll_count")) == 1
    connection.execute(text("TRUNCATE poll_answer"))
    assert_cubes_match(url)
    connection.execute(text("TRUNCATE poll_ballot CASCADE"))
    assert_cubes_match(url)


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
