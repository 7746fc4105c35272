"""The administrator's job in a browser: letting somebody in, narrowing what they see, disabling them, reading it."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageProblems

pytestmark = pytest.mark.serial

ADDED = (
    "name: Browser Anna; role: Centre staff; e-mail: browser.anna@example.org; active: yes; sees everything: no;"
    " territories: RU-KHM"
)


def form(page: Page, button: str) -> Locator:
    """The form with this button, also while an open list hides it from who can't see."""
    return page.get_by_test_id("stForm").filter(has_text=button)


def fill(where: Locator, **values: str) -> None:
    for label, value in values.items():
        where.get_by_role("textbox", name=label.replace("_", "-"), exact=True).fill(value)


def pick(page: Page, where: Locator, label: str, option: str) -> None:
    """Choose an option of a list, as with the keyboard."""
    box = where.get_by_role("combobox", name=label)
    box.click()
    box.fill(option)
    page.get_by_role("option").filter(has_text=option).first.click()
    page.keyboard.press("Escape")


def press(where: Locator, button: str) -> None:
    where.get_by_role("button", name=button, exact=True).click()


def told(page: Page, sentence: str) -> None:
    expect(page.get_by_text(sentence, exact=True)).to_be_visible()


def cells(page: Page) -> list[list[str]]:
    """What the table of entries shows, row by row, for those who can't see it."""
    rows: list[list[str]] = page.evaluate("""() => [...document.querySelectorAll(
        '[data-testid="stDataFrame"] tbody tr')].map((row) => [...row.querySelectorAll('td')]
        .map((cell) => cell.textContent))""")
    return rows


def test_a_person_is_let_in_narrowed_and_disabled_and_the_audit_tells_all_of_it(
    page: Page, heard: PageProblems, tmp_path: Path
) -> None:
    page.set_viewport_size({"width": 1920, "height": 1400})
    page.goto("/people?as=administrator")
    expect(form(page, "Add the person")).to_be_visible()
    adding = form(page, "Add the person")
    fill(adding, Name="Browser Anna", E_mail="browser.anna@example.org", Reason="joined the centre")
    pick(page, adding, "Territories", "Khanty-Mansi (Ugra)")
    press(adding, "Add the person")
    told(page, "Added: Browser Anna.")

    # Found by name, and then changed.
    page.goto("/people?as=administrator&find=browser.anna")
    pick(page, page.get_by_test_id("stMain"), "Person", "Browser Anna")
    changing = form(page, "Save the changes")
    expect(changing.get_by_role("textbox", name="Name", exact=True)).to_have_value("Browser Anna")
    pick(page, changing, "Territories", "Sverdlovsk")
    fill(changing, Reason="covers the neighbours")
    press(changing, "Save the changes")
    told(page, "Changed: Browser Anna.")
    # Without a reason nothing is done.
    disabling = form(page, "Disable the person")
    press(disabling, "Disable the person")
    told(page, "A reason is needed.")
    fill(disabling, Reason="left the centre")
    press(disabling, "Disable the person")
    told(page, "Changed: Browser Anna.")
    expect(page.get_by_role("button", name="Enable the person again")).to_be_visible()

    page.get_by_role("link", name="What the audit has of it").click()
    expect(page.get_by_role("heading", name="Audit")).to_be_visible()
    expect(page.get_by_text("Whole: ")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame").locator("tbody tr")).to_have_count(3)
    on_screen = cells(page)
    # Number, moment, who, what, of what, why, changes.
    assert [row[-2:] for row in on_screen] == [
        ["left the centre", "active: yes → no"],
        [
            "covers the neighbours",
            "territories: RU-KHM → RU-KHM, RU-SVE",
        ],
        [
            "joined the centre",
            ADDED,
        ],
    ]
    with page.expect_download() as download:
        page.get_by_role("button", name="All of these (CSV)").click()
    kept = tmp_path / "audit.csv"
    download.value.save_as(kept)
    with kept.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    # The file has the object in words, the screen a link to it.
    assert [[row[2], *row[4:6]] for row in rows] == [[row[-4], *row[-2:]] for row in on_screen]
    assert {row[3].partition(" · ")[2] for row in rows} == {"Browser Anna"}
    page.goto("/audit?as=administrator&action=audit+exported")
    expect(page.get_by_test_id("stDataFrame").locator("tbody tr")).to_have_count(1)
    assert cells(page)[0][-1].startswith("format: csv; ")
    assert heard.outside_requests == []
    # Streamlit looks for itself below a page's address first, where it isn't.
    assert [one for one in heard.errors if "404" not in one] == []
