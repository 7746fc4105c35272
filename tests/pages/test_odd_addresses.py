"""Odd values in the address: each page stays whole and names what it ignored."""

from datetime import date
from itertools import cycle, islice
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.layout import auto_refresh
from components.url import query_params
from components.url.page_filters import FILTER_PARAMS
from queries.queue.list_url import parse_cursor
from tests.support.screens.app_pages import run_page
from tests.support.screens.odd_addresses import ODD_VALUES, PARAMS_BY_PAGE, VIEWER
from tests.support.waiting import SCRIPT_SECONDS

pytestmark = pytest.mark.slow


def ignored_note(page: AppTest) -> str:
    """What the page says that it ignored."""
    return next((caption.value for caption in page.caption if "ignored" in caption.value), "")


@pytest.mark.parametrize("name", PARAMS_BY_PAGE)
@pytest.mark.usefixtures("connection")
def test_a_page_with_odd_values_is_whole_and_names_them(name: str) -> None:
    params = [*PARAMS_BY_PAGE[name], *VIEWER]
    for offset in (6, 33):
        odd_values = islice(cycle(ODD_VALUES), offset, None)
        # The administrator may open each page; an unknown person is tested by itself.
        address = dict(zip(params, odd_values, strict=False)) | {"as": "administrator"}
        page = run_page(name, deep_link=False, **address)
        assert ignored_note(page), offset


