"""A tile says how much, against what, and how sure."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from components.text.metric_help import help_text
from components.text.metric_text import MetricChange, metric_change, value_text
from components.tiles import kpi_tile
from otklik import i18n
from queries.metrics.catalogue import PERIOD_METRICS
from queries.metrics.metric import MetricValue
from tests.support.waiting import SCRIPT_SECONDS

RECEIVED = MetricValue(PERIOD_METRICS["received"], 1100, 1000, series=[500, 600])
ON_TIME = MetricValue(
    PERIOD_METRICS["on_time_rate"], 0.91, 0.923, numerator=8355, denominator=9181, change_interval=(-0.021, -0.005)
)
OVERDUE = MetricValue(PERIOD_METRICS["overdue"], 12, 10, numerator=12, change_interval=(1, 3))
FEW = MetricValue(PERIOD_METRICS["on_time_rate"], 10 / 12, 0.5, numerator=10, denominator=12, low=0.552, high=0.953)
RESOLVED = MetricValue(PERIOD_METRICS["resolution_rate"], 0.11, 0.12, numerator=1100, denominator=10_000)
SATISFACTION = MetricValue(PERIOD_METRICS["satisfaction"], 0.61, 0.58, numerator=61, denominator=100, coverage=0.34)


@pytest.mark.parametrize(
    ("answer", "change"),
    [
        (RECEIVED, ("+10.0%", "", None)),
        (replace(RECEIVED, value=900), ("−10.0%", "", None)),
        (ON_TIME, ("−1.3 pp", "worse", False)),
        (replace(ON_TIME, value=0.95, change_interval=(0.019, 0.035)), ("+2.7 pp", "better", True)),
        (replace(ON_TIME, change_interval=(-0.027, 0.001)), ("−1.3 pp", "within usual", None)),
        (replace(ON_TIME, change_interval=None), ("−1.3 pp", "", None)),
        (OVERDUE, ("+20.0%", "worse", False)),
        (replace(OVERDUE, value=8, change_interval=(-3, -1)), ("−20.0%", "better", True)),
        (replace(OVERDUE, value=10, change_interval=(-1, 1)), ("", "no change", None)),
        (replace(RECEIVED, value=10_003, previous=10_000), ("+3", "", None)),
        (replace(RECEIVED, value=9_997, previous=10_000), ("−3", "", None)),
        (replace(OVERDUE, previous=0), ("+12", "worse", False)),
        (FEW, ("12 cases", "few", None)),
        (RESOLVED, ("−1.0 pp", "", None)),
        (replace(RECEIVED, previous=None), None),
        (replace(RECEIVED, value=None), None),
    ],
)
def test_a_change_is_a_number_and_a_word_beyond_chance(
    answer: MetricValue, change: tuple[str, str, bool | None] | None
) -> None:
    shown_change = metric_change(answer)
    assert (shown_change and (shown_change.text, shown_change.verdict, shown_change.is_better)) == change


def test_a_share_at_equal_age_says_by_which_age_and_what_it_is_by_now() -> None:
    share = replace(
        RESOLVED, metric=PERIOD_METRICS["resolved_share"], days=27, by_now=0.4, change_interval=(-0.02, -0.005)
    )
    assert kpi_tile.delta_note(share, metric_change(share)) == "worse, within 27 days"
    assert kpi_tile.delta_note(replace(share, previous=None), None) == "within 27 days"
    assert help_text(share).split("\n\n")[1:3] == [
        "Here: within 27 days of receipt; as certain as a share of 10,000 appeals that were followed so long.",
        "By now, whatever their age, 40.0% are resolved.",
    ]


def test_a_change_too_small_to_be_shown_is_none() -> None:
    assert metric_change(MetricValue(PERIOD_METRICS["answer_mean"], 4.21, 4.19)) == MetricChange("", "no change", 0)
    assert metric_change(replace(ON_TIME, value=0.92304)) == MetricChange("", "no change", 0)


@pytest.mark.parametrize(
    ("metric", "value", "previous", "texts"),
    [
        ("answer_mean", 3, 2.3, ("3.0 d", "+0.7 d")),
        ("answer_mean", 0.19, 0.52, ("4.6 h", "−7.9 h")),
        ("answer_mean", 1.2, 0.9, ("1.2 d", "+0.3 d")),
        ("flow_ratio", 1, 0.9, ("1.00", "+0.10")),
        ("rating_mean", 4, 4.5, ("4.00", "−0.50")),
        ("on_time_rate", 1, 0.878, ("100.0%", "+12.2 pp")),
    ],
)
def test_a_value_and_its_change_have_one_format_a_unit(
    metric: str, value: float, previous: float, texts: tuple[str, str]
) -> None:
    metric_value = MetricValue(PERIOD_METRICS[metric], value, previous)
    change = metric_change(metric_value)
    assert change
    assert (value_text(metric_value), change.text) == texts


def tile_page() -> None:
    """A tile of a fall that is good, with a sparkline."""
    from components.tiles.kpi_tile import kpi_tile  # noqa: PLC0415 -- runs as a script of its own
    from queries.metrics.catalogue import PERIOD_METRICS  # noqa: PLC0415
    from queries.metrics.metric import MetricValue  # noqa: PLC0415

    kpi_tile(MetricValue(PERIOD_METRICS["overdue"], 8, 10, numerator=8, change_interval=(-3, -1)), [1, 2, 3])


def test_the_verdict_colours_the_change_and_not_the_sparkline() -> None:
    page = AppTest.from_function(tile_page, default_timeout=SCRIPT_SECONDS).run()
    (tile,) = page.metric
    assert (tile.delta, tile.proto.delta_description) == (":green[−20.0%]", "better")
    assert tile.proto.color == tile.proto.GRAY
    (sparkline,) = page.get("html")
    assert "green" not in sparkline.proto.body
    assert "By day, from 1 to 3; drawn from 0 to 3" in sparkline.proto.body
    assert tile.proto.direction == tile.proto.DOWN


def test_few_cases_are_an_interval() -> None:
    assert value_text(FEW) == "55–95%"
    assert "Here: 10 of 12." in help_text(FEW)
    assert "95% interval" in help_text(FEW)


def test_a_rate_shows_the_two_numbers_behind_it() -> None:
    assert "Here: 8,355 of 9,181." in help_text(ON_TIME)
    assert "In the comparison period: 92.3%." in help_text(ON_TIME)


def test_satisfaction_always_comes_with_its_coverage_and_its_target() -> None:
    assert kpi_tile.delta_note(SATISFACTION, metric_change(SATISFACTION)) == "34% rated"
    assert "Target: 60.0%." in help_text(SATISFACTION)


def test_a_figure_that_is_not_there_is_a_dash() -> None:
    assert value_text(replace(ON_TIME, value=None)) == "—"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_figure_of_the_catalogue_can_be_written(language: str) -> None:
    i18n.set_language(language)
    for figure in PERIOD_METRICS.values():
        assert value_text(MetricValue(figure, 0.61, 0.5))
        assert help_text(MetricValue(figure, 0.61, 0.5, numerator=1, denominator=2))


def test_a_count_over_other_working_days_says_how_many_a_day() -> None:
    november = replace(RECEIVED, value=1900, previous=2000, working_days=(19, 20))
    assert kpi_tile.delta_note(november, metric_change(november)) == "100.0 per working day, before 100.0"
    assert help_text(november).endswith("The periods have 19 and 20 working days: 100.0 per working day, before 100.0.")
    assert kpi_tile.delta_note(RECEIVED, metric_change(RECEIVED)) is None
