"""The panels of the pages of polls, and how long each takes."""

from collections.abc import Callable, Iterator, Sequence

import psycopg
import streamlit as st

from otklik.benchmark.panels import Panel, panel_statements, recent_filters
from otklik.benchmark.timing import MILLISECONDS, Times, elapsed_ms, time_statements
from otklik.errors import QueryTimeout
from otklik.progress import ProgressCallback
from queries.filters import Filters
from queries.polls.board import board
from queries.polls.counts import DIMENSIONS
from queries.polls.details import Poll, poll_by_number, questions
from queries.polls.representativeness import population_shares, weighting
from queries.polls.results import breakdown, results, votes_by_day
from queries.polls.suspicious import SEARCH_SECONDS, suspicion

SHOWN_POLLS = ("country-0", "country-1", "region-1", "small-1")
"""Of otklik.benchmark.polls.dataset: a running poll of the country, and closed ones."""
LANGUAGE = "en"
LIST_DAYS = 90
REPETITIONS = 40
MIB = 1 << 20
PERSON_SQL = "SELECT id FROM person WHERE subject = 'administrator'"
SIZES_SQL = """
    SELECT
        (SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relname = ANY ('{poll_ballot,poll_answer}')),
        (SELECT sum(pg_total_relation_size(oid)) FROM pg_class
            WHERE relkind = 'r' AND relname ~ '^poll_.*_(folded|fresh)$')"""


def poll_tables(url: str, votes: int, progress: ProgressCallback) -> Iterator[str]:
    """The lines of the tables: milliseconds of all statements of each panel, as a viewer, median and 95th percentile.

    `url`: of a database by otklik.benchmark.polls.dataset, which this process's engine uses.
    """
    with psycopg.connect(url) as connection:
        (person_id,) = connection.execute(PERSON_SQL).fetchone() or (None,)
        sizes = connection.execute(SIZES_SQL).fetchone() or (0, 0)
    list_times = _time(url, Panel("polls", "List", board, ()), person_id)
    polls = [poll for number in SHOWN_POLLS if (poll := poll_by_number(number, LANGUAGE))]
    yield f"| {votes:,} votes | " + " | ".join(_title(poll) for poll in polls) + " |"
    yield "|---|" + "---:|" * len(polls)
    yield f"| list | {list_times} |" + " |" * (len(polls) - 1)
    panels = [poll_panels(poll) for poll in polls]
    for number, of_polls in enumerate(zip(*panels, strict=True)):
        name = of_polls[0].name
        progress(name, number, len(panels[0]))
        yield f"| {name} | " + " | ".join(_time(url, panel, person_id) for panel in of_polls) + " |"
    # In the background, once in ten minutes.
    searches = [_search_seconds(poll) for poll in polls]
    yield "| search for suspicious votes, seconds | " + " | ".join(searches) + " |"
    yield ""
    yield f"Ballots and answers with their indexes: {sizes[0] / MIB:,.0f} MiB; cubes: {sizes[1] / MIB:,.0f} MiB."


def poll_panels(poll: Poll) -> Sequence[Panel]:
    """The panels of the page of one poll, in its order, but for suspicious votes."""

    def who_voted(dimension: str) -> Callable[[Filters], object]:
        return lambda _filters: (
            questions(poll.id),
            breakdown(poll.id, dimension, LANGUAGE),
            population_shares(poll.id, dimension),
        )

    return [
        Panel("poll", "head and turnout", lambda _: poll_by_number(poll.number, LANGUAGE), ()),
        Panel("poll", "votes by day", lambda _: votes_by_day(poll.id), ()),
        Panel("poll", "results", lambda _: results(poll.id), ()),
        *(Panel("poll", f"voters and results by {name}", who_voted(name), ()) for name in DIMENSIONS),
        Panel("poll", "whom it stands for", lambda _: weighting(poll.id, poll.status, LANGUAGE), ()),
    ]


def _time(url: str, panel: Panel, person_id: int | None) -> str:
    """The median and the 95th percentile, in milliseconds."""
    try:
        times = time_statements(url, panel_statements(panel, recent_filters(None, LIST_DAYS)), REPETITIONS, person_id)
    except psycopg.errors.QueryCanceled:
        return "> 5,000"
    return _format(times)


def _search_seconds(poll: Poll) -> str:
    """How long the votes of a poll are read and searched."""
    st.cache_data.clear()
    try:
        return f"{elapsed_ms(lambda: suspicion(poll.id, poll.status, LANGUAGE)) / MILLISECONDS:,.1f}"
    except QueryTimeout:
        return f"> {SEARCH_SECONDS}"


def _title(poll: Poll) -> str:
    return f"{poll.number.partition('-')[0]}, {poll.status}, {poll.ballots:,}"


def _format(times: Times) -> str:
    return f"{times.median:.1f} / {times.p95:.1f}"
