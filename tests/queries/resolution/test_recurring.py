"""Recurring problems of municipalities: cells of 16 days, and the days at the ends from the appeals."""

from datetime import timedelta

import pandas as pd
import pytest
import streamlit
from sqlalchemy import Connection

from otklik.database.cubes.rollups import fold_cubes
from queries.cache.statements import bypass_cubes
from queries.filters import Filters
from queries.resolution import recurring
from tests.support import factories
from tests.support.reference_data import BASE_MOMENT

DAY = timedelta(days=1)


@pytest.mark.parametrize("length", [10, 40, 70])
@pytest.mark.parametrize("end", [2, -3, -9])
def test_the_cells_of_towns_say_what_the_appeals_say(connection: Connection, url: str, length: int, end: int) -> None:
    for town in ("XA-1", "XA-2"):
        factories.territory(connection, town, "municipality", "XA")
    for ago in range(0, 90, 3):
        received = BASE_MOMENT - ago * DAY
        place = {"region": "XA", "municipality": f"XA-{1 + ago % 2}", "topic": f"roads.{ago % 5}"}
        factories.appeal(connection, **place, received_at=received)
        factories.appeal(connection, **place, received_at=received, closed_at=received + DAY, reopened=ago % 2)
        if ago == 45:
            fold_cubes(url)
    last = BASE_MOMENT.date() + end * DAY
    filters = Filters(last - length * DAY, last, territory="XA")

    def told() -> pd.DataFrame:
        streamlit.cache_data.clear()
        return recurring.recurring_problems(filters, 50).sort_values(["territory", "topic"], ignore_index=True)

    cubes = told()
    token = bypass_cubes.set(True)
    try:
        appeals = told()
    finally:
        bypass_cubes.reset(token)
        streamlit.cache_data.clear()
    assert cubes["received"].sum() > 0
    pd.testing.assert_frame_equal(cubes, appeals)
