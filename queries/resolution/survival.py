"""How long appeals stay open: the share of those received in the period that was closed by each day since receipt.

The estimate is that of E. L. Kaplan and P. Meier (1958, JASA 53, 457-481): an appeal that is still open counts up to
its age. Ages are whole days of 24 hours since receipt; of its last day an open appeal has been seen half on average,
and counts for half (S. J. Cutler and F. Ederer, 1958, Journal of Chronic Diseases 8, 699-712).
"""

from typing import Literal

import numpy as np
import pandas as pd
from sqlalchemy import Integer, cast, func, literal, select

from otklik.database.cubes.cube_tables import MAX_CLOSE_DAYS, cube_course
from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe, read_transaction
from otklik.small_numbers import MIN_CASES, Z_95
from queries.cache.background import background_timed
from queries.core.cube_routing import is_covered_by_region_cubes
from queries.core.date_ranges import midnight_arrays, select_in_days
from queries.core.local_days import DAY_SECONDS
from queries.core.reference import dimension_members
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters
from queries.summaries.breakdown import ID_COLUMNS, roll_up_topics

MemberKind = Literal["topic", "organisation", "regime"]
MAX_CURVES = 5


@background_timed
def closing_curve(filters: Filters) -> pd.DataFrame:
    """One row per day since receipt, 0..60: the columns of `kaplan_meier`; empty where nothing was received."""
    durations = duration_counts(filters)
    return kaplan_meier(durations, MAX_CLOSE_DAYS) if len(durations) else pd.DataFrame(columns=ESTIMATE_COLUMNS)


@background_timed
def closing_curves(filters: Filters, kind: MemberKind) -> pd.DataFrame:
    """The curve of each of the five members with most appeals received: the columns of `kaplan_meier`, name, received.

    Members with fewer than 30 received are left out.
    """
    durations = duration_counts(filters, kind)
    received_totals = durations.groupby("key")["appeals"].sum().sort_values(ascending=False, kind="stable")
    received_totals = received_totals[received_totals >= MIN_CASES].head(MAX_CURVES)
    member_names = dimension_members(kind, filters.language)["name"]
    estimates = [
        kaplan_meier(durations[durations["key"] == member_id], MAX_CLOSE_DAYS).assign(
            name=str(member_names[member_id]), received=int(received_totals[member_id])
        )
        for member_id in received_totals.index
    ]
    return pd.concat(estimates, ignore_index=True) if estimates else pd.DataFrame(columns=["name", *ESTIMATE_COLUMNS])


def duration_counts(filters: Filters, kind: MemberKind | None = None) -> pd.DataFrame:
    """One row per member (`key`, 0 without `kind`) and age: key, age, appeals of that age, and how many are closed.

    The age of a closed appeal is the one at its close. Closed appeals come from a cube where one can answer, with 60
    days standing for 60 and more; open ones, and all others, are read by index.
    """
    resolved = resolve(filters)
    if kind is None and is_covered_by_region_cubes(resolved):
        return _duration_counts_from_cube(resolved, filters)
    seconds_open = func.extract("epoch", func.coalesce(appeal.c.closed_at, func.now()) - appeal.c.received_at)
    age = cast(func.floor(func.greatest(seconds_open, 0) / DAY_SECONDS), Integer).label("age")
    key = appeal.c[ID_COLUMNS[kind]] if kind else literal(0)
    query = select_in_days(
        resolved,
        "received_at",
        filters.start,
        filters.end,
        key.label("key"),
        age,
        func.count().label("appeals"),
        func.count(appeal.c.closed_at).label("closed"),
    ).group_by(key if kind else age, age)
    rows = query_dataframe(query).astype("int64")
    if kind == "topic":
        rows["key"] = roll_up_topics(pd.Index(rows["key"]), dimension_members("topic", filters.language), filters.topic)
    return rows.groupby(["key", "age"], as_index=False).sum()


def _duration_counts_from_cube(resolved: ResolvedFilters, filters: Filters) -> pd.DataFrame:
    """The rows of `duration_counts`, as of one moment: closed appeals from cube_course, open ones by index."""
    closed = select(*(func.sum(cube_course.c[f"closed_{n}"]).label(str(n)) for n in range(MAX_CLOSE_DAYS + 1))).where(
        cube_course.c.territory_id.in_(resolved.territories),
        cube_course.c.day >= filters.start,
        cube_course.c.day < filters.end,
    )
    open_durations = func.open_ages(*midnight_arrays(resolved, filters.start, filters.end)).table_valued(
        "age", "appeals"
    )
    with read_transaction() as connection:
        counts = connection.execute(closed).one()
        rows = [(0, n, int(count), int(count)) for n, count in enumerate(counts) if count]
        rows += [
            (0, int(n), int(count), 0)
            for n, count in connection.execute(select(open_durations.c.age, open_durations.c.appeals))
        ]
    durations = pd.DataFrame(rows, columns=["key", "age", "appeals", "closed"], dtype="int64")
    return durations.groupby(["key", "age"], as_index=False).sum()


ESTIMATE_COLUMNS = ["day", "share", "low", "high", "at_risk", "closed"]


def kaplan_meier(durations: pd.DataFrame, max_day: int) -> pd.DataFrame:
    """One row per day since receipt, 0..`max_day`: day, share closed within it, low, high, at_risk, closed.

    `at_risk` appeals were open as the day began, and `closed` of them were closed on it. The 95 % bounds use
    Greenwood's variance (1926). After the highest age the last values continue. `durations`: see `duration_counts`.
    """
    by_age = durations.groupby("age")[["appeals", "closed"]].sum().sort_index()
    departures, closed = by_age["appeals"].to_numpy(float), by_age["closed"].to_numpy(float)
    at_risk = departures.sum() - np.concatenate([[0.0], np.cumsum(departures)[:-1]])
    exposed = at_risk - (departures - closed) / 2
    survival_rate = np.cumprod(1 - closed / exposed)
    # Once all appeals at risk are closed, the estimate can't vary any more.
    variance_denominators = exposed * (exposed - closed)
    variance_terms = np.divide(
        closed, variance_denominators, out=np.zeros_like(closed), where=variance_denominators > 0
    )
    standard_error = survival_rate * np.sqrt(np.cumsum(variance_terms))
    rows = pd.DataFrame(
        {"share": 1 - survival_rate, "error": standard_error, "at_risk": at_risk, "closed": closed},
        index=by_age.index + 1,
    )
    # Age 0 ends one day after receipt.
    rows = rows.reindex(range(max_day + 1))
    rows.loc[0, ["share", "error", "closed"]] = 0.0
    rows["closed"] = rows["closed"].fillna(0.0)
    rows[["share", "error"]] = rows[["share", "error"]].ffill()
    departed = np.concatenate([[0.0], np.cumsum(departures)])
    positions = np.searchsorted(by_age.index.to_numpy(), np.maximum(np.arange(max_day + 1) - 1, 0), side="left")
    rows["at_risk"] = departures.sum() - departed[positions]
    rows["low"], rows["high"] = rows["share"] - Z_95 * rows["error"], rows["share"] + Z_95 * rows["error"]
    rows[["low", "high"]] = rows[["low", "high"]].clip(0, 1)
    return rows.rename_axis("day").reset_index()[ESTIMATE_COLUMNS]
