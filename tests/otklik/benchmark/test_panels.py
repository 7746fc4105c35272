"""What a panel asks after a change is measured apart from what it asks once in ten minutes."""

import pytest
from sqlalchemy import Connection

from otklik.benchmark.panels import PANELS, panel_statements, recent_filters, timed_statements
from tests.support import factories
from tests.support.servers.listener_news import wait_for_news


@pytest.mark.parametrize(
    ("panel_id", "after_a_change", "once_in_ten_minutes"),
    [("resolution.topics", True, True), ("resolution.recurring", False, True), ("overview.topics", True, False)],
)
def test_each_statement_is_measured_once(
    connection: Connection, panel_id: str, *, after_a_change: bool, once_in_ten_minutes: bool
) -> None:
    factories.appeal(connection)
    # Names that come later would be read again, as what is asked once in a while.
    wait_for_news(connection)
    (panel,) = (panel for panel in PANELS if panel.id == panel_id)
    filters = recent_filters(None, 28)
    changing = {text for text, _ in panel_statements(panel, filters)}
    timed = {text for text, _ in timed_statements(panel, filters)}
    assert (bool(changing), bool(timed)) == (after_a_change, once_in_ten_minutes)
    assert not changing & timed
    assert not any("resolved_1" in text for text in changing)
