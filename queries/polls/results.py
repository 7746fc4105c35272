"""The results of a poll: votes by day and by question, and both by groups of voters; small groups are hidden.

Shares are of all ballots, of a multiple choice too; intervals are Wilson's.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from otklik.database.announcements import POLLS_ANNOUNCEMENT
from otklik.small_numbers import MIN_PEOPLE, wilson_interval
from queries.cache.live import live_with
from queries.core.reference import dimension_members
from queries.polls.counts import counts, grouped_counts
from queries.polls.details import questions
from queries.statistics.suppression import Counts, Flags, hidden_cells, hidden_groups

NO_ANSWER = -1
"""The option of those who voted without an answer to the question."""


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
    """One row a local day with votes, in order: day, and ballots, missing where they are hidden."""
    rows = counts(poll_id, "day")
    rows = rows[rows["question_id"] == 0].sort_values("key").reset_index(drop=True)
    hidden = hidden_groups(rows["ballots"].tolist(), MIN_PEOPLE) if len(rows) else np.zeros(0, dtype=np.bool_)
    return pd.DataFrame({"day": rows["key"], "ballots": rows["ballots"].astype("Int64").mask(hidden)})


@live_with(POLLS_ANNOUNCEMENT)
def results(poll_id: int) -> pd.DataFrame:
    """One row an option in the order of the poll: question_id, option_id, option, ballots, share, low, high.

    Those who left out a question with one answer are its last row, without an option, if there are any. An open
    question has one row, of those who answered it. Empty while there are fewer than ten ballots.
    """
    rows = counts(poll_id)
    total = _ballots(rows, 0).sum()
    if total < MIN_PEOPLE:
        return pd.DataFrame(columns=["question_id", "option_id", "option", "ballots", "share", "low", "high"])
    shown: list[dict[str, object]] = []
    for _number, asked in questions(poll_id).groupby("question_id", sort=False):
        question_id = int(asked["question_id"].iloc[0])
        by_option = _ballots(rows, question_id).groupby("option_id").sum().to_dict()
        options = [(0 if option_id is None else option_id, option) for option_id, option in _options(asked)]
        if asked["kind"].iloc[0] in ("single", "scale"):
            by_option[NO_ANSWER] = total - sum(by_option.values())
            options += [(NO_ANSWER, None)] if by_option[NO_ANSWER] else []
        shown += [
            {
                "question_id": question_id,
                "option_id": option_id,
                "option": option,
                **_share(by_option.get(option_id, 0), total),
            }
            for option_id, option in options
        ]
    return pd.DataFrame(shown)


@live_with(POLLS_ANNOUNCEMENT)
def breakdown(poll_id: int, territory_id: int, dimension: str, language: str) -> Breakdown:
    """Who voted and how, by a dimension of `queries.polls.counts.DIMENSIONS`."""
    rows = grouped_counts(poll_id, territory_id, dimension)
    sizes = _ballots(rows, 0).groupby("key").sum()
    names = dimension_members(dimension, language)["name"] if dimension in ("territory", "channel") else None
    keys = sorted((int(key) for key in sizes.index), key=lambda key: (key <= 0, _order(key, names), abs(key)))
    group_sizes = [int(sizes[key]) for key in keys]
    hidden = hidden_groups(group_sizes, MIN_PEOPLE) if keys else np.zeros(0, dtype=np.bool_)
    total = sum(group_sizes)
    groups = pd.DataFrame(
        {
            "key": keys,
            "name": [None if names is None or key <= 0 else str(names[key]) for key in keys],
            "ballots": pd.Series(group_sizes, dtype="Int64").mask(hidden),
        }
    )
    groups["share"] = groups["ballots"].astype("Float64") / max(total, 1)
    cells: list[dict[str, object]] = []
    for _number, asked in questions(poll_id).groupby("question_id", sort=False):
        question_id = int(asked["question_id"].iloc[0])
        options = [option_id for option_id, _option in _options(asked) if option_id is not None]
        chosen = _table(rows, question_id, keys, options)
        if chosen.size:
            is_multiple = asked["kind"].iloc[0] == "multiple"
            hidden_answers = _hidden(chosen, np.array(group_sizes), hidden, is_multiple=is_multiple)
            cells += [
                {
                    "question_id": question_id,
                    "option_id": option_id,
                    "key": key,
                    **({} if hidden_answers[row, column] else _share(int(chosen[row, column]), group_sizes[row])),
                }
                for row, key in enumerate(keys)
                for column, option_id in enumerate(options)
            ]
    columns = ["question_id", "option_id", "key", "ballots", "share", "low", "high"]
    return Breakdown(groups, pd.DataFrame(cells, columns=columns))


def _hidden(chosen: Counts, sizes: Counts, hidden_rows: Flags, *, is_multiple: bool) -> Flags:
    """The hidden cells of a question's table; of a multiple choice, each option is a table of its own with the rest."""
    if not is_multiple:
        unanswered = sizes - chosen.sum(axis=1)
        return hidden_cells(np.column_stack([chosen, unanswered]), hidden_rows, MIN_PEOPLE)[:, :-1]
    return np.column_stack(
        [hidden_cells(np.column_stack([column, sizes - column]), hidden_rows, MIN_PEOPLE)[:, 0] for column in chosen.T]
    )


def _table(rows: pd.DataFrame, question_id: int, keys: list[int], options: list[int]) -> Counts:
    """Ballots by group and option."""
    by_cell = _ballots(rows, question_id).to_dict()
    return np.array([[by_cell.get((option, key), 0) for option in options] for key in keys], dtype=np.int64)


def _ballots(rows: pd.DataFrame, question_id: int) -> "pd.Series[int]":
    """The ballots of a question by option and key."""
    return rows[rows["question_id"] == question_id].set_index(["option_id", "key"])["ballots"]


def _options(asked: pd.DataFrame) -> list[tuple[int | None, str | None]]:
    return list(zip(asked["option_id"], asked["option"], strict=True))


def _share(ballots: int, total: int) -> dict[str, float]:
    low, high = wilson_interval(ballots, total)
    return {"ballots": ballots, "share": ballots / total, "low": low, "high": high}


def _order(key: int, names: "pd.Series[str] | None") -> str:
    """The name by which a group is sorted; nothing where the key itself is the order."""
    return "" if names is None or key <= 0 else str(names[key]).casefold()
