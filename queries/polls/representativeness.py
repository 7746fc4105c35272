"""Whom the voters of a poll stand for: against who lives there, and results weighted by it beside the raw ones."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import text

from otklik.database.announcements import POLLS_ANNOUNCEMENT
from otklik.database.cubes.cube_tables import VOTER_AGE_BANDS, VOTER_GROUPS, VOTER_SEXES
from otklik.database.transactions import query_dataframe
from queries.cache.live import live_with, reference_data
from queries.core.reference import dimension_members
from queries.polls.counts import votes_of_groups
from queries.polls.published import published_figures
from queries.polls.results import results, rounded_results, with_options
from queries.statistics.voting.figures import TURNOUT
from queries.statistics.voting.raking import FloatArray, estimate, raked_weights, weighted_share
from queries.statistics.voting.rounding import finest_unit

POPULATION_SQL = """
    SELECT part.part_id AS territory, living.age_band AS age, living.sex, sum(living.people) AS people
    FROM poll JOIN territory_part AS part ON part.above_id = poll.territory_id
    JOIN population_group AS living ON living.territory_id = part.territory_id
    WHERE poll.id = :poll GROUP BY 1, 2, 3"""
AXES = ("territory", "age", "sex")
"""The properties by which it is known how many live there."""
BANDS, SEXES = VOTER_AGE_BANDS, VOTER_SEXES
OPTION = ["question_id", "option_id"]
MIN_EFFECTIVE = 100
MAX_MISSING_SHARE = 0.1
"""Of those who live there may be in groups that aren't shown among the voters."""
RESULT_COLUMNS = ["question_id", "option", "ballots", "share", "low", "high"]

Reason = Literal["", "running", "population", "missing", "few"]


class MissingGroup(NamedTuple):
    """A group that isn't shown among the voters: dimension and key, a territory's name, share of all there."""

    dimension: str
    key: int
    name: str | None
    share: float


class Weighting(NamedTuple):
    """`rows`: the columns of RESULT_COLUMNS, and weighted, weighted_low, weighted_high; empty where `reason` says why.

    `reason`: the poll runs, nobody knows who lives there, groups hardly voted, or the effective size is too small.
    `effective`: Kish's sample size, to two digits. `unit`: to which weighted shares are rounded. `missing`: groups that
    hardly voted.
    """

    rows: pd.DataFrame
    reason: Reason
    effective: int = 0
    unit: float = 0.0
    missing: tuple[MissingGroup, ...] = ()


class _Table(NamedTuple):
    """Votes by question, option and cell of the axes, and who lives there by axis; NaN for unknown members."""

    votes: dict[tuple[int, int], FloatArray]
    members: list[list[int]]
    people: list[FloatArray]


@reference_data
def population(poll_id: int) -> pd.DataFrame:
    """Who lives in a poll's territory, one row a part of it, age band and sex: territory, age, sex, people."""
    return query_dataframe(text(POPULATION_SQL).bindparams(poll=poll_id))


def population_shares(poll_id: int, dimension: str) -> dict[int, float]:
    """The share of each group, by its key, of those of 14 and older who live there; empty where nobody knows."""
    if dimension not in AXES:
        return {}
    people = population(poll_id).groupby(dimension)["people"].sum()
    total = people.sum()
    return dict(zip(people.index.tolist(), (people / total).tolist(), strict=True)) if total else {}


