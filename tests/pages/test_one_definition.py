"""No figure on any page differs from the catalogue's for the same filters: all pages are walked, each one compared."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pandas as pd
import pytest
from sqlalchemy import Connection
from streamlit.testing.v1 import AppTest

from components.filters import periods
from components.text.metric_text import value_text
from otklik.pages import PAGES
from otklik.permissions import RIGHTS_BY_ROLE
from otklik.small_numbers import MIN_CASES
from queries.core.breakdown import Dimension, breakdown
from queries.filters import Filters
from queries.metrics.catalogue import METRICS, NOW_ONLY_METRICS
from queries.metrics.data_quality import DATA_QUALITY_METRICS
from queries.metrics.metric import MetricValue
from queries.quality import issues
from queries.queue.open_counts import kpis as standing
from queries.resolution import side_by_side
from tests.support import factories
from tests.support.app_pages import run_page

DAY = timedelta(days=1)
NOW = datetime.now(UTC)
BY_NAME = {figure.name: figure for figure in METRICS.values()}
KINDS: tuple[Dimension, ...] = ("organisation", "territory", "region", "topic", "channel")
WITH_FIGURES = ("overview", "queue", "resolution", "regions", "satisfaction", "quality")
NARROWED: tuple[dict[str, str], ...] = ({}, {"period": "7d", "channel": "app"}, {"territory": "XB", "regime": "fast"})


@pytest.fixture
def appeals(connection: Connection) -> None:
    """A hundred and sixty that differ in everything, some of each region enough to be compared."""
    dice = Random(4)  # noqa: S311 -- data for tests
    for code in ("XA", "XB"):
        factories.territory(connection, code, name=f"Region {code}", population=50_000)
    for _ in range(160):
        received = NOW - dice.random() * 40 * DAY
        lasted = dice.random() * 12 * DAY
        closed = received + lasted if dice.random() < 0.8 and received + lasted < NOW else None
        factories.appeal(
            connection,
            region=dice.choice(["XA", "XA", "XB"]),
            topic=dice.choice(["roads.holes", "roads.snow", "heat"]),
            holder=dice.choice(["city", "office"]),
            first_holder=dice.choice(["city", "office", "office"]),
            channel=dice.choice(["app", "portal"]),
            regime=dice.choice(["ordinary", "fast"]),
            received_at=received,
            deadline_at=dice.choice([None, received + 8 * DAY, received + 3 * DAY]),
            closed_at=closed,
            outcome=dice.choice(["resolved", "explained"]) if closed else None,
            rating=dice.choice([None, 1, 2, 3, 4, 5]) if closed else None,
            reopened=dice.choice([0, 0, 1]),
        )


def filters_of(page: dict[str, str]) -> Filters:
    """What an address narrows a page to."""
    start, end = periods.preset_range(page.get("period", "30d"), NOW.date(), NOW.date())
    chosen = {name: page.get(name) for name in ("territory", "topic", "regime", "channel")}
    return replace(Filters(start, end), **chosen)  # type: ignore[arg-type]


def catalogue(filters: Filters) -> dict[str, MetricValue]:
    """Every figure of the catalogue for some filters, beside nothing else."""
    return {one.metric.id: one for one in [*side_by_side.all_metric_values(filters), *issues.kpis(filters)]}


def looked_at(page: str, address: dict[str, str]) -> AppTest:
    """The page as somebody who may open it."""
    role = next(role for role in ("staff", "official", "administrator") if page in RIGHTS_BY_ROLE[role])
    return run_page(page, deep_link=False, **address, **{"as": role})


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("page", PAGES)
def test_each_figure_on_a_page_is_the_catalogues(page: str) -> None:
    for address in NARROWED:
        filters, seen = filters_of(address), looked_at(page, address)
        compared = tiles_agree(seen, filters, queue=page == "queue") + cells_agree(seen, filters)
        # Otherwise nothing would be looked at, and nobody would know.
        assert compared or page not in WITH_FIGURES, address


def tiles_agree(seen: AppTest, filters: Filters, *, queue: bool) -> int:
    """Each tile whose label is a name of the catalogue says what the catalogue says; how many there are."""
    expected = catalogue(filters)
    if queue:
        # It shows what is open now, whatever the period.
        expected |= {one.metric.id: one for one in standing(filters)}
    tiles = [one for one in seen.metric if one.label in BY_NAME]
    for one in tiles:
        said = value_text(expected[BY_NAME[one.label].id])
        assert one.value in (said, f":gray[{said}]"), one.label
    return len(tiles)


def cells_agree(seen: AppTest, filters: Filters) -> int:
    """Each cell of a table under a figure's head says what the catalogue says of its row; how many there are."""
    compared = 0
    for table in seen.dataframe:
        rows = table.value
        named = [name for name in rows.columns if name in METRICS and name not in NOW_ONLY_METRICS]
        of, kind = whole(rows, filters) if "name" in rows and named else (None, None)
        if of is None:
            continue
        compared += doubts_agree(rows, of["code"], filters, kind)
        for row in rows.to_dict("records"):
            for name in set(named) & set(of.columns):
                figure, true = METRICS[name], of.loc[row["name"]]
                few = figure.denominator is not None and float(figure.cases(true)) < MIN_CASES
                # What is too few to be compared is left out.
                expected = float("nan") if few else float(true[name])
                assert row[name] == pytest.approx(expected, nan_ok=True), (name, row["name"])
                compared += 1
    return compared


def doubts_agree(rows: pd.DataFrame, codes: pd.Series, filters: Filters, kind: Dimension | None) -> int:
    """Each cell under a doubt's head says what the page's tile says once it is narrowed to the row; how many are."""
    named = [name for name in DATA_QUALITY_METRICS if name in rows]
    for row in rows.to_dict("records") if named else ():
        code = str(codes[row["name"]])
        there = replace(filters, organisation=code) if kind == "organisation" else replace(filters, territory=code)
        tiles = {one.metric.id: one for one in issues.kpis(there)}
        for name in named:
            enough = (tiles[name].denominator or 0) >= MIN_CASES
            expected = tiles[name].value if enough else float("nan")
            assert row[name] == pytest.approx(expected, nan_ok=True), (name, row["name"])
    return len(named) * len(rows)


def whole(rows: pd.DataFrame, filters: Filters) -> tuple[pd.DataFrame | None, Dimension | None]:
    """All figures of what the rows are of by their names, and what that is; None for anything else."""
    for kind in KINDS:
        found = breakdown(filters, kind).set_index("name")
        if len(rows) and set(rows["name"]) <= set(found.index):
            return found, kind
    return None, None


def test_names_tell_figures_apart() -> None:
    assert len(BY_NAME) == len(METRICS)
