"""Each figure of the peer's list is on the page, and in the panel, that the list names."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection
from streamlit.testing.v1 import AppTest

from queries.metrics.catalogue import METRICS
from queries.metrics.peer_coverage import MAP_PANEL, OWN_METRICS_BY_PAGE, PEER_METRICS, TILE_ROW
from tests.support import factories
from tests.support.screens.app_pages import panel_titles, run_page

PAGES = sorted({metric.page for metric in PEER_METRICS} | set(OWN_METRICS_BY_PAGE))
# A page that has other panels for one region than for the country is looked at both ways.
TERRITORIES = {"regions": ("X", "XA")}
TILE_EXPLANATIONS = {"coverage": "Of those closed, 0.0% were rated."}
"""What the explanation of a tile says of a figure that has no tile of its own."""


@pytest.fixture
def appeals(connection: Connection) -> None:
    """An open appeal and a closed one in each of two regions."""
    now = datetime.now(UTC)
    for region in ("XA", "XB"):
        for closed_at in (None, now - timedelta(days=1)):
            factories.appeal(connection, region=region, received_at=now - timedelta(days=3), closed_at=closed_at)


def shows_in_tiles(page: AppTest, metric_id: str) -> bool:
    if explanation := TILE_EXPLANATIONS.get(metric_id):
        return any(explanation in tile.proto.help for tile in page.metric)
    return METRICS[metric_id].name in [tile.label for tile in page.metric]


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("name", PAGES)
def test_each_figure_is_where_the_list_says(name: str) -> None:
    views = [run_page(name, territory=territory) for territory in TERRITORIES.get(name, ("X",))]
    titles = {title for view in views for title in panel_titles(view)}
    for metric in PEER_METRICS:
        if metric.page != name:
            continue
        if metric.panel == TILE_ROW:
            assert all(shows_in_tiles(views[0], metric_id) for metric_id in metric.metric_ids), metric
        elif metric.panel == MAP_PANEL:
            assert views[0].get("deck_gl_json_chart"), metric
        else:
            assert metric.panel in titles, metric
    assert all(shows_in_tiles(views[0], metric_id) for metric_id in OWN_METRICS_BY_PAGE.get(name, ()))
