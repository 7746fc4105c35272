"""The cubes of discussions are what comments and reactions add up to, whoever writes, changes and removes at once."""

from concurrent.futures import Future, ThreadPoolExecutor
from random import Random

import pytest
from sqlalchemy import Connection, text

from otklik.database.cubes.rollups import cube_differences, fold_cubes, rebuild_cubes
from otklik.database.engine import database_engine
from otklik.database.functions.comments import COMMENT_STATES, REACTIONS
from tests.support.figures.cube_checks import assert_cubes_match
from tests.support.participation.discussions import comment, discussion, react

pytestmark = pytest.mark.slow

WRITERS, PEOPLE, STEPS = 8, 20, 20


def write(url: str, discussions: list[int], comments: list[int], random: Random) -> None:
    """Comment, react, change and take back, moderate and answer; a fifth of it is rolled back."""
    engine = database_engine(url)
    with engine.connect() as connection:
        for _ in range(STEPS):
            name = random.randrange(PEOPLE)
            if random.random() < 0.3:
                state = random.choice(COMMENT_STATES)
                comment(connection, random.choice(discussions), name, state=state)
            else:
                react(connection, random.choice(comments), name, random.choice((*REACTIONS, None)))
            if random.random() < 0.2:
                connection.rollback()
            else:
                connection.commit()
    engine.dispose()


def keep(url: str, writers: "list[Future[None]]") -> None:
    """Fold and rebuild while anybody writes, and find no difference meanwhile."""
    while not all(writer.done() for writer in writers):
        fold_cubes(url)
        assert list(cube_differences(url)) == []
        rebuild_cubes(url)


def test_eight_writers_lose_nothing(connection: Connection, url: str) -> None:
    discussions = [discussion(connection, number=f"D-{number}") for number in range(2)]
    comments = [comment(connection, discussion_id, number) for discussion_id in discussions for number in range(4)]
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        writers = [
            pool.submit(write, url, discussions, comments, Random(which))  # noqa: S311 -- what to do
            for which in range(WRITERS)
        ]
        keeper = pool.submit(keep, url, writers)
        for writer in writers:
            writer.result()
        keeper.result()
    assert_cubes_match(url)
    for column, table in (("reactions", "comment_reaction"), ("participants", "discussion_participant")):
        shown = connection.scalar(text(f"SELECT sum({column}) FROM discussion_activity"))
        assert shown == connection.scalar(text(f"SELECT count(*) FROM {table}")) > 0
    states = connection.execute(text("SELECT state, count(*) AS n FROM discussion_comment GROUP BY 1"))
    sums = ", ".join(f"sum({state}) AS {state}" for state in COMMENT_STATES)
    cells = connection.execute(text(f"SELECT {sums} FROM discussion_activity")).mappings().one()
    assert {row.state: row.n for row in states} == dict(cells)
    agrees = connection.scalar(text("SELECT sum(agrees) FROM discussion_reactions"))
    assert agrees == connection.scalar(text("SELECT count(*) FROM comment_reaction WHERE reaction = 'agree'"))


def test_statements_of_many_rows_count_each(connection: Connection, url: str) -> None:
    discussion_id = discussion(connection)
    comments = [comment(connection, discussion_id, number, due=None) for number in range(4)]
    for comment_id in comments:
        for name in ("anna", "boris"):
            react(connection, comment_id, name)
    fold_cubes(url)
    connection.execute(
        text("UPDATE discussion_comment SET answer_due = current_date WHERE id > :id"), {"id": comments[1]}
    )
    assert connection.scalar(text("SELECT sum(unanswered) FROM discussion_activity")) == 2
    connection.execute(text("DELETE FROM comment_reaction WHERE comment_id > :id"), {"id": comments[1]})
    connection.execute(text("DELETE FROM discussion_comment WHERE id > :id"), {"id": comments[1]})
    assert_cubes_match(url)
    assert connection.scalar(text("SELECT sum(comments) FROM discussion_activity")) == 2
    for table in ("comment_reaction", "discussion_comment", "discussion_participant"):
        connection.execute(text(f"TRUNCATE {table} CASCADE"))
        assert_cubes_match(url)
    with pytest.raises(Exception, match="stays in its territory"):
        connection.execute(text("UPDATE discussion SET territory_id = territory_id + 1"))
