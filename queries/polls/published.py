"""What is published of a poll: the one source of its figures for screens, exports and reports.

While a poll runs, its figures are shown in steps (`otklik.launcher.poll_releases`), so that nobody learns how somebody
voted by looking twice. Once it is closed, they are those of all votes. The number of votes itself is always the last.
"""

import pandas as pd
from sqlalchemy import text

from otklik.database.announcements import POLLS_ANNOUNCEMENT
from otklik.database.transactions import read_transaction
from otklik.small_numbers import MIN_PEOPLE
from queries.cache.live import live_with
from queries.polls.counts import count_figures, question_kinds
from queries.statistics.voting.figures import Count, Figure, hidden_figures

IS_CLOSED_SQL = "SELECT closes_at <= now() FROM poll WHERE id = :poll"
SHOWN_SQL = """
    SELECT question_id, option_id, key, shown, last_shown FROM poll_release_figure
    WHERE poll_id = :poll AND dimension = :dimension"""
COLUMNS = ["question_id", "option_id", "key", "ballots"]


@live_with(POLLS_ANNOUNCEMENT)
def published_figures(poll_id: int, dimension: str) -> pd.DataFrame:
    """One row a figure (`queries.statistics.voting.figures.Figure`): question_id, option_id, key, ballots.

    `dimension`: of `queries.polls.counts.GROUPINGS`; of `all`, none is hidden. Hidden ballots are missing. Empty before
    anything is shown.
    """
    with read_transaction() as connection:
        values = {"poll": poll_id, "dimension": dimension}
        shown = {Figure(*row[:3]): row[3:] for row in connection.execute(text(SHOWN_SQL), values)}
        if not connection.scalar(text(IS_CLOSED_SQL), values):
            is_shown = dimension != "all" or any(people is not None for people, _last in shown.values())
            return _rows({figure: people for figure, (people, _last) in shown.items()} if is_shown else {})
        kinds = question_kinds(connection, poll_id)
        people = count_figures(connection, poll_id, dimension, kinds)
    if dimension == "all":
        total = people.get(Figure(0, 0, 0), 0)
        return _rows(dict(people) if total >= MIN_PEOPLE else {})
    figures = {figure: Count(n, shown.get(figure, (None, 0))[1]) for figure, n in people.items()}
    hidden = hidden_figures(figures, kinds, MIN_PEOPLE)
    return _rows({figure: None if figure in hidden else n for figure, n in people.items()})


def _rows(people: dict[Figure, int | None]) -> pd.DataFrame:
    ballots = pd.array(list(people.values()), dtype="Int64")
    return pd.DataFrame(list(people), columns=COLUMNS[:3]).assign(ballots=ballots)
