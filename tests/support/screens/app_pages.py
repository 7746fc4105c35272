"""Pages as AppTest runs them: from `app.py` or by a deep link."""

from streamlit.testing.v1 import AppTest

from tests.support.paths import PROJECT_ROOT
from tests.support.screens.tables import report_click
from tests.support.waiting import SCRIPT_SECONDS


def run_page(name: str, *, deep_link: bool = False, **query_params: str) -> AppTest:
    """The page with this address; it shows no error and no panel that failed."""
    page = AppTest.from_file(
        str(PROJECT_ROOT / (f"pages/{name}.py" if deep_link else "app.py")), default_timeout=SCRIPT_SECONDS
    )
    for key, value in query_params.items():
        page.query_params[key] = value
    if not deep_link:
        page.switch_page(f"pages/{name}.py")
    page.run()
    assert not page.exception
    assert not page.warning, [warning.value for warning in page.warning]
    return page


def tile_values(page: AppTest) -> dict[str, str]:
    """What each tile shows by its label."""
    return {metric.label: metric.value for metric in page.metric}


def panel_titles(page: AppTest) -> list[str]:
    """The titles of the panels, in their order."""
    return [element.value.removeprefix("#### ") for element in page.markdown if element.value.startswith("#### ")]


def click_table_cell(page: AppTest, table_index: int, row: int, column: str = "name") -> None:
    """Click a cell of a table that leads somewhere."""
    table = page.dataframe[table_index]
    report_click(page, table.proto.button_click_widgets[column], row, str(table.value[column].iloc[row]))
    assert not page.exception
