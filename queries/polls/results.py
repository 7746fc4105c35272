"""The results of a poll: votes by day and by question, and both by groups of voters; small groups are hidden.

Shares are of all ballots, of a multiple choice too; intervals are Wilson's. All but the days are as of the state that
is published (`queries.polls.published`).
"""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from otklik.database.announcements import POLLS_ANNOUNCEMENT
from otklik.small_numbers import wilson_interval
from queries.cache.live import live_with
from queries.core.reference import dimension_members
from queries.polls.counts import votes_of_days
from queries.polls.details import questions
from queries.polls.published import published_figures
from queries.statistics.voting.figures import ANY, NO_ANSWER, TURNOUT
from queries.statistics.voting.rounding import rounded_options

RESULT_COLUMNS = ["question_id", "option_id", "option", "ballots", "share", "low", "high"]
CELL_COLUMNS = ["question_id", "option_id", "key", "ballots", "share", "low", "high"]


class Breakdown(NamedTuple):
    """Who voted, and how, by one property of the voters; hidden figures are missing.

    `groups`: key (territory or channel id, age band, sex), name (of a territory or channel), ballots, share of all. By
    their keys in ascending order, territories and channels by their names, those unknown or from elsewhere last.
    `cells`: question_id, option_id, key, ballots, share of the group, low and high (its interval).
    """

    groups: pd.DataFrame
    cells: pd.DataFrame


@live_with(POLLS_ANNOUNCEMENT)
def votes_by_day(poll_id: int) -> pd.DataFrame:
    """One row a local day with votes, in order: day, ballots. It says that people voted, not who or how."""
    return votes_of_days(poll_id)


@live_with(POLLS_ANNOUNCEMENT)
def results(poll_id: int) -> pd.DataFrame:
    """One row an option in the order of the poll: question_id, option_id, option, ballots, share, low, high.

    Those who left out a question with one answer are its last row, without an option, if there are any. An open
    question has one row, of those who answered it. Empty while nothing is published.
    """
    people = _people(published_figures(poll_id, "all"))
    if not people:
        return pd.DataFrame(columns=RESULT_COLUMNS)
    total = people[TURNOUT, ANY, 0]
    rows: list[dict[str, object]] = []
    for _number, asked in questions(poll_id).groupby("question_id", sort=False):
        question_id = int(asked["question_id"].iloc[0])
        options = [(0 if option_id is None else option_id, option) for option_id, option in _options(asked)]
        if people.get((question_id, NO_ANSWER, 0)) and asked["kind"].iloc[0] in ("single", "scale"):
            options.append((NO_ANSWER, None))
        rows += [
            {"question_id": question_id, "option_id": option_id, "option": option, **_share(ballots, total)}
            for option_id, option in options
            for ballots in [people.get((question_id, option_id, 0), 0)]
        ]
    return pd.DataFrame(rows)


@live_with(POLLS_ANNOUNCEMENT)
def breakdown(poll_id: int, dimension: str, language: str) -> Breakdown:
    """Who voted and how, by a dimension of `queries.polls.counts.DIMENSIONS`."""
    figures = published_figures(poll_id, dimension)
    people = _people(figures)
    names = dimension_members(dimension, language)["name"] if dimension in ("territory", "channel") else None
    keys = sorted(
        (int(key) for key in figures.loc[figures["question_id"] == TURNOUT, "key"]),
        key=lambda key: (key <= 0, _order(key, names), abs(key)),
    )
    groups = pd.DataFrame(
        {
            "key": keys,
            "name": [None if names is None or key <= 0 else str(names[key]) for key in keys],
            "ballots": pd.array([people[TURNOUT, ANY, key] for key in keys], dtype="Int64"),
        }
    )
    total = _people(published_figures(poll_id, "all")).get((TURNOUT, ANY, 0)) or 1
    groups["share"] = groups["ballots"].astype("Float64") / total
    answered = set(figures["question_id"])
    cells = [
        {"question_id": question_id, "option_id": option_id, "key": key, **_cell(people, question_id, option_id, key)}
        for question_id, option_id in _asked_options(poll_id)
        if question_id in answered
        for key in keys
    ]
    return Breakdown(groups, pd.DataFrame(cells, columns=CELL_COLUMNS))


def with_options(rows: pd.DataFrame, poll_id: int) -> pd.DataFrame:
    """The rows of `results` that are options, with the kind of their question."""
    asked = questions(poll_id)
    kinds = dict(zip(asked["question_id"], asked["kind"], strict=True))
    rows = rows.assign(kind=[kinds[question_id] for question_id in rows["question_id"]])
    return rows[(rows["kind"] != "open") & rows["option"].notna()].reset_index(drop=True)


def rounded_results(rows: pd.DataFrame, shares: Sequence[float], unit: float) -> list[float]:
    """Other shares of the rows of `with_options`, rounded so that no small group can be worked out."""
    rounded: list[float] = []
    for _question, of_question in rows.assign(other=shares).groupby("question_id", sort=False):
        rounded += rounded_options(of_question["other"].tolist(), unit, of_question["kind"].iloc[0])
    return rounded


def _people(figures: pd.DataFrame) -> dict[tuple[int, int, int], int | None]:
    """The people of each figure by question, option and key; None where they are hidden."""
    keys = zip(figures["question_id"], figures["option_id"], figures["key"], strict=True)
    ballots = figures["ballots"].astype(object)
    return dict(zip(keys, ballots.where(ballots.notna(), None), strict=True))


def _cell(
    people: dict[tuple[int, int, int], int | None], question_id: int, option_id: int, key: int
) -> dict[str, float]:
    """The figures of a group's answers; none where they, or the group's size, are hidden."""
    size, chosen = people[TURNOUT, ANY, key], people.get((question_id, option_id, key), 0)
    return {} if size is None or chosen is None else _share(chosen, size)


def _asked_options(poll_id: int) -> list[tuple[int, int]]:
    """Question and option of each option of the poll, in their order."""
    asked = questions(poll_id)
    pairs = zip(asked["question_id"], asked["option_id"], strict=True)
    return [(int(question_id), option_id) for question_id, option_id in pairs if option_id is not None]


def _options(asked: pd.DataFrame) -> list[tuple[int | None, str | None]]:
    return list(zip(asked["option_id"], asked["option"], strict=True))


def _share(ballots: int | None, total: int | None) -> dict[str, float]:
    assert ballots is not None  # noqa: S101 - of all voters together nothing is hidden
    assert total  # noqa: S101 - as above
    low, high = wilson_interval(ballots, total)
    return {"ballots": ballots, "share": ballots / total, "low": low, "high": high}


def _order(key: int, names: "pd.Series[str] | None") -> str:
    """The name by which a group is sorted; nothing where the key itself is the order."""
    return "" if names is None or key <= 0 else str(names[key]).casefold()
