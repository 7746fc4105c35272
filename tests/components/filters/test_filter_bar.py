"""The filter bar and the address say the same."""
# ruff: noqa: PLC0415 -- a script of AppTest brings its own imports

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from queries.filters import Filters
from tests.support.waiting import SCRIPT_SECONDS


def bar() -> None:
    from datetime import date
    from types import SimpleNamespace

    import pandas as pd
    import streamlit as st

    from components.auth.viewer import Viewer
    from components.filters.filter_bar import filter_bar
    from components.text.period_text import period_label
    from queries.filters import Filters

    def frame(*rows: tuple[str, str, str | None]) -> object:
        table = pd.DataFrame(rows, columns=["code", "name", "parent"])
        return lambda _filters: table

    choices = SimpleNamespace(
        received_date_range=lambda _territory=None: (date(2024, 10, 20), st.session_state["last"]),
        jurisdiction=lambda _territory=None: ("RU", None),
        first_running_day=lambda filters: st.session_state["running"].get(filters.territory, date(2025, 11, 24)),
        last_running_day=lambda filters, today: st.session_state["running"].get(filters.territory, today),
        territories=frame(("RU", "Russia", None), ("RU-KHM", "Ugra", "RU"), ("surgut", "Surgut", "RU-KHM")),
        topics=frame(("roads", "Roads", None), ("potholes", "Potholes", "roads")),
        organisations=frame(("one", "One", None)),
        regimes=frame(("law59", "59-FZ", None)),
        channels=frame(("portal", "Portal", None)),
    )
    who = st.query_params.get("as", "staff")
    viewer = Viewer(who, ("RU-KHM",) if who == "manager" else ())
    filters = filter_bar(viewer, choices, Filters, date(2025, 11, 24))
    st.session_state["filters"] = filters
    st.session_state["words"] = period_label(filters, date(2025, 11, 24))


def screen(
    address: dict[str, str] | None = None, last: date = date(2025, 11, 24), running: dict[str, date] | None = None
) -> AppTest:
    page = AppTest.from_function(bar, default_timeout=SCRIPT_SECONDS)
    page.session_state["last"] = last
    page.session_state["running"] = running or {}
    for name, value in (address or {}).items():
        page.query_params[name] = value
    return page.run()


def chosen(page: AppTest) -> Filters:
    assert not page.exception
    filters: Filters = page.session_state["filters"]
    return filters


def test_a_period_before_all_data_is_compared_with_nothing() -> None:
    page = screen({"period": "12m"})
    assert chosen(page).comparison_filters() is None
    assert page.session_state["words"].endswith("nothing to compare with: no data before 20 Oct 2024")


def test_a_period_ends_by_the_day_that_runs_in_the_territory() -> None:
    running = {"surgut": date(2025, 11, 25)}
    filters = chosen(screen({"territory": "surgut", "period": "7d"}, running=running))
    assert (filters.start, filters.end) == (date(2025, 11, 18), date(2025, 11, 25))
    filters = chosen(screen({"territory": "surgut", "period": "today"}, running=running))
    assert (filters.start, filters.end) == (date(2025, 11, 25), date(2025, 11, 26))


@pytest.mark.parametrize(("code", "start"), [("30d", date(2025, 10, 27)), ("90d", date(2025, 8, 25))])
def test_an_older_address_still_opens(code: str, start: date) -> None:
    page = screen({"period": code})
    assert (chosen(page).start, chosen(page).end) == (start, date(2025, 11, 24))
    assert not page.caption


def test_the_usual_screen_is_four_weeks_of_everything_to_yesterday() -> None:
    page = screen()
    filters = chosen(page)
    assert (filters.start, filters.end) == (date(2025, 10, 27), date(2025, 11, 24))
    assert filters.compare == "previous"
    assert (filters.territory, filters.topic, filters.organisation, filters.regime, filters.channel) == (None,) * 5
    assert page.session_state["words"].replace("\u2009", " ") == (
        "27 Oct – 23 Nov 2025, compared with 29 Sept – 26 Oct 2025; "
        "working days: 19 and 20 (1 Nov 2025: worked in exchange, 3 Nov 2025: Day off, 4 Nov 2025: Unity Day)"
    )
    assert page.button(key="reset").disabled


def test_an_address_is_a_screen() -> None:
    address = {"territory": "surgut", "period": "7d", "topic": "potholes", "regime": "law59", "channel": "portal"}
    page = screen(address | {"organisation": "one", "compare": "year"})
    filters = chosen(page)
    assert (filters.start, filters.end, filters.compare) == (date(2025, 11, 17), date(2025, 11, 24), "year")
    assert (filters.territory, filters.topic, filters.organisation) == ("surgut", "potholes", "one")
    assert (filters.regime, filters.channel) == ("law59", "portal")


def test_a_choice_goes_into_the_address_and_the_usual_one_out_of_it() -> None:
    page = screen()
    page.selectbox(key="filter-territory").select("RU-KHM").run()
    assert chosen(page).territory == "RU-KHM"
    assert page.query_params["territory"] == "RU-KHM"
    page.selectbox(key="filter-territory").select("").run()
    assert chosen(page).territory is None
    assert "territory" not in page.query_params


def test_reset_empties_the_address_of_filters_alone() -> None:
    page = screen({"territory": "RU-KHM", "period": "7d", "lang": "en", "compare": "none"})
    page.button(key="reset").click().run()
    assert chosen(page).territory is None
    assert chosen(page).compare == "previous"
    assert list(page.query_params) == ["lang"]


def test_what_nobody_knows_is_ignored_with_a_note() -> None:
    page = screen({"territory": "RU-XXX", "period": "7d", "topic": "potholes"})
    filters = chosen(page)
    assert (filters.territory, filters.topic) == (None, "potholes")
    assert [one.value for one in page.caption] == ["Not known here, and ignored: territory=RU-XXX"]


@pytest.mark.parametrize("address", [{"period": "range"}, {}])
def test_days_of_ones_own_are_a_half_open_range(address: dict[str, str]) -> None:
    filters = chosen(screen(address | {"from": "2025-03-01", "to": "2025-03-31"}))
    assert (filters.start, filters.end) == (date(2025, 3, 1), date(2025, 4, 1))


def test_days_that_are_none_are_ignored_with_a_note() -> None:
    page = screen({"period": "range", "from": "2025-13-01", "to": "2025-03-31"})
    assert chosen(page).end > chosen(page).start
    assert "from=2025-13-01" in page.caption[0].value


def test_another_preset_takes_ones_own_days_out_of_the_address() -> None:
    page = screen({"from": "2025-03-01", "to": "2025-03-31"})
    page.selectbox(key="filter-period").select("28d").run()
    assert (chosen(page).start, chosen(page).end) == (date(2025, 10, 27), date(2025, 11, 24))
    assert list(page.query_params) == []


def test_old_data_are_shown_whole_and_compared_with_nothing() -> None:
    filters = chosen(screen(last=date(2025, 6, 1)))
    assert (filters.start, filters.compare) == (date(2024, 10, 20), "none")


def test_a_manager_starts_at_their_territory_and_sees_no_other() -> None:
    page = screen({"as": "manager"})
    assert chosen(page).territory == "RU-KHM"
    assert [option.strip() for option in page.selectbox(key="filter-territory").options] == ["Ugra", "Surgut"]
    outside = screen({"as": "manager", "territory": "RU"})
    assert chosen(outside).territory == "RU-KHM"
    assert "territory=RU" in outside.caption[0].value
