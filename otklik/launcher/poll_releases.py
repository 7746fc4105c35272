"""A job of the launcher: shows the figures of running polls in steps, each as of a moment at least ten votes ago.

Looking twice shows the answers of all who voted in between. So a state of the votes is shown only when at least ten
more have come after it, and each figure of a group only when ten more of it have. That way the last step is never too
small: what a closed poll shows differs from what it showed before by ten votes or more.
"""

from collections.abc import Mapping
from typing import NamedTuple

import psycopg
from sqlalchemy import Connection, text

from otklik.database.announcements import POLLS_ANNOUNCEMENT
from otklik.database.engine import database_engine
from otklik.launcher.poll_states import State, Tables, count_first, count_state
from otklik.small_numbers import MIN_PEOPLE
from queries.polls.counts import GROUPINGS, question_kinds
from queries.statistics.voting.figures import Count, Figure, hidden_figures

MAX_GROWTH = 1.5
"""A step that would hide what is shown waits, until there are so many times as many votes."""
RUNNING_SQL = "SELECT id FROM poll WHERE published_at <= now() AND opens_at <= now() AND closes_at > now()"
FRESH_SQL = "SELECT poll_id FROM poll_vote_fresh"
CHANGED_SQL = f"{RUNNING_SQL} AND id IN ({FRESH_SQL})"
LOCK_SQL = "SELECT pg_try_advisory_xact_lock(hashtext('otklik poll releases'), :poll)"
RELEASE_SQL = "SELECT counted_at, counted_ballots FROM poll_release WHERE poll_id = :poll"
FIGURES_SQL = """
    SELECT dimension, question_id, option_id, key, counted, shown, last_shown FROM poll_release_figure
    WHERE poll_id = :poll"""
WRITE_RELEASE_SQL = """
    INSERT INTO poll_release AS r (poll_id, territory_id, counted_at, counted_ballots, shown_at, shown_ballots)
    SELECT id, territory_id, clock_timestamp(), :ballots, :shown_at, :shown_ballots FROM poll WHERE id = :poll
    ON CONFLICT (poll_id) DO UPDATE SET counted_at = excluded.counted_at, counted_ballots = excluded.counted_ballots,
        shown_at = excluded.shown_at, shown_ballots = excluded.shown_ballots"""
WRITE_FIGURE_SQL = """
    INSERT INTO poll_release_figure
        (poll_id, territory_id, dimension, question_id, option_id, key, counted, shown, last_shown)
    SELECT id, territory_id, :dimension, :question, :option, :key, :counted, :shown, :last_shown
    FROM poll WHERE id = :poll"""


class Shown(NamedTuple):
    """What a figure shows, None where it is hidden, and what it showed last before."""

    people: int | None = None
    last: int = 0


class PollReleases:
    """The job: takes the next step of each running poll with new votes; of all running polls at the first call."""

    def __init__(self) -> None:
        """Nothing is counted before the first call."""
        self._has_seen_all = False

    def __call__(self, database_url: str) -> None:
        """Take the steps that are due. Runs before the cubes are folded, which forgets where new votes are."""
        with psycopg.connect(database_url, autocommit=True) as connection:
            statement = CHANGED_SQL if self._has_seen_all else RUNNING_SQL
            poll_ids = [poll_id for (poll_id,) in connection.execute(statement.encode())]
        if poll_ids:
            release_polls(database_url, poll_ids)
        self._has_seen_all = True


def release_polls(database_url: str, poll_ids: list[int]) -> None:
    """Take the next step of these running polls, of each in a transaction of its own.

    A poll whose step another launcher is taking is left to that one.
    """
    engine = database_engine(database_url)
    try:
        for poll_id in poll_ids:
            # One snapshot: a vote is in the tables of all dimensions, or in none.
            with (
                engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
                connection.begin(),
            ):
                if connection.scalar(text(LOCK_SQL), {"poll": poll_id}):
                    _take_step(connection, poll_id)
    finally:
        engine.dispose()


