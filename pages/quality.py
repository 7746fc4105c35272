"""How far the figures can be trusted: appeals recorded in ways that real work rarely produces, and where."""

from collections.abc import Callable

from components.filters import territory
from components.filters.filter_bar import filter_bar
from components.layout.auto_refresh import live_fragment
from components.layout.error_boundary import error_boundary
from components.layout.local_day import viewer_today
from components.page_head import page_head
from components.panel import panel
from components.quality import data_quality
from components.tables.league import league_table
from components.tables.row_order import AS_GIVEN, order_codes
from components.url import query_params
from otklik.access import guard
from otklik.i18n import _
from queries import filter_options, live_page
from queries.filters import Filters
from queries.metrics.data_quality import DATA_QUALITY_METRICS
from queries.quality import issues

viewer = guard.require("quality")
filters = filter_bar(viewer, filter_options, Filters, viewer_today())
query_params.check(doubt=DATA_QUALITY_METRICS, order=order_codes(issues.SHOWN_METRICS))


@live_fragment(viewer, live_page.data_state)
def board() -> None:
    """Everything below the filters; runs again when the data have changed."""
    metric_id = next(iter(DATA_QUALITY_METRICS))
    with error_boundary():
        metric_values = issues.kpis(filters)
        metric_id = data_quality.selected_issue(metric_values)
        data_quality.issue_tiles(metric_values, metric_id)
        with panel(data_quality.list_title(DATA_QUALITY_METRICS[metric_id])):
            data_quality.issue_appeals_table(
                issues.flagged_appeals(filters, metric_id), DATA_QUALITY_METRICS[metric_id], issues.MAX_ROWS
            )
    members: tuple[tuple[issues.MemberKind, str, str, Callable[[str], None]], ...] = (
        ("organisation", _("Data issues by organisation"), _("Organisation"), territory.select_organisation),
        ("region", _("Data issues by region"), _("Region"), territory.select_territory),
    )
    for kind, title, column_title, select in members:
        with panel(title):
            rows = issues.data_quality_by(filters, kind, metric_id)
            league_table(rows, issues.SHOWN_METRICS, column_title, f"{kind}s", 215, on_pick=select, order=AS_GIVEN)


page_head(viewer, filters, live_page)
board()