@pytest.mark.parametrize("name", PARAMS_BY_PAGE)
@pytest.mark.usefixtures("connection")
def test_values_are_named_whatever_the_parts_of_the_page_show(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A part of the page may wait for its data, fail, or not be there for these filters."""
    monkeypatch.setattr(auto_refresh, "live_fragment", lambda *_arguments: lambda _draw: lambda: None)
    params = PARAMS_BY_PAGE[name]
    address = {"as": "administrator"} | dict.fromkeys(params, "\x00~")
    page = run_page(name, deep_link=False, **address)
    unnamed = {param for param in params if f"{param}=" not in ignored_note(page)}
    # One sentence is enough for the filters of other pages.
    is_without_filters = any("don't narrow this page" in caption.value for caption in page.caption)
    assert not unnamed - (set(FILTER_PARAMS) if is_without_filters else set())


@pytest.mark.parametrize(
    ("name", "address", "ignored"),
    [
        ("overview", {"from": "2025-11-01", "to": "2025-11-02", "period": "7d"}, ["from=2025-11-01", "to=2025-11-02"]),
        ("overview", {"to": "2025-11-02"}, ["to=2025-11-02"]),
        ("overview", {"from": "2000-02-01", "to": "2000-02-02"}, []),
        ("queue", {"before": "0~1~1"}, ["before=0"]),
        ("queue", {"selected": "1-1,2"}, ["selected=2"]),
        ("resolution", {"a": "nowhere", "pair": "organisation"}, ["a=nowhere"]),
        ("regions", {"order": "satisfaction_last", "figure": "satisfaction", "level": "territory"}, []),
        ("quality", {"order": "closed_at_once", "doubt": "closed_at_once"}, []),
        ("satisfaction", {"answers": "rating-1"}, []),
        ("appeal", {"number": "1", "list": "state=overdue&q=a+b"}, []),
        ("appeal", {"number": "1", "list": "state=overdue&colour=red"}, ["list=state=overdue"]),
    ],
)
@pytest.mark.usefixtures("connection")
def test_exactly_what_is_ignored_is_named(name: str, address: dict[str, Any], ignored: list[str]) -> None:
    note = ignored_note(run_page(name, **address))
    assert bool(note) == bool(ignored)
    assert all(item in note for item in ignored), note


def test_an_unknown_person_and_language_are_named(connection: object) -> None:
    assert connection
    note = ignored_note(run_page("overview", deep_link=False, lang="xx", **{"as": "nobody\x00"}))
    assert note == "Not known here, and ignored: lang=xx, as=nobody\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize("name", ["overview", "audit"])
def test_parameters_that_no_part_of_a_page_knows_are_named(connection: object, name: str) -> None:
    assert connection
    carried: dict[str, Any] = {"as": "administrator", "period": "all", "regime": ""}
    page = run_page(name, colour="red", **carried)
    assert ignored_note(page) == "Not known here, and ignored: colour=red"


def test_an_appeal_knows_what_the_page_before_it_had_in_its_address(connection: object) -> None:
    assert connection
    assert not ignored_note(run_page("appeal", number="1", figure="satisfaction", period="all"))


def test_every_parameter_that_a_page_reads_is_declared(monkeypatch: pytest.MonkeyPatch, connection: object) -> None:
    assert connection
    read_params: set[str] = set()
    monkeypatch.setattr(query_params, "ignore", lambda name, _value: read_params.add(name))
    for name, params in PARAMS_BY_PAGE.items():
        odd_address: dict[str, Any] = {"as": "administrator"} | dict.fromkeys(params, "~")
        run_page(name, **odd_address)
    declared = {param for params in PARAMS_BY_PAGE.values() for param in (*params, *VIEWER)}
    assert read_params
    assert read_params <= declared


def test_a_left_appeal_leaves_the_address_and_its_list_comes_back(connection: object) -> None:
    assert connection
    page = run_page("queue", number="1", source="demo", region="RU", lang="ru", list="state=overdue&q=a+b")
    assert page.query_params == {"lang": "ru", "state": "overdue", "q": "a b"}
    page = run_page("regions", number="1", figure="satisfaction")
    assert page.query_params == {"figure": "satisfaction"}


@pytest.mark.parametrize(
    ("name", "address", "button", "left"),
    [
        ("queue", {"q": "nothing", "state": "overdue", "regime": "x"}, "queue-clear-search", {"regime": "x"}),
        ("queue", {"q": "nothing", "period": "all"}, "queue-clear-filters", {"q": "nothing"}),
        ("overdue", {"period": "all"}, "late-clear-filters", {}),
        ("people", {"find": "nothing"}, "people-clear-search", {}),
    ],
)
def test_an_empty_list_has_a_way_out(
    connection: object, name: str, address: dict[str, Any], button: str, left: dict[str, str]
) -> None:
    assert connection
    page = run_page(name, **{"as": "administrator"} | address)
    page.button(key=button).click().run()
    assert not page.exception
    assert page.query_params == {"as": "administrator"} | left


@pytest.mark.parametrize(
    ("name", "address", "note"),
    [
        ("queue", {"q": "a"}, "whatever the list is searched for"),
        ("queue", {"period": "all"}, "Open appeals are those of now"),
        ("overdue", {"period": "all"}, "Late appeals are those of now"),
    ],
)
def test_what_ignores_the_search_or_the_period_says_so(
    connection: object, name: str, address: dict[str, Any], note: str
) -> None:
    assert connection
    assert any(note in caption.value for caption in run_page(name, **address).caption)
    assert not any(note in caption.value for caption in run_page(name).caption)


def test_an_unknown_appeal_offers_a_search(connection: object) -> None:
    assert connection
    page = run_page("appeal", number="42", lang="ru")
    assert "42" in [box.value for box in page.text_input]


@pytest.mark.parametrize("number", ["\x00", "a\x00b", "9" * 5000])
def test_an_impossible_number_is_no_appeal(connection: object, number: str) -> None:
    assert connection
    page = run_page("appeal", number=number)
    assert [message.value for message in page.info] == ["There is no such appeal, or you may not see it."]
    assert ignored_note(page)


@pytest.mark.parametrize("value", ODD_VALUES)
def test_ids_and_cursors_fit_the_database(value: str) -> None:
    number = query_params.parse_id(value)
    assert number is None or 0 <= number < 2**63
    cursor = parse_cursor(value, "deadline")
    assert cursor is None or (0 <= cursor.id < 2**63 and 0 <= cursor.region_id < 2**31)


def days_script() -> None:
    from datetime import date  # noqa: PLC0415 -- a script of AppTest brings its own imports

    import streamlit as st  # noqa: PLC0415

    from components.filters.periods import RunningDays  # noqa: PLC0415
    from components.filters.select import read_day_range  # noqa: PLC0415
    from components.url import ignored_values  # noqa: PLC0415

    ignored_values.start_note()
    running = RunningDays(date(2025, 11, 24), date(2025, 11, 24))
    st.session_state["days"] = read_day_range(date(2024, 3, 1), date(2025, 11, 24), running)


USUAL = (date(2025, 10, 27), date(2025, 11, 23))


@pytest.mark.parametrize(
    ("first", "last", "days", "is_ignored"),
    [
        ("1880-02-01", "2120-01-01", (date(2024, 3, 1), date(2025, 11, 24)), False),
        ("0001-01-01", "9999-12-31", (date(2024, 3, 1), date(2025, 11, 24)), False),
        ("2025-11-02", "2025-11-01", USUAL, True),
        ("2025-11-01", "2025-11-01", (date(2025, 11, 1), date(2025, 11, 1)), False),
        ("2025-11-25", "2026-01-01", USUAL, True),
        ("0001-01-01", "0001-01-02", USUAL, True),
        ("1950-01-01", "2001-01-31", (date(2000, 2, 1), date(2001, 1, 31)), False),
        ("\x00", "2025-02-30", USUAL, True),
    ],
)
def test_a_range_is_cut_to_the_days_that_have_data(
    first: str, last: str, days: tuple[date, date], *, is_ignored: bool
) -> None:
    page = AppTest.from_function(days_script, default_timeout=SCRIPT_SECONDS)
    page.query_params.update({"from": first, "to": last})
    page.run()
    assert not page.exception
    assert page.session_state["days"] == days
    assert bool(ignored_note(page)) == is_ignored
