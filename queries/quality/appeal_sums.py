"""The sums behind the metrics of data quality, from the appeals: by step of the trend, region and organisation."""

import pandas as pd
from sqlalchemy import Integer, cast, func, literal_column, select, tuple_

from otklik.database.cubes.measures import MOMENTS
from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe
from queries.cache.timed import timed
from queries.core.date_ranges import MomentColumn, appeals_in_days
from queries.core.local_days import DAY_SECONDS
from queries.core.resolved_filters import ResolvedFilters, resolve
from queries.counts.state_sums import counted_days
from queries.filters import Filters
from queries.quality.conditions import MeasureConditions, measure_conditions

MAX_DAILY_POINTS = 45  # the trend of a longer period has a point per seven days


@timed
def sums_from_appeals(filters: Filters) -> pd.DataFrame:
    """The rows of `sums_by_step_and_region` with rows of `organisation` as well, from the appeals of the period."""
    resolved = resolve(filters)
    conditions_by_moment = measure_conditions(resolved, filters)
    frames = [_sums_by_moment(resolved, filters, *conditions) for conditions in conditions_by_moment.items()]
    sums = pd.concat(frames).fillna(0).groupby(["of", "key"], as_index=False).sum()
    # Appeals may be due on days of which nothing else counts.
    return sums[sums.drop(columns=["of", "key"]).any(axis="columns")]


def _sums_by_moment(
    resolved: ResolvedFilters, filters: Filters, moment: MomentColumn, conditions: MeasureConditions
) -> pd.DataFrame:
    """The rows of `sums_from_appeals` for the measures of one moment, in a single pass over the appeals."""
    elapsed = func.extract("epoch", MOMENTS[moment] - literal_column("day.since")) / (DAY_SECONDS * step_days(filters))
    step_number = func.floor(elapsed).cast(Integer).label("step")
    keys = (appeal.c.holder_id, appeal.c.region_id, step_number)
    rows = (
        select(*(key.label(name) for key, name in zip(keys, GROUP_KEYS, strict=True)))
        .add_columns(*(condition.label(name) for name, condition in conditions.items()))
        .select_from(appeals_in_days(resolved, moment, *counted_days(resolved, moment, filters.start, filters.end)))
        .subquery()
    )
    group_columns = [rows.c[name] for name in GROUP_KEYS]
    totals = [func.count().filter(rows.c[name]).label(name) for name in conditions]
    grouping_sets = func.grouping_sets(*(tuple_(key) for key in group_columns), tuple_())
    query = select(*group_columns, cast(func.grouping(*group_columns), Integer).label("of"), *totals).group_by(
        grouping_sets
    )
    grouped = query_dataframe(query)
    grouped["of"] = grouped["of"].map({3: "organisation", 5: "region", 6: "step", 7: "all"})
    grouped["key"] = grouped[list(GROUP_KEYS)].bfill(axis="columns").iloc[:, 0].fillna(0).astype("int64")
    return grouped.drop(columns=list(GROUP_KEYS))


GROUP_KEYS = ("holder", "region", "step")


def step_days(filters: Filters) -> int:
    """The days of a step of the trend: 1, or 7 in a long period."""
    return 1 if (filters.end - filters.start).days <= MAX_DAILY_POINTS else 7
