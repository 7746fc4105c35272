"""The wall's sections: states in words and signs, names as they were written, hours as bars."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd

from components.wall.hours_chart import HEIGHT, hours_chart
from components.wall.page import WallHead, wall_page
from components.wall.sections import feed_html, figure_html, holders_html
from components.wall.surges_section import MAX_SURGES, surges_html
from otklik.i18n import set_language
from otklik.wall.address import parse_address
from queries.metrics.catalogue import METRICS
from queries.metrics.metric import MetricValue
from queries.surges.episodes import Surges
from queries.wall.picture import WallFigure

EVIL = "<img src=x onerror=alert(1)>"


def feed_rows(*states: str) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"name": f"{state} line", "state": state, "last_at": datetime(2026, 3, 17, 12, tzinfo=UTC)}
            for state in states
        ]
    )


def surge(**columns: object) -> dict[str, object]:
    """A row of queries.surges.episodes.surges."""
    day = date(2026, 3, 16)
    figures = {"observed": 41, "window_days": 7, "usual_low": 6, "usual_high": 12, "received": 41}
    days = {"starts": date(2026, 3, 10), "last_alarm": day, "peak": day, "is_going_on": True}
    return {"topic": "Hot meals", "territory": "X", **figures, **days, **columns}


def known_surges(*rows: dict[str, object], is_current: bool = True, total: int | None = None) -> Surges:
    return Surges(date(2026, 3, 16), is_current, pd.DataFrame(list(rows)), len(rows) if total is None else total)


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
    surges = surges_html(known_surges(surge(topic=EVIL, territory=EVIL)))
    head = WallHead(EVIL, EVIL, "</script>" + EVIL, "dark", "v", 0)
    page = wall_page(head, {"figures": "", "arrivals": "", "holders": holders, "feed": channels, "surges": surges})
    assert EVIL not in page
    assert page.count("&lt;img src=x") == 7


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


def test_a_surge_is_its_place_its_number_what_is_usual_and_since_when() -> None:
    set_language("en")
    html = surges_html(known_surges(surge(), surge(is_going_on=False, observed=1, usual_low=0, usual_high=0)))
    assert "Hot meals · X" in html
    assert "41 appeals within 7 days; usual 6–12" in html
    assert "since 10 Mar 2026, goes on" in html
    assert "1 appeal within 7 days; usual 0<" in html
    assert "last found on 16 Mar 2026" in html
    set_language("ru")
    assert "41 обращение за 7 дней; обычно 6–12" in surges_html(known_surges(surge()))


def test_more_surges_than_there_is_room_for_are_counted() -> None:
    set_language("en")
    html = surges_html(known_surges(*[surge()] * 5, total=9))
    assert html.count("Hot meals") == MAX_SURGES
    assert "6 more" in html
    assert "more<" not in surges_html(known_surges(*[surge()] * MAX_SURGES))


def test_no_surge_is_told_from_a_search_that_did_not_run() -> None:
    set_language("en")
    calm = "No topic has surely more appeals from a place than usual."
    assert calm in surges_html(known_surges())
    stale = surges_html(known_surges(is_current=False))
    assert calm not in stale
    assert "what came later is unknown" in stale
    unsearched = surges_html(Surges(None, is_current=False, rows=pd.DataFrame(), total=0))
    assert calm not in unsearched
    assert "Surges have not been searched for yet." in unsearched
    assert 'class="trouble"' in unsearched
    assert "Hot meals" in surges_html(known_surges(surge(), is_current=False))


def test_the_scene_of_the_address_is_that_of_the_page() -> None:
    for query, scene in (({}, "figures"), ({"scene": "surges"}, "surges"), ({"scene": "<b>"}, "figures")):
        address = parse_address(query, "en")
        head = WallHead("", "", "UTC", "dark", "v", 0, address.scene)
        page = wall_page(head, dict.fromkeys(("figures", "arrivals", "holders", "feed", "surges"), ""))
        assert f'<main id="wall" data-scene="{scene}">' in page
