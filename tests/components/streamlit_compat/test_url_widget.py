"""A widget that shows a value of the address takes no value that the browser sent before the address changed."""

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from tests.support.waiting import SCRIPT_SECONDS


def page() -> None:
    """A select box, a segmented control and a text, all in the address."""
    import streamlit as st  # noqa: PLC0415 -- runs as a script of its own

    from components.streamlit_compat.url_widget import url_widget_key  # noqa: PLC0415
    from components.url.choice import url_segmented_control, url_selectbox, write_choice  # noqa: PLC0415

    options = {"all": "All", "roads": "Roads", "heat": "Heating"}
    url_selectbox("topic", "Topic", options, "all")
    url_segmented_control("state", "State", options)
    key = url_widget_key("typed", st.query_params.get("q", ""))
    st.text_input("Text", key=key, on_change=write_choice, args=("q", key))


def send(app: AppTest, states: list[WidgetState]) -> None:
    """A message of the browser with these values."""
    sent = app._tree.get_widget_states()  # noqa: SLF001 -- no public way sends a value of a widget that is gone
    for state in states:
        kept = [item for item in sent.widgets if item.id != state.id]
        del sent.widgets[:]
        sent.widgets.extend([*kept, state])
    app._run(sent)  # noqa: SLF001
    assert not app.exception


def test_back_isnt_undone_by_values_of_before() -> None:
    app = AppTest.from_function(page, default_timeout=SCRIPT_SECONDS).run()
    app.selectbox[0].select("roads").run()
    app.segmented_control[0].set_value("heat").run()
    app.text_input[0].set_value("lamp ").run()
    assert app.query_params == {"topic": "roads", "state": "heat", "q": "lamp"}
    earlier_states = list(app._tree.get_widget_states().widgets)  # noqa: SLF001
    for name in list(app.query_params):
        del app.query_params[name]
    app.run()
    assert (app.selectbox[0].value, app.segmented_control[0].value, app.text_input[0].value) == ("all", "all", "")
    send(app, earlier_states)
    assert not app.query_params
    # The next choice counts.
    app.selectbox[0].select("heat").run()
    assert app.query_params == {"topic": "heat"}


def test_a_label_of_before_is_no_choice() -> None:
    app = AppTest.from_function(page, default_timeout=SCRIPT_SECONDS).run()
    sent = app._tree.get_widget_states()  # noqa: SLF001
    for state in sent.widgets:
        if state.id == app.selectbox[0].proto.id:
            state.string_value = "Дороги"
    app._run(sent)  # noqa: SLF001
    assert not app.exception
    assert not app.query_params
    assert app.selectbox[0].value == "all"


def test_a_choice_of_the_viewer_keeps_its_widget() -> None:
    app = AppTest.from_function(page, default_timeout=SCRIPT_SECONDS).run()
    ids = [widget.proto.id for widget in (app.selectbox[0], app.segmented_control[0], app.text_input[0])]
    app.selectbox[0].select("roads").run()
    app.segmented_control[0].set_value("heat").run()
    app.text_input[0].set_value(" lamp ").run()
    assert [widget.proto.id for widget in (app.selectbox[0], app.segmented_control[0], app.text_input[0])] == ids
