"""The wall's sections: states in words and signs, names as they were written, hours as bars."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd

from components.wall.hours_chart import HEIGHT, hours_chart
from components.wall.page import WallHead, wall_page
from components.wall.sections import feed_html, figure_html, holders_html
from otklik.i18n import set_language
from queries.metrics.catalogue import METRICS
from queries.metrics.metric import MetricValue
from queries.wall.picture import WallFigure

EVIL = "<img src=x onerror=alert(1)>"


def feed_rows(*states: str) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"name": f"{state} line", "state": state, "last_at": datetime(2026, 3, 17, 12, tzinfo=UTC)}
            for state in states
        ]
    )


def test_a_state_is_a_word_and_a_sign_besides_its_colour() -> None:
    set_language("ru")
    html = figure_html(WallFigure(MetricValue(METRICS["overdue"], 12345.0), "act"))
    assert 'class="figure act"' in html
    assert "▲ действовать" in html
    assert "12\N{NO-BREAK SPACE}345" in html


def test_a_figure_that_is_not_known_says_why_and_has_no_state() -> None:
    set_language("en")
    html = figure_html(WallFigure(MetricValue(METRICS["overdue"], None, unknown="deadline_at"), "unknown"))
    assert "—" in html
    assert "○ no deadlines given" in html


def test_names_are_shown_as_they_were_written() -> None:
    set_language("en")
    holders = holders_html(pd.DataFrame([{"name": EVIL, "overdue": 0, "due": 3}]))
    channels = feed_html(feed_rows("silent").assign(name=EVIL))
    head = WallHead(EVIL, EVIL, "</script>" + EVIL, "dark", "v", 0)
    page = wall_page(head, {"figures": "", "arrivals": "", "holders": holders, "feed": channels})
    assert EVIL not in page
    assert page.count("&lt;img src=x") == 5


def test_the_feed_has_the_state_of_its_worst_channel_and_names_those_that_are_quiet() -> None:
    set_language("en")
    html = feed_html(feed_rows("silent", "quiet", "alive"))
    assert html.startswith('<div class="head act">')
    assert "silent line: silent" in html
    assert "quiet line: quiet" in html
    assert "alive line" not in html
    assert "1 of 3 channels alive" in html
    assert feed_html(feed_rows("alive", "unknown")).startswith('<div class="head normal">')


def test_hours_that_have_not_begun_have_no_bar_and_the_highest_fills_the_chart() -> None:
    by_hour = pd.DataFrame(
        {
            "hour": range(24),
            "today": [4.0, 8.0, *[np.nan] * 22],
            "over": [True, *[False] * 23],
            "usual_low": 1.0,
            "usual_high": 2.0,
        }
    )
    chart = hours_chart(by_hour)
    assert chart.count('class="hour"') == 1
    assert chart.count('class="hour running"') == 1
    assert f'height="{HEIGHT:.1f}"' in chart
    assert chart.count('class="usual"') == 24
