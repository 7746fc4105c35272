"""How long appeals stay open: the share of those received in the period that was closed by each day since receipt.

Ages are whole days of 24 hours since receipt. The estimate: `queries.statistics.kaplan_meier`.
"""

from typing import Literal

import pandas as pd
from sqlalchemy import Integer, cast, func, literal, select

from otklik.database.cubes.cube_tables import MAX_CLOSE_DAYS, cube_course
from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe, read_transaction
from otklik.small_numbers import MIN_CASES
from queries.cache.background import background_timed
from queries.core.cube_routing import is_covered_by_region_cubes
from queries.core.date_ranges import midnight_arrays, select_in_days
from queries.core.local_days import DAY_SECONDS
from queries.core.reference import dimension_members
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.filters import Filters
from queries.statistics.kaplan_meier import ESTIMATE_COLUMNS, day_reached, kaplan_meier
from queries.summaries.dimensions import ID_COLUMNS, roll_up_topics

MemberKind = Literal["topic", "organisation", "regime"]
MAX_CURVES = 5
# Columns with the day by which a share of a curve's appeals is closed, and that share.
REACHED_SHARES = {"half_day": 0.5, "nine_tenths_day": 0.9}
CURVE_COLUMNS = [*ESTIMATE_COLUMNS, *REACHED_SHARES]


@background_timed
def closing_curve(filters: Filters) -> pd.DataFrame:
    """One row per day since receipt, 0..60: the columns of `kaplan_meier`, half_day, nine_tenths_day.

    The last two are the same in all rows: the day by which that share is closed, NaN where none is. No row where
    nothing was received.
    """
    durations = duration_counts(filters)
    return _curve(durations) if len(durations) else pd.DataFrame(columns=CURVE_COLUMNS)


@background_timed
def closing_curves(filters: Filters, kind: MemberKind) -> pd.DataFrame:
    """The curve of each of the five members with most appeals received: the columns of `closing_curve`, name, received.

    Members with fewer than 30 received are left out.
    """
    durations = duration_counts(filters, kind)
    received_totals = durations.groupby("key")["appeals"].sum().sort_values(ascending=False, kind="stable")
    received_totals = received_totals[received_totals >= MIN_CASES].head(MAX_CURVES)
    member_names = dimension_members(kind, filters.language)["name"]
    curves = [
        _curve(durations[durations["key"] == member_id]).assign(
            name=str(member_names[member_id]), received=int(received_totals[member_id])
        )
        for member_id in received_totals.index
    ]
    return pd.concat(curves, ignore_index=True) if curves else pd.DataFrame(columns=["name", *CURVE_COLUMNS])


def _curve(durations: pd.DataFrame) -> pd.DataFrame:
    rows = kaplan_meier(durations, MAX_CLOSE_DAYS)
    return rows.assign(**{column: day_reached(rows, share) for column, share in REACHED_SHARES.items()})


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
