"""`otklik figures` prints docs/figures.md: every figure, and where the peer's figures stand on our screens.

That they do stand there is tested with the pages.
"""

import re

import pytest
from click.testing import CliRunner

from otklik.cli.main import otklik
from otklik.pages import PAGES
from queries.metrics.catalogue import METRICS, PERIOD_METRICS
from queries.metrics.peer_coverage import OWN_METRICS_BY_PAGE, PEER_METRICS, TILE_ROW
from tests.support.paths import PROJECT_ROOT


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


def test_all_forty_figures_of_the_peer_are_listed_with_figures_of_the_catalogue() -> None:
    assert [metric.number for metric in PEER_METRICS] == list(range(1, 41))
    assert {metric_id for metric in PEER_METRICS for metric_id in metric.metric_ids} <= set(METRICS)
    assert {metric.page for metric in PEER_METRICS} <= set(PAGES)


def test_figures_of_our_own_are_listed_with_their_page(printed: str) -> None:
    for name in OWN_METRICS_BY_PAGE["quality"]:
        assert f"| {METRICS[name].name} | {PAGES['quality'].title} | {TILE_ROW} |" in printed
