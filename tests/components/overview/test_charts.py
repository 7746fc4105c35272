"""What charts draw and say of given rows."""

from datetime import date, timedelta

import altair as alt
import pandas as pd
import pytest

from components.charts import alt_text, theme
from components.charts.theme import DayAxisOptions, Spec
from components.export.column_titles import COLUMN_TITLES, SHARE_COLUMNS
from components.overview import chart_specs, charts
from otklik import i18n
from queries.summaries.received_today import ReceivedToday

TODAY = date(2025, 11, 24)
NAN = float("nan")
RANKED = pd.DataFrame(
    [
        ("roads", "Roads", 500, 400, 500, 0.8, False),
        ("lifts", "Lifts", 90, 40, 80, 0.5, False),
        ("zoo", "Zoo", 9, 1, 4, 0.25, True),
    ],
    columns=["code", "name", "received", "met", "due", "on_time_rate", "small"],
)


def daily(days: int) -> pd.DataFrame:
    """Each day one more received, ten closed, ending today."""
    return pd.DataFrame(
        {
            "day": [TODAY - timedelta(days=days - 1 - n) for n in range(days)],
            "received": range(100, 100 + days),
            "closed": [10] * days,
            "backlog": range(1000, 1000 + days),
        }
    )


def test_a_day_that_still_goes_on_is_not_drawn() -> None:
    rows = charts.received_closed_rows(daily(30), TODAY, weekly=False)
    assert rows["received_line"].isna().tolist() == [False] * 29 + [True]
    assert rows["received_label"].notna().tolist() == [False] * 28 + [True, False]


def test_today_alone_is_drawn_though_it_goes_on() -> None:
    assert charts.received_closed_rows(daily(1), TODAY, weekly=False)["received_line"].tolist() == [100]


@pytest.mark.parametrize(
    ("running_day", "note"),
    [
        (TODAY, "Nothing has been received since 18 Nov 2025"),
        (TODAY + timedelta(days=1), "In these days nothing was received after 18 Nov 2025"),
    ],
)
def test_of_a_past_period_no_chart_speaks_of_later_days(running_day: date, note: str) -> None:
    rows = daily(10)
    rows.loc[rows.index[-6:], "received"] = 0
    _charts, notes = charts.build_daily_charts(rows, running_day)
    assert [text.replace("\u2009", " ").replace("\xa0", " ") for text in notes] == [note]


def test_a_long_period_has_the_mean_of_the_seven_days_before() -> None:
    rows = charts.received_closed_rows(daily(90), TODAY, weekly=True)
    assert rows["received_line"].isna().sum() == 7  # six at first, and today
    assert rows["received_line"].iloc[6] == sum(range(100, 107)) / 7


@pytest.mark.parametrize(
    ("heights", "labels"),
    [((100.0, 10.0), (100, 10)), ((50.0, 50.0), (55, 45)), ((48.0, 50.0), (44, 54)), ((2.0, 0.0), (10, 0))],
)
def test_labels_keep_apart_and_above_the_axis(heights: tuple[float, float], labels: tuple[float, float]) -> None:
    assert charts.separate_labels(*heights, min_gap=10) == labels


def test_a_rate_of_few_is_given_as_its_cases() -> None:
    assert charts.format_on_time_rate(1, 4, few=True, low=False) == "few: 1 of 4"
    assert charts.format_on_time_rate(0, 0, few=True, low=False) == "no deadlines"
    assert charts.format_on_time_rate(400, 500, few=False, low=False) == "80.0%"
    assert charts.format_on_time_rate(40, 80, few=False, low=True) == "▼ 50.0%"


def test_charts_say_their_finding() -> None:
    assert alt_text.received_closed_summary(daily(3)) == (
        "303 received and 30 closed from 22 Nov 2025 to 24 Nov 2025; most received on 24 Nov 2025: 102"
    )
    assert alt_text.backlog_summary(daily(3)) == "Backlog: 1,000 open at first, 1,002 at the end"
    assert (
        alt_text.ranking_summary(RANKED, "Topics")
        == "Topics: most in Roads, 500 received; least often on time: Lifts, 50.0%"
    )


@pytest.mark.parametrize(
    ("so_far", "usual", "summary"),
    [
        (12, None, "12 so far today"),
        (12, (8.2, 12.4), "12 so far today; usually 8–12 by now"),
        (7, (8.2, 12.4), "7 so far today, fewer than usual: 8–12 by now"),
        (1300, (8.2, 1200.0), "1,300 so far today, more than usual: 8–1,200 by now"),
    ],
)
def test_today_is_more_or_less_only_outside_of_what_is_usual(
    so_far: int, usual: tuple[float, float] | None, summary: str
) -> None:
    assert alt_text.hourly_summary(ReceivedToday(pd.DataFrame(), so_far, usual, 8)) == summary


def test_what_is_usual_is_exported_as_appeals_and_not_as_shares() -> None:
    hourly = {"hour", "today", "usual", "usual_low", "usual_high"}
    assert hourly <= COLUMN_TITLES.keys()
    assert not hourly & SHARE_COLUMNS


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("kind", ["flows", "backlog", "hours", "ranked"])
def test_a_spec_is_valid_holds_no_rows_and_is_built_once(kind: str, language: str) -> None:
    spec = spec_of(kind, language)
    assert spec_of(kind, language) is spec
    assert "data" not in spec
    assert "datasets" not in spec
    # The locale is Vega's, unknown to the schema of Vega-Lite.
    assert spec["config"].get("locale")
    alt.Chart.from_dict({**spec, "config": {}, "data": {"name": "rows"}})


def spec_of(kind: str, language: str) -> Spec:
    days = DayAxisOptions(90, 3, weekly=kind == "flows")
    match kind:
        case "flows":
            return chart_specs.received_closed_spec(language, ("received", "closed"), days)
        case "backlog":
            return chart_specs.backlog_spec(language, "open", days)
        case "hours":
            return chart_specs.hourly_spec(language, ("today", "low", "high"))
        case _:
            return chart_specs.ranking_spec(language, ("Received", "On time"), 236)


def test_names_have_the_room_they_need_and_leave_some_for_their_bars() -> None:
    assert theme.name_column_width(["Roads", "Lifts"], 236) == 236
    assert 236 < theme.name_column_width(["Department of Education, Rostov Oblast"], 236) < theme.MAX_NAMES_WIDTH
    assert theme.name_column_width(["a" * 200], 236) == theme.MAX_NAMES_WIDTH


def test_a_croatian_axis_writes_a_day_as_an_ordinal() -> None:
    days = theme.DayAxisOptions(60, 3, weekly=False)
    assert "%-d. %b" in str(chart_specs.backlog_spec("hr", "otvoreno", days))
    assert "%-d. %b" not in str(chart_specs.backlog_spec("ru", "в работе", days))
