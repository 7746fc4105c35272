"""Appeals as points on the map."""

from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Integer, Select, case, cast, func, literal_column, select

from otklik.database.tables import appeal
from otklik.database.transactions import query_columns, query_dataframe
from queries.cache.live import live
from queries.core.appeal_state import has_passed
from queries.core.conditions import cross_region_conditions, filter_conditions
from queries.core.date_ranges import local_day_conditions
from queries.core.resolved_filters import resolve
from queries.core.topic_labels import topic_labels
from queries.filters import Filters

MAX_POINTS = 5000
POINT_STATES = ("open", "overdue", "closed")
COORDINATE_SCALE = 10_000_000  # parts of a degree: about a centimetre


@live
def open_points(filters: Filters, limit: int = MAX_POINTS) -> pd.DataFrame:
    """One row per open appeal that has a point, whatever the period, at most `limit`; the earliest deadline first.

    Columns: number, lon, lat, state (open or overdue), topic (name).
    """
    query = _points_query(filters, limit).where(appeal.c.closed_at.is_(None))
    return _point_frame(query.order_by(appeal.c.deadline_at, appeal.c.id), filters)


@live
def received_points(filters: Filters, limit: int = MAX_POINTS) -> pd.DataFrame:
    """One row per appeal received in the period that has a point, at most `limit`; newest first.

    Columns: number, lon, lat, state (open, overdue or closed), topic (name).
    """
    query = _received_in_period(_points_query(filters, limit), filters)
    return _point_frame(query.order_by(appeal.c.received_at.desc(), appeal.c.id), filters)


@live
def municipality_centres(filters: Filters) -> pd.DataFrame:
    """One row per municipality, indexed by id: the mean lon and lat of its appeals, for one without coordinates."""
    mean_coordinates = [func.avg(appeal.c[coordinate]).label(coordinate) for coordinate in ("lon", "lat")]
    rows = query_dataframe(
        select(appeal.c.municipality_id, *mean_coordinates)
        .where(
            *filter_conditions(resolve(filters), appeal),
            appeal.c.lon.is_not(None),
            appeal.c.municipality_id.is_not(None),
        )
        .group_by(appeal.c.municipality_id)
    )
    return rows.set_index("municipality_id").astype(float)


def _received_in_period(query: Select[Any], filters: Filters) -> Select[Any]:
    """The query narrowed to appeals received in the local days of the period."""
    return query.where(*local_day_conditions(resolve(filters), "received_at", filters.start, filters.end))


def _points_query(filters: Filters, limit: int) -> Select[Any]:
    state = case(
        (appeal.c.closed_at.is_not(None), literal_column("2")),
        (has_passed(appeal.c.deadline_at), literal_column("1")),
        else_=literal_column("0"),
    )
    # Whole numbers are sent and parsed in half the time of floats.
    coordinates = (
        cast(appeal.c[coordinate] * literal_column(str(COORDINATE_SCALE)), Integer).label(coordinate)
        for coordinate in ("lon", "lat")
    )
    return (
        select(appeal.c.number, *coordinates, state.label("state"), appeal.c.topic_id)
        .select_from(appeal)
        .where(*cross_region_conditions(resolve(filters), appeal), appeal.c.lon.is_not(None))
        .limit(limit)
    )


def _point_frame(query: Select[Any], filters: Filters) -> pd.DataFrame:
    values = query_columns(query)
    topic_names = topic_labels(filters.language).to_dict()
    return pd.DataFrame(
        {
            "number": values["number"],
            **{
                coordinate: np.array(values[coordinate], dtype=float) / COORDINATE_SCALE
                for coordinate in ("lon", "lat")
            },
            "state": [POINT_STATES[state_index] for state_index in values["state"]],
            "topic": [topic_names.get(topic_id) for topic_id in values["topic_id"]],
        }
    )
