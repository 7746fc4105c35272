"""The search box in the head of every page."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from components.layout.search_box import KEY
from otklik.pages import PAGES
from tests.support import factories
from tests.support.screens.app_pages import run_page

DAY = timedelta(days=1)


@pytest.fixture
def appeals(connection: Connection) -> None:
    """An appeal of the manager's region, and one of another."""
    deadline = datetime.now(UTC) + DAY
    factories.territory(connection, "RU-FD-URAL", "district", "X")
    factories.territory(connection, "RU-KHM", "region", "RU-FD-URAL")
    grant = text("""INSERT INTO person_territory SELECT person.id, territory.id FROM person, territory
        WHERE issuer = 'demo' AND subject = 'manager' AND code = 'RU-KHM' ON CONFLICT DO NOTHING""")
    connection.execute(grant)
    factories.appeal(connection, number="42", region="RU-KHM", deadline_at=deadline)
    factories.appeal(connection, number="ELSE-7", region="XA", deadline_at=deadline)


def search(page: AppTest, search_text: str) -> dict[str, str]:
    """Enter a text into the box; the address afterwards."""
    page.text_input(key=KEY).input(search_text).run()
    assert not page.exception
    return {name: "".join(values) for name, values in page.query_params.items()}


def has_search_box(page: AppTest) -> bool:
    return KEY in [text_input.key for text_input in page.text_input]


@pytest.mark.usefixtures("appeals")
@pytest.mark.parametrize("page_name", sorted(set(PAGES) - {"people"}))  # AppTest can't run its select boxes again
def test_every_page_opens_an_appeal_by_its_number(page_name: str) -> None:
    shown_appeal = {"number": "ELSE-7", "region": "XA"} if page_name == "appeal" else {}
    page = run_page(page_name, deep_link=False, **{"as": "administrator"}, lang="hr", **shown_appeal)
    assert search(page, " 42 ") == {"as": "administrator", "lang": "hr", "number": "42"}
    assert "42" in [title.value for title in page.header] + [title.value for title in page.subheader]


@pytest.mark.usefixtures("appeals")
def test_words_and_numbers_out_of_reach_search_the_queue_with_person_language_and_filters() -> None:
    filters = {"as": "manager", "lang": "ru", "territory": "RU-KHM", "channel": "portal"}
    page = run_page("overdue", deep_link=False, **filters)
    assert search(page, "hole") == {**filters, "q": "hole"}
    # In the queue its own criteria stay, and another appeal's number finds nothing outside the territory.
    page = run_page("queue", deep_link=False, **filters, state="within", after="x~1~1")
    assert search(page, "ELSE-7") == {**filters, "state": "within", "q": "ELSE-7"}
    assert page.text_input(key=KEY).value == ""


@pytest.mark.usefixtures("appeals")
def test_the_search_from_an_appeal_keeps_the_filters_of_its_list() -> None:
    page = run_page("appeal", deep_link=False, **{"as": "manager"}, number="42", list="territory=RU-KHM&state=overdue")
    assert search(page, "hole") == {"as": "manager", "territory": "RU-KHM", "state": "overdue", "q": "hole"}


@pytest.mark.usefixtures("appeals")
def test_refused_pages_have_no_search_box() -> None:
    assert has_search_box(run_page("overview", deep_link=False, **{"as": "staff"}))
    assert has_search_box(run_page("people", deep_link=False, **{"as": "administrator"}))
    assert not has_search_box(run_page("people", deep_link=False, **{"as": "staff"}))
