"""What the address of a screen says."""

from streamlit.testing.v1 import AppTest

from tests.support.waiting import SCRIPT_SECONDS


def drawn_once() -> None:
    import streamlit as st  # noqa: PLC0415 -- the function is a page of its own

    from components.url import query_params  # noqa: PLC0415

    if "drawn" not in st.session_state:
        st.session_state["drawn"] = True
        query_params.mark_drawn(("territory",))
    st.text(str(query_params.changed_since_drawn()))


def test_a_page_that_shows_another_address_than_its_own_is_known_at_the_second_look() -> None:
    page = AppTest.from_function(drawn_once, default_timeout=SCRIPT_SECONDS)
    page.query_params["territory"] = "XA"

    def looked() -> str:
        return str(page.run().text[0].value)

    assert looked() == "False"
    page.query_params["territory"] = "XB"
    assert [looked(), looked()] == ["False", "True"]
    # A late word of before is no change, and what isn't a filter is none either.
    page.query_params["territory"] = "XC"
    assert looked() == "False"
    page.query_params["territory"] = "XA"
    page.query_params["figure"] = "received"
    assert [looked(), looked()] == ["False", "False"]


def written() -> None:
    import streamlit as st  # noqa: PLC0415 -- the function is a page of its own

    from components.url import query_params  # noqa: PLC0415

    if st.button("narrow"):
        query_params.write(period="range", territory=None, **{"from": "2025-11-24", "to": "2025-11-24"})


def test_what_is_written_replaces_nothing_else_in_the_address() -> None:
    page = AppTest.from_function(written, default_timeout=SCRIPT_SECONDS)
    page.query_params["territory"] = "XA"
    page.query_params["lang"] = "hr"
    page.run().button[0].click().run()
    found = {name: page.query_params[name] for name in ("lang", "period", "from", "to")}
    assert found == {"lang": "hr", "period": "range", "from": "2025-11-24", "to": "2025-11-24"}
    assert "territory" not in page.query_params


def switched() -> None:
    import streamlit as st  # noqa: PLC0415 -- the function is a page of its own

    from components.streamlit_compat.url_widget import url_widget_key  # noqa: PLC0415
    from components.url.choice import write_other_choice  # noqa: PLC0415

    write_other_choice("lang", url_widget_key("switch", "en"), st.session_state["shown"])


def test_only_another_choice_than_the_one_that_is_shown_goes_into_the_address() -> None:
    page = AppTest.from_function(switched, default_timeout=SCRIPT_SECONDS)
    page.session_state["shown"] = "en"
    page.run()
    assert dict(page.query_params) == {}
    page.session_state["shown"] = "ru"
    page.run()
    assert page.query_params["lang"] == "en"
