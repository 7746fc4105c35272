"""The generated page of figures is up to date, and each of the forty figures has its place on a screen."""

import re
from importlib import import_module

import pytest
from click.testing import CliRunner

from otklik.cli.main import otklik
from otklik.pages import PAGES
from queries.metrics.catalogue import METRICS, PERIOD_METRICS
from queries.metrics.peer_coverage import MAP_PANEL, OWN_METRICS_BY_PAGE, PEER_METRICS, TILE_ROW, PeerMetric
from tests.support.paths import PROJECT_ROOT

# Figures that a page puts among its tiles by a question of their own.
QUERIES = {
    "overview": "overview",
    "overdue": "overdue",
    "queue": "queue.open_counts",
    "resolution": "resolution.performance",
    "satisfaction": "satisfaction.ratings",
    "quality": "quality.issues",
    "regions": "regions.territories",
}
BESIDES = {"queue": {"oldest_open"}, "resolution": {"fast_share"}, "satisfaction": {"coverage"}}


@pytest.fixture(scope="module")
def printed() -> str:
    shown = CliRunner().invoke(otklik, ["figures"])
    assert shown.exit_code == 0, shown.output
    return shown.output


def test_the_page_in_docs_is_what_the_catalogue_says(printed: str) -> None:
    assert (PROJECT_ROOT / "docs" / "figures.md").read_text(encoding="utf-8") == printed, "run `make docs`"


def test_every_figure_is_listed_once_with_the_cubes_that_answer_it(printed: str) -> None:
    for name in METRICS:
        (row,) = re.findall(rf"^\| \*\*.*\(`{name}`\) \|.*$", printed, re.MULTILINE)
        assert re.search(r"\| (`\w+[\w*]*`|, |[a-z ])+ \|$", row), row
    assert set(PERIOD_METRICS) <= set(METRICS)


def test_all_forty_have_a_place() -> None:
    assert [one.number for one in PEER_METRICS] == list(range(1, 41))


@pytest.mark.parametrize("one", PEER_METRICS, ids=lambda one: str(one.number))
def test_a_place_exists_and_its_figures_are_of_the_catalogue(one: PeerMetric) -> None:
    assert one.page in PAGES
    assert set(one.metric_ids) <= set(METRICS)
    source = (PROJECT_ROOT / "pages" / f"{one.page}.py").read_text(encoding="utf-8")
    if one.panel == TILE_ROW:
        tiles = set(import_module(f"queries.{QUERIES[one.page]}").KPI_IDS) | BESIDES.get(one.page, set())
        assert set(one.metric_ids) <= tiles
    elif one.panel == MAP_PANEL:
        assert "territory_map_panel(" in source
    else:
        assert any(f'{drawn}(_("{one.panel}"))' in source for drawn in ("panel", "card"))


def test_ours_are_of_the_catalogue_and_the_tiles_of_their_page(printed: str) -> None:
    assert set(OWN_METRICS_BY_PAGE["quality"]) <= set(METRICS)
    assert "data_quality.issue_tiles(" in (PROJECT_ROOT / "pages" / "quality.py").read_text(encoding="utf-8")
    for name in OWN_METRICS_BY_PAGE["quality"]:
        assert f"| {METRICS[name].name} | {PAGES['quality'].title} | {TILE_ROW} |" in printed
