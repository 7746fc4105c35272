"""A situation report holds what the screens show, in any language, and no text in it is markup."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PageObject, PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import Connection, text

from components.export.column_titles import COLUMN_TITLES, SHARE_COLUMNS
from otklik.database.day_stocks import record_day_stocks
from otklik.i18n import set_language
from otklik.progress import ignore_progress
from otklik.reports.situation import STAGES
from otklik.reports.situation_file import make_report, start_report
from queries import overview
from queries.filters import Filters
from queries.metrics.catalogue import METRICS
from tests.support import factories

pytestmark = pytest.mark.slow

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
HOSTILE = "#panic() $x$ *b* <a> @c =1+1"
FILTERS = Filters((NOW - 9 * DAY).date(), (NOW + DAY).date(), territory="RU-KHM")


@pytest.fixture
def region(connection: Connection) -> None:
    """A region with a town that has 40 closed appeals and an overdue one, on a topic whose name looks like markup."""
    factories.territory(connection, "RU", "country", name="Russia")
    factories.territory(connection, "RU-KHM", "region", "RU", name="Ugra", lon=70.0, lat=62.0)
    factories.territory(connection, "surgut", "municipality", "RU-KHM", name="Surgut", lon=73.4, lat=61.3)
    factories.topic(connection, "evil", name=HOSTILE)
    done: dict[str, Any] = {"received_at": NOW - 3 * DAY, "closed_at": NOW - 2 * DAY, "deadline_at": NOW - DAY}
    for _ in range(40):
        factories.appeal(connection, region="RU-KHM", municipality="surgut", topic="evil", rating=4, **done)
    late: dict[str, Any] = {"received_at": NOW - 5 * DAY, "deadline_at": NOW - 2 * DAY}
    factories.appeal(connection, region="RU-KHM", municipality="surgut", topic="evil", number="LATE-1", **late)


@pytest.mark.usefixtures("region")
@pytest.mark.parametrize(
    ("language", "title", "received"),
    [
        ("en", "Situation report", "Received"),
        ("ru", "Ситуационный отчёт", "Поступило"),
        ("hr", "Izvješće", "Zaprimljeno"),
    ],
)
def test_the_pdf_has_figures_and_overdue_appeals_in_its_language(language: str, title: str, received: str) -> None:
    set_language(language)
    finished_stages: list[int] = []
    report = make_report("pdf", FILTERS, lambda _stage, done, _total: finished_stages.append(done))
    pages = PdfReader(BytesIO(report)).pages
    set_language("en")
    text = "\n".join(page.extract_text() for page in pages)
    assert title in text
    assert f"{received} 41" in text
    assert "LATE-1" in text
    assert finished_stages == list(range(len(STAGES) + 1))


@pytest.mark.usefixtures("region")
def test_a_report_of_past_days_says_whether_its_stocks_are_as_they_stood(url: str) -> None:
    set_language("en")
    record_day_stocks(url)
    last_day = (NOW - timedelta(hours=12)).date() - DAY
    sentences = {
        "as they stood at its end": Filters(last_day - 9 * DAY, last_day + DAY, territory="RU-KHM"),
        "since that day wasn't recorded": Filters(last_day - 9 * DAY, last_day, territory="RU-KHM"),
        "knows territories alone": Filters(last_day - 9 * DAY, last_day + DAY, topic="evil"),
    }
    for sentence, filters in sentences.items():
        pages = PdfReader(BytesIO(make_report("pdf", filters, ignore_progress))).pages
        text = " ".join(" ".join(page.extract_text().split()) for page in pages).replace("’", "'")
        assert [sentence in text for sentence in sentences] == [other == sentence for other in sentences]
        workbook = CalamineWorkbook.from_filelike(BytesIO(make_report("xlsx", filters, ignore_progress)))
        notes = [
            str(cell)
            for name in workbook.sheet_names
            for row in workbook.get_sheet_by_name(name).to_python()
            for cell in row
        ]
        assert any(sentence in note for note in notes)


@pytest.mark.usefixtures("region")
def test_text_that_looks_like_markup_stays_text() -> None:
    set_language("en")
    pages = PdfReader(BytesIO(make_report("pdf", FILTERS, ignore_progress))).pages
    text = " ".join(" ".join(page.extract_text().split()) for page in pages)
    assert all(word in text for word in HOSTILE.split())


TOP_MARGIN, BOTTOM_MARGIN = 20 * 72 / 25.4, 18 * 72 / 25.4
"""Points; the footer is below the text."""


@pytest.mark.usefixtures("region")
@pytest.mark.parametrize("overdue_count", [0, 5, 60])
@pytest.mark.parametrize("territory", ["RU-KHM", "surgut"])
def test_the_report_leads_with_decisions_and_fills_every_page_but_the_last(
    connection: Connection, territory: str, overdue_count: int
) -> None:
    for n in range(overdue_count):
        factories.topic(connection, f"topic-{n % 12}")
        factories.appeal(
            connection,
            region="RU-KHM",
            municipality="surgut",
            topic=f"topic-{n % 12}",
            holder="housing",
            received_at=NOW - 6 * DAY,
            deadline_at=NOW - 3 * DAY,
        )
    set_language("en")
    pages = PdfReader(BytesIO(make_report("pdf", replace(FILTERS, territory=territory), ignore_progress))).pages
    text = " ".join(pages[0].extract_text().split())
    assert text.index("What needs a decision") < text.index("Figures Figure Now")
    assert f"{'housing' if overdue_count else 'office'}: {overdue_count or 1} of {overdue_count or 1} open" in text
    assert "Longest overdue" in text
    assert [n for n, page in enumerate(pages[:-1], start=1) if filled_share(page) < 2 / 3] == []


def filled_share(page: PageObject) -> float:
    """How far down the lowest text or picture of a page reaches: 0 for none, 1 for the whole height between margins."""
    resources: Any = page["/Resources"]
    pictures, height = resources.get("/XObject", {}), float(page.mediabox.height)
    lowest = height - TOP_MARGIN

    def measure_picture(operator: bytes, operands: list[Any], matrix: list[float], _text_matrix: list[float]) -> None:
        nonlocal lowest
        if operator == b"Do" and operands[0] in pictures:
            left, bottom, right, top = pictures[operands[0]].get("/BBox", (0, 0, 1, 1))
            for x, y in ((left, bottom), (left, top), (right, bottom), (right, top)):
                lowest = min(lowest, x * matrix[1] + y * matrix[3] + matrix[5])

    def measure_text(text: str, matrix: list[float], text_matrix: list[float], _font: object, _size: float) -> None:
        nonlocal lowest
        y = text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5]
        if text.strip() and y > BOTTOM_MARGIN:
            lowest = min(lowest, y)

    page.extract_text(visitor_operand_before=measure_picture, visitor_text=measure_text)
    return (height - TOP_MARGIN - lowest) / (height - TOP_MARGIN - BOTTOM_MARGIN)


CHINESE, THAI = "空气污染", "ไทย"


@pytest.mark.parametrize(("name", "note"), [(CHINESE, ""), (f"{CHINESE} {THAI}", "U+0E17, U+0E22, U+0E44")])
def test_chinese_has_glyphs_in_texts_and_charts_and_other_missing_characters_are_named(
    connection: Connection, name: str, note: str
) -> None:
    factories.topic(connection, "air", name=name)
    factories.appeal(connection, topic="air", received_at=NOW - 5 * DAY, deadline_at=NOW - 2 * DAY)
    set_language("en")
    pages = PdfReader(BytesIO(make_report("pdf", replace(FILTERS, territory=None), ignore_progress))).pages
    text = "\n".join(page.extract_text() for page in pages)
    text = " ".join(text.split())
    assert text.count(CHINESE) == 3  # the decisions, the chart of topics and the list
    assert ("no glyph" in text) == bool(note)
    assert note in text, text[:900]


@pytest.mark.usefixtures("region")
def test_the_spreadsheet_has_the_numbers_of_the_screens() -> None:
    set_language("en")
    book = CalamineWorkbook.from_filelike(BytesIO(make_report("xlsx", FILTERS, ignore_progress)))
    figures = {row[0]: row[1] for row in book.get_sheet_by_name("Figures").to_python()}
    for metric_value in overview.kpis(FILTERS):
        if metric_value.metric.id != "answer_median":
            assert figures[metric_value.metric.name] == pytest.approx(metric_value.value), metric_value.metric.id
    head, late = book.get_sheet_by_name("Overdue appeals").to_python()
    assert late[head.index("Number")] == "LATE-1"


@pytest.mark.usefixtures("region")
def test_a_report_is_made_in_the_background_and_audited(connection: Connection) -> None:
    set_language("en")
    job = start_report("xlsx", FILTERS)
    assert job.content(timeout=60).startswith(b"PK")
    assert job.done == job.total == len(STAGES)
    entry = connection.execute(text("SELECT action, object, after FROM audit ORDER BY id DESC LIMIT 1")).one()
    assert (entry.action, entry.object) == ("report exported", "report xlsx")
    last_day = (FILTERS.end - timedelta(days=1)).isoformat()
    assert entry.after == {"start": FILTERS.start.isoformat(), "end": last_day, "territory": "RU-KHM"}


def test_metric_columns_have_the_titles_of_the_catalogue() -> None:
    both = COLUMN_TITLES.keys() & METRICS.keys()
    assert {name: COLUMN_TITLES[name] for name in both} == {name: METRICS[name].name for name in both}
    assert {name for name in both if METRICS[name].unit == "share"} == both & SHARE_COLUMNS
