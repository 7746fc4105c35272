"""The page of systemic problems, from `app.py` and by a deep link."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from components.layout.narrow_screen import IS_PHONE_STATE
from otklik.i18n import LANGUAGES
from tests.support import factories
from tests.support.appeals.problems import problem, remedy
from tests.support.appeals.surges import alarm
from tests.support.screens.app_pages import click_table_cell, panel_titles, run_page
from tests.support.screens.tables import displayed

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
COUNTS = {"XA": {"roads": 60, "heat": 40, "waste": 60}, "XB": {"roads": 60, "heat": 120, "waste": 60}}
PERIOD: dict[str, Any] = {"period": "28d"}
CELL_PANELS = [
    "Received by week against expectation", "Places of the cell", "Organisations of the cell",
    "Problems of the cell", "Done elsewhere about this topic",
    "Similar cells: of the same topic, and of the same territory", "Appeals of the cell",
]  # fmt: skip


@pytest.fixture
def appeals(connection: Connection) -> None:
    """Far more about heat in XB than its share elsewhere; its appeals there were mostly late."""
    for region, topics in COUNTS.items():
        for topic, count in topics.items():
            for n in range(count):
                received = NOW - (8 + n % 14) * DAY
                is_late = (region, topic) == ("XB", "heat") and n % 2 == 0
                factories.appeal(
                    connection,
                    region=region,
                    municipality=f"{region}-1",
                    topic=topic,
                    number=f"{region}/{topic}/{n}",
                    received_at=received,
                    deadline_at=received + 3 * DAY,
                    closed_at=received + (5 if is_late else 1) * DAY,
                )


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("deep", [False, True])
def test_the_worst_cell_comes_first_with_its_ratios(deep: bool) -> None:  # noqa: FBT001 -- pytest hands it over
    page = run_page("matrix", deep_link=deep, **PERIOD)
    assert panel_titles(page) == ["Topics by territories", "Worst cells", "Systemic or acute"]
    rows = page.dataframe[0].value
    assert (rows["topic"][0], rows["territory"][0], rows["received"][0]) == ("heat", "XB", 120)
    # Of 400 appeals, 160 are about heat and 240 are of XB.
    assert rows["expected"][0] == pytest.approx(160 * 240 / 400)
    assert rows["late"][0] > 1
    assert rows["returned"].isna().all()


@pytest.mark.usefixtures("appeals")
def test_a_click_on_a_topic_opens_its_cell_and_a_button_closes_it() -> None:
    page = run_page("matrix", **PERIOD)
    click_table_cell(page, 0, 0, "topic")
    assert page.query_params["cell"] == "heat@XB"
    titles = panel_titles(page)
    assert titles[1] == "heat · XB"
    assert titles[2:9] == CELL_PANELS
    ratios = displayed(page.dataframe[0]).set_index("figure")
    assert ratios["counts"]["Volume"] == "120 against 96.0 expected"
    assert ratios["counts"]["Late"].startswith("60 of 120, against ")
    # In a matrix of six cells, 120 against 96 may yet be chance; half of them late, against a third, is not.
    assert ratios["verdict"].tolist()[:3] == ["above 1 beyond chance", "within chance", "above 1 beyond chance"]
    assert ratios["ratio"]["Returned"] == "—"
    page.button(key="close-cell").click().run()
    assert not page.exception
    assert "cell" not in page.query_params
    assert "heat · XB" not in panel_titles(page)


@pytest.mark.usefixtures("appeals")
def test_a_part_lists_the_appeals_behind_it() -> None:
    page = run_page("matrix", cell="heat@XB", shade="late", **PERIOD)
    assert panel_titles(page)[8] == "Appeals of the cell: Late"
    numbers = page.dataframe[4].value["number"]
    assert len(numbers) == 60
    assert all(int(number.rsplit("/", 1)[1]) % 2 == 0 for number in numbers)


@pytest.mark.usefixtures("appeals")
def test_a_surge_marks_its_cell(connection: Connection) -> None:
    alarm(connection, (NOW - DAY).date(), "XB", "heat")
    page = run_page("matrix", **PERIOD)
    rows = page.dataframe[0].value
    assert rows["marks"][0] == "▲ surge"


@pytest.mark.usefixtures("appeals")
def test_a_decision_marks_its_cell_and_is_listed_with_what_was_done_elsewhere(connection: Connection) -> None:
    remedy(connection, problem(connection, "XB", "heat", status="decided", title="Cold flats"), NOW.date() + DAY)
    elsewhere = problem(connection, "XA", "heat", status="closed", title="Old boiler")
    remedy(connection, elsewhere, NOW.date(), title="New boiler", is_done=True)
    assert run_page("matrix", **PERIOD).dataframe[0].value["marks"][0] == "● decided"
    page = run_page("matrix", cell="heat@XB", **PERIOD)
    captions = [caption.value for caption in page.caption]
    assert any("XB · Decided · Resurface · due" in caption for caption in captions)
    assert any("XA · Old boiler · Closed · done" in caption for caption in captions)


@pytest.mark.usefixtures("appeals")
def test_what_the_address_has_and_is_no_choice_is_named() -> None:
    page = run_page("matrix", shade="nonsense", arrange="nonsense", cell="heat@nowhere", **PERIOD)
    (note,) = (caption.value for caption in page.caption if "ignored" in caption.value)
    assert all(value in note for value in ("shade=nonsense", "arrange=nonsense", "cell=heat"))
    # A cell that isn't in the matrix of these filters is no mistake: another filter shows it again.
    page = run_page("matrix", cell="heat@XB", territory="XA", **PERIOD)
    assert not [caption for caption in page.caption if "ignored" in caption.value]


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize(("language", "shade"), [*zip(LANGUAGES, ("returned", "low_rated", "volume"), strict=True)])
def test_the_page_speaks_the_language_of_the_address(language: str, shade: str) -> None:
    page = run_page("matrix", lang=language, shade=shade, arrange="similar", cell="heat@XB", **PERIOD)
    titles = {"en": "Systemic problems", "ru": "Системные проблемы", "hr": "Sustavni problemi"}
    assert page.title[0].value == titles[language]
    assert len(set(panel_titles(page))) == 11


@pytest.mark.usefixtures("appeals")
def test_below_a_municipality_there_is_nothing_to_compare() -> None:
    page = run_page("matrix", territory="XA-1", **PERIOD)
    assert any("Below a municipality" in element.value for element in page.markdown)


@pytest.mark.usefixtures("connection")
def test_an_empty_database_is_said_in_words() -> None:
    page = run_page("matrix")
    assert not page.dataframe
    assert any(element.value.startswith(":gray[") for element in page.markdown)


@pytest.mark.usefixtures("appeals")
def test_on_a_phone_a_list_stands_in_place_of_the_matrix() -> None:
    page = run_page("matrix", **PERIOD)
    page.session_state[IS_PHONE_STATE] = True
    page.run()
    assert not page.exception
    assert panel_titles(page) == ["Worst cells", "Topics by territories", "Systemic or acute"]
    assert page.dataframe[0].value["territory"][0] == "XB"
    assert any("no room for the matrix" in caption.value for caption in page.caption)