@live_with(POLLS_ANNOUNCEMENT)
def weighting(poll_id: int, status: str, language: str) -> Weighting:
    """The results of a closed poll, raw and weighted by territory, age and sex."""
    if status != "closed":
        return Weighting(_no_rows(), "running")
    living = population(poll_id)
    if not living["people"].sum():
        return Weighting(_no_rows(), "population")
    raw = results(poll_id)
    if raw.empty:
        return Weighting(_no_rows(), "few")
    table = _table(votes_of_groups(poll_id), living)
    counts = table.votes[TURNOUT, 0]
    missing = tuple(_missing(poll_id, table, language))
    for axis in AXES:
        if sum(group.share for group in missing if group.dimension == axis) > MAX_MISSING_SHARE:
            return Weighting(_no_rows(), "missing", missing=missing)
    weights = raked_weights(counts, table.people)
    used = weights.by_cell[counts > 0]
    unit = finest_unit(counts.sum(), float(np.ptp(used)))
    if weights.effective < MIN_EFFECTIVE or unit is None:
        return Weighting(_no_rows(), "few", missing=missing)
    raw = with_options(raw, poll_id)
    shares = [
        weighted_share(table.votes.get((question_id, option_id), np.zeros_like(counts)), counts, weights)
        for question_id, option_id in zip(raw["question_id"], raw["option_id"], strict=True)
    ]
    estimates = [estimate(share, weights.effective, unit) for share in rounded_results(raw, shares, unit)]
    columns = zip(("weighted", "weighted_low", "weighted_high"), zip(*estimates, strict=True), strict=True)
    rows = raw[RESULT_COLUMNS].assign(**{name: list(values) for name, values in columns})
    return Weighting(rows, "", _two_digits(weights.effective), unit, missing)


def _no_rows() -> pd.DataFrame:
    return pd.DataFrame(columns=[*RESULT_COLUMNS, "weighted", "weighted_low", "weighted_high"])


def _table(votes: pd.DataFrame, population: pd.DataFrame) -> _Table:
    """The votes of `votes_of_groups`; voters from elsewhere don't live there and are left out."""
    cells = votes[list(VOTER_GROUPS)].to_numpy(np.float64, na_value=0).reshape(-1, len(BANDS), len(SEXES))
    used = (votes["territory"] >= 0).to_numpy() & (cells.sum(axis=(1, 2)) > 0)
    votes, cells = votes[used], cells[used]
    voted = (
        votes["territory"].unique().tolist(),
        [band for band, people in zip(BANDS, cells.sum(axis=(0, 2)), strict=True) if people],
        [sex for sex, people in zip(SEXES, cells.sum(axis=(0, 1)), strict=True) if people],
    )
    members, people = [], []
    for axis, keys_of_voters in zip(AXES, voted, strict=True):
        living = population.groupby(axis)["people"].sum()
        keys = sorted({*living.index.tolist(), *keys_of_voters})
        members.append(keys)
        people.append(np.array([float(living.get(key, np.nan)) for key in keys]))
    territories, bands, sexes = members
    of_members = np.ix_([BANDS.index(band) for band in bands], [SEXES.index(sex) for sex in sexes])
    size = (len(territories), len(bands), len(sexes))
    by_option: dict[tuple[int, int], FloatArray] = {(TURNOUT, 0): np.zeros(size)}
    for (*option, territory), cell in zip(votes[[*OPTION, "territory"]].to_numpy().tolist(), cells, strict=True):
        table = by_option.setdefault((option[0], option[1]), np.zeros(size))
        table[territories.index(territory)] = cell[of_members]
    return _Table(by_option, members, people)


def _missing(poll_id: int, table: _Table, language: str) -> Iterator[MissingGroup]:
    """The groups that live there and of which nobody voted, or so few that they aren't shown."""
    names = dimension_members("territory", language)["name"]
    for axis, keys, people in zip(AXES, table.members, table.people, strict=True):
        figures = published_figures(poll_id, axis)
        sizes = figures[(figures["question_id"] == TURNOUT) & figures["ballots"].notna()]
        shown, total = set(sizes["key"].tolist()), np.nansum(people)
        for key, living in zip(keys, people, strict=True):
            if key not in shown and living > 0:
                yield MissingGroup(axis, key, str(names[key]) if axis == "territory" else None, float(living / total))


def _two_digits(number: float) -> int:
    """A size to two digits: a more exact one would tell about single voters."""
    return int(float(f"{number:.2g}"))
