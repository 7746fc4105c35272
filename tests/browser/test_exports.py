"""What is taken away says what the screen says: each file is opened again and its numbers are compared."""

import csv
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import psycopg
import pytest
from playwright.sync_api import Page, TimeoutError, expect  # noqa: A004 -- the browser's own
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from tests.browser.conftest import PATIENCE, PageProblems
from tests.browser.test_overview import loaded, tile
from tests.support.servers.running_app import RunningApp, run_otklik
from tests.support.waiting import wait_for

pytestmark = pytest.mark.serial

CLICKS = 3
DAYS = 31
LAST = datetime.now(UTC).date() - timedelta(days=3)
OVER = f"from={LAST - timedelta(days=DAYS - 1)}&to={LAST}"
"""A period that is over: a day that still goes on is left out of the lines."""


def menu(page: Page, title: str) -> None:
    """Open the menu of a panel, which stands beside its title."""
    heading = page.get_by_role("heading", name=title, exact=True)
    expect(heading).to_be_visible()
    beside = page.get_by_test_id("stPopover").locator("button:visible")
    head = page.locator("[data-testid=stHorizontalBlock], [data-testid=stVerticalBlock]").filter(has=heading).last
    head.locator(beside).first.click()


def taken(page: Page, title: str, label: str) -> bytes:
    """A file of a panel."""
    menu(page, title)
    button = page.get_by_role("button", name=label, exact=True)
    expect(button).to_be_visible()
    for _ in range(CLICKS):
        # A click just while the panel is drawn anew is lost, as for anybody: one clicks again.
        try:
            with page.expect_download(timeout=PATIENCE / CLICKS) as download:
                button.click()
        except TimeoutError:
            continue
        return Path(download.value.path()).read_bytes()
    pytest.fail(f"No click on “{label}” brought a file.")


def number(text: str) -> float:
    """A number as the screen writes it in English."""
    return float(re.sub(r"[^\d.]", "", text))


def sheet(content: bytes, name: str) -> list[list[object]]:
    """The rows of a sheet."""
    return [list(row) for row in CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(name).to_python()]


def test_a_chart_is_taken_as_rows_that_add_up_to_its_tile_and_as_pictures_with_its_title(
    page: Page, heard: PageProblems
) -> None:
    loaded(page, f"/overview?{OVER}")
    received = number(tile(page, "Received"))
    content = taken(page, "Received and closed by day", "Rows (CSV)").decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(content)))
    assert len(rows) == DAYS
    assert sum(float(row["received"]) for row in rows) == received
    page.keyboard.press("Escape")
    book = taken(page, "Received and closed by day", "Rows (XLSX)")
    head, *days = sheet(book, "Received and closed by day")
    assert sum(float(str(row[head.index("received")])) for row in days) == received
    page.keyboard.press("Escape")
    assert taken(page, "Largest topics", "Picture (PNG)").startswith(b"\x89PNG\r\n")
    page.keyboard.press("Escape")
    picture = taken(page, "Largest topics", "Picture (SVG)")
    assert picture.startswith(b"<svg ")
    texts = [text for text in ET.fromstring(picture).itertext() if text.strip()]  # noqa: S314 -- our own
    assert texts[0] == "Largest topics"
    assert "Housing and utilities" in texts
    assert heard.outside_requests == []


def test_a_ranking_says_the_same_in_its_file(page: Page) -> None:
    page.goto("/regions?territory=RU-FD-URAL")
    cells = page.get_by_test_id("stDataFrame").first.locator('td[aria-colindex="1"]')
    wait_for(lambda: cells.count() == 6, "the six regions of the Urals")
    names = cells.all_text_contents()
    rows = list(csv.DictReader(StringIO(taken(page, "On time", "Rows (CSV)").decode("utf-8-sig"))))
    assert [row["Territory"] for row in rows] == names


def test_reports_made_in_the_background_say_what_the_tiles_say(page: Page) -> None:
    loaded(page, f"/overview?territory=RU-KHM&{OVER}")
    received, satisfied = tile(page, "Received"), tile(page, "Satisfaction")
    page.get_by_role("button", name="Situation report").locator("visible=true").first.click()
    pdf = PdfReader(BytesIO(made_report(page, "PDF for reading")))
    text = "\n".join(pdf_page.extract_text() for pdf_page in pdf.pages)
    assert re.search(rf"^Received\s+{received}\b", text, re.MULTILINE)
    assert re.search(rf"^Satisfaction\s+{re.escape(satisfied)}", text, re.MULTILINE)
    head, *rows = sheet(made_report(page, "XLSX for counting on"), "Figures")
    now = {str(row[0]): row[head.index("Now")] for row in rows}
    assert now["Received"] == number(received)
    assert f"{float(str(now['Satisfaction'])):.1%}" == satisfied


def made_report(page: Page, kind: str) -> bytes:
    """The report in this kind of file, made by the open menu and taken from it."""
    page.get_by_role("button", name=kind, exact=True).click()
    ready = page.get_by_role("button", name=f"Download: {kind}")
    expect(ready).to_be_visible()
    with page.expect_download() as download:
        ready.click()
    return Path(download.value.path()).read_bytes()


def test_a_report_from_the_console_is_in_the_language_that_was_asked_for(app: RunningApp, tmp_path: Path) -> None:
    file = tmp_path / "ugra.pdf"
    made = run_otklik(
        *("report", "--territory", "RU-KHM", "--period", "91d", "--lang", "ru", "-o", file), data=app.data
    )
    assert made.returncode == 0, made.stderr
    text = "\n".join(one.extract_text() for one in PdfReader(file).pages)
    assert "Ханты-Мансийский автономный округ" in text
    assert "Ситуационный отчёт" in text
    with psycopg.connect(app.database_url) as connection:
        names = connection.execute("SELECT full_name FROM applicant LIMIT 2000").fetchall()
    assert not [name for (name,) in names if name in text]
