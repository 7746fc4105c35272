"""Every metric on every page has the value that the catalogue gives for the same filters."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection
from streamlit.testing.v1 import AppTest

from components.filters import periods
from components.text.metric_text import value_text
from otklik.pages import PAGES
from otklik.permissions import RIGHTS_BY_ROLE
from otklik.small_numbers import MIN_CASES
from queries.core.local_days import through_running_day
from queries.filters import Filters
from queries.metrics.catalogue import METRICS, NOW_ONLY_METRICS
from queries.metrics.data_quality import DATA_QUALITY_METRICS
from queries.metrics.metric import MetricValue
from queries.quality import issues
from queries.queue.open_counts import kpis as queue_kpis
from queries.resolution import side_by_side
from queries.summaries.breakdown import breakdown
from queries.summaries.dimensions import Dimension
from tests.support import factories
from tests.support.screens.app_pages import run_page

DAY = timedelta(days=1)
NOW = datetime.now(UTC)
METRICS_BY_NAME = {metric.name: metric for metric in METRICS.values()}
DIMENSIONS: tuple[Dimension, ...] = ("organisation", "territory", "region", "topic", "channel")
PAGES_OF_NOW = ("queue", "overdue")
"""They show what is open now, whatever the period."""
PAGES_WITH_METRICS = ("overview", "queue", "resolution", "regions", "satisfaction", "quality")
QUERY_PARAMS: tuple[dict[str, str], ...] = (
    {},
    {"period": "7d", "channel": "app"},
    {"territory": "XB", "regime": "fast", "period": "month"},
)


@pytest.fixture
def appeals(connection: Connection) -> None:
    """160 appeals that differ in everything, enough of them in each region to be compared."""
    random = Random(4)  # noqa: S311 -- data for tests
    for code in ("XA", "XB"):
        factories.territory(connection, code, name=f"Region {code}", population=50_000)
    for _ in range(160):
        received = NOW - random.random() * 40 * DAY
        lasted = random.random() * 12 * DAY
        closed = received + lasted if random.random() < 0.8 and received + lasted < NOW else None
        answered = received + random.random() * 5 * DAY
        first_answer: dict[str, Any] = {
            "first_answered_at": answered,
            "first_returned_at": answered + random.random() * 12 * DAY,
        }
        factories.appeal(
            connection,
            region=random.choice(["XA", "XA", "XB"]),
            topic=random.choice(["roads.holes", "roads.snow", "heat"]),
            holder=random.choice(["city", "office"]),
            first_holder=random.choice(["city", "office", "office"]),
            channel=random.choice(["app", "portal"]),
            regime=random.choice(["ordinary", "fast"]),
            received_at=received,
            deadline_at=random.choice([None, received + 8 * DAY, received + 3 * DAY]),
            closed_at=closed,
            outcome=random.choice(["resolved", "explained"]) if closed else None,
            rating=random.choice([None, 1, 2, 3, 4, 5]) if closed else None,
            **random.choice([{}, {}, {"reopened": 1} | first_answer]),
        )


def filters_of(query_params: dict[str, str]) -> Filters:
    """The filters in the query parameters of a page."""
    today = datetime.now(UTC).date()
    running = periods.RunningDays(today, today)
    start, end = periods.preset_range(query_params.get("period", periods.DEFAULT_PRESET), today, running)
    codes = {name: query_params.get(name) for name in ("territory", "topic", "regime", "channel")}
    return replace(Filters(start, end), **codes)  # type: ignore[arg-type]


def catalogue(filters: Filters) -> dict[str, MetricValue]:
    """The value of every metric of the catalogue, by id."""
    return {
        metric_value.metric.id: metric_value
        for metric_value in [*side_by_side.all_metric_values(filters), *issues.kpis(filters)]
    }


def run_as_allowed(page: str, query_params: dict[str, str]) -> AppTest:
    """The page, run as a person who may open it."""
    role = next(role for role in ("staff", "official", "administrator") if page in RIGHTS_BY_ROLE[role])
    return run_page(page, deep_link=False, **query_params, **{"as": role})


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("query_params", QUERY_PARAMS, ids=["as it opens", "a channel", "a region and a regime"])
def test_each_figure_on_a_page_is_the_catalogues(query_params: dict[str, str]) -> None:
    filters = filters_of(query_params)
    for page in PAGES:
        page_run = run_as_allowed(page, query_params)
        is_of_now = page in PAGES_OF_NOW
        compared = tiles_agree(page_run, filters, now=is_of_now)
        compared += cells_agree(page_run, through_running_day(filters) if is_of_now else filters)
        # A page on which nothing was compared would pass unnoticed.
        assert compared or page not in PAGES_WITH_METRICS, page


def tiles_agree(page_run: AppTest, filters: Filters, *, now: bool) -> int:
    """Check each tile labelled with the name of a metric; returns their number."""
    expected = catalogue(filters)
    if now:
        expected |= {tile.metric.id: tile for tile in queue_kpis(filters)}
    tiles = [tile for tile in page_run.metric if tile.label in METRICS_BY_NAME]
    for tile in tiles:
        expected_text = value_text(expected[METRICS_BY_NAME[tile.label].id])
        assert tile.value in (expected_text, f":gray[{expected_text}]"), tile.label
    return len(tiles)


def cells_agree(page_run: AppTest, filters: Filters) -> int:
    """Check each cell of a table in the column of a metric; returns their number."""
    compared = 0
    for table in page_run.dataframe:
        rows = table.value
        metric_ids = [name for name in rows.columns if name in METRICS and name not in NOW_ONLY_METRICS]
        members, kind = matching_breakdown(rows, filters) if "name" in rows and metric_ids else (None, None)
        if members is None:
            continue
        compared += quality_cells_agree(rows, members["code"], filters, kind)
        for row in rows.to_dict("records"):
            for name in set(metric_ids) & set(members.columns):
                metric, member = METRICS[name], members.loc[row["name"]]
                is_few = metric.denominator is not None and float(metric.cases(member)) < MIN_CASES
                # Too few cases to compare are left out.
                expected = float("nan") if is_few else float(member[name])
                assert row[name] == pytest.approx(expected, nan_ok=True), (name, row["name"])
                compared += 1
    return compared


def quality_cells_agree(rows: pd.DataFrame, codes: pd.Series, filters: Filters, kind: Dimension | None) -> int:
    """Check each cell of a metric of data quality against the tile of its page; returns their number."""
    metric_ids = [name for name in DATA_QUALITY_METRICS if name in rows]
    for row in rows.to_dict("records") if metric_ids else ():
        code = str(codes[row["name"]])
        narrowed = replace(filters, organisation=code) if kind == "organisation" else replace(filters, territory=code)
        tiles = {metric_value.metric.id: metric_value for metric_value in issues.kpis(narrowed)}
        for name in metric_ids:
            enough = (tiles[name].denominator or 0) >= MIN_CASES
            expected = tiles[name].value if enough else float("nan")
            assert row[name] == pytest.approx(expected, nan_ok=True), (name, row["name"])
    return len(metric_ids) * len(rows)


def matching_breakdown(rows: pd.DataFrame, filters: Filters) -> tuple[pd.DataFrame | None, Dimension | None]:
    """The breakdown whose members the rows are, by name, and its dimension; None for other rows."""
    for kind in DIMENSIONS:
        members = breakdown(filters, kind, with_resolved_share=True).set_index("name")
        if len(rows) and set(rows["name"]) <= set(members.index):
            return members, kind
    return None, None


def test_names_tell_figures_apart() -> None:
    assert len(METRICS_BY_NAME) == len(METRICS)