def _take_step(connection: Connection, poll_id: int) -> None:
    kinds = question_kinds(connection, poll_id)
    now = count_state(connection, poll_id, kinds)
    if now.ballots < MIN_PEOPLE:
        return
    release = connection.execute(text(RELEASE_SQL), {"poll": poll_id}).first()
    shown: dict[str, dict[Figure, Shown]] = {dimension: {} for dimension in GROUPINGS}
    counted: Tables = {dimension: {} for dimension in GROUPINGS}
    for row in connection.execute(text(FIGURES_SQL), {"poll": poll_id}):
        figure = Figure(row.question_id, row.option_id, row.key)
        counted[row.dimension][figure] = row.counted
        shown[row.dimension][figure] = Shown(row.shown, row.last_shown)
    if release:
        state = State(release.counted_at, release.counted_ballots, counted)
    elif now.ballots >= 2 * MIN_PEOPLE:
        # Such as an imported one: of its first two thirds.
        state = count_first(connection, poll_id, kinds, min(2 * now.ballots // 3, now.ballots - MIN_PEOPLE))
    else:
        _write(connection, poll_id, now, None, shown)
        return
    if now.ballots - state.ballots < MIN_PEOPLE:
        return
    published = {dimension: publish(state, now, dimension, shown[dimension], kinds) for dimension in GROUPINGS}
    if is_due(state, now, shown, published):
        _write(connection, poll_id, now, state, published)
        connection.execute(text("SELECT pg_notify('otklik_announcements', :name)"), {"name": POLLS_ANNOUNCEMENT})


def is_due(
    state: State,
    now: State,
    shown: Mapping[str, Mapping[Figure, Shown]],
    published: Mapping[str, Mapping[Figure, Shown]],
) -> bool:
    """Whether a step is taken now: it hides nothing that is shown, or has waited until there are many more votes."""
    hides_more = any(
        figure_shown.people is None and shown[dimension].get(figure, Shown()).people is not None
        for dimension, figures in published.items()
        for figure, figure_shown in figures.items()
    )
    return not hides_more or now.ballots >= MAX_GROWTH * state.ballots


def publish(
    state: State, now: State, dimension: str, shown: Mapping[Figure, Shown], kinds: Mapping[int, str]
) -> dict[Figure, Shown]:
    """What is shown of a state by a dimension, where the votes have gone on to `now` and `shown` was shown before."""
    people, later = state.tables[dimension], now.tables[dimension]
    figures = {
        figure: Count(
            people.get(figure, 0), shown.get(figure, Shown()).last, later.get(figure, 0) - people.get(figure, 0)
        )
        for figure in {*people, *later}
    }
    hidden = set() if dimension == "all" else hidden_figures(figures, kinds, MIN_PEOPLE)
    return {
        figure: Shown(None, count.last_shown) if figure in hidden else Shown(count.people, count.people)
        for figure, count in figures.items()
    }


def _write(
    connection: Connection,
    poll_id: int,
    now: State,
    state: State | None,
    published: Mapping[str, Mapping[Figure, Shown]],
) -> None:
    """Write what is shown, of `state`, and `now` as what is shown next."""
    shown_at, shown_ballots = (state.at, state.ballots) if state else (None, None)
    values = {"poll": poll_id, "ballots": now.ballots, "shown_at": shown_at, "shown_ballots": shown_ballots}
    connection.execute(text(WRITE_RELEASE_SQL), values)
    connection.execute(text("DELETE FROM poll_release_figure WHERE poll_id = :poll"), {"poll": poll_id})
    rows = [
        {
            "poll": poll_id,
            "dimension": dimension,
            "counted": now.tables[dimension].get(figure, 0),
            "question": figure.question_id,
            "option": figure.option_id,
            "key": figure.key,
            "shown": figure_shown.people,
            "last_shown": figure_shown.last,
        }
        for dimension in GROUPINGS
        for figure, figure_shown in {**dict.fromkeys(now.tables[dimension], Shown()), **published[dimension]}.items()
    ]
    connection.execute(text(WRITE_FIGURE_SQL), rows)
