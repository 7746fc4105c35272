"""A cached Styler looks on the page as one that is built at every run, and is formatted once."""

import pytest
from pandas.io.formats.style import Styler
from streamlit.testing.v1 import AppTest

from tests.support.waiting import SCRIPT_SECONDS


def page() -> None:
    """The same styled table: as `st.dataframe` formats it, and cached."""
    import pandas as pd  # noqa: PLC0415 -- runs as a script of its own
    import streamlit as st  # noqa: PLC0415

    from components.streamlit_compat.styler_cache import cached_styler  # noqa: PLC0415

    rows = pd.DataFrame({"name": ["A", "B"], "share": [0.5, 0.25]})

    def build_styler() -> "Styler":
        return rows.style.format({"share": "{:.0%}"}).apply(lambda _column: ["color: red", ""], subset=["share"])

    st.dataframe(build_styler())
    st.dataframe(cached_styler(build_styler, rows))


def sent(page: AppTest, table: int) -> tuple[str, str, bytes]:
    """Formatted cells, colours without the table's id, and values, as the browser gets them."""
    arrow = page.dataframe[table].proto.arrow_data
    return arrow.styler.styles.replace(arrow.styler.uuid, ""), arrow.styler.caption, arrow.styler.display_values


def test_a_cached_styler_is_sent_like_any_other() -> None:
    app = AppTest.from_function(page, default_timeout=SCRIPT_SECONDS).run()
    assert not app.exception
    assert sent(app, 1) == sent(app, 0)
    assert "color: red" in sent(app, 0)[0]


def test_streamlit_formats_a_styler_at_each_run_and_a_cached_one_once(monkeypatch: pytest.MonkeyPatch) -> None:
    formatted: list[Styler] = []
    translate = Styler._translate  # type: ignore[attr-defined]  # noqa: SLF001 -- the method that Streamlit calls

    def counted(styler: Styler, *arguments: object) -> object:
        formatted.append(styler)
        return translate(styler, *arguments)

    monkeypatch.setattr(Styler, "_translate", counted)
    app = AppTest.from_function(page, default_timeout=SCRIPT_SECONDS).run()
    first = len(formatted)
    app.run()
    # A plain one in each run; the cached one in the first at most. Once this is 0, Streamlit keeps what it formats.
    assert len(formatted) - first == 1
