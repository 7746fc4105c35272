"""What the charts of the analysis draw of given rows, and what they say of them."""

from collections.abc import Callable
from types import SimpleNamespace

import altair as alt
import pandas as pd
import pytest
import streamlit as st

from components.charts.theme import Spec
from components.resolution import observed_expected, stage_funnel, survival, survival_specs
from components.satisfaction import distinctive_words, low_rating_outcomes
from otklik import i18n
from queries.statistics.kaplan_meier import day_reached

FOUR = ("a", "b", "c", "d")
SPECS: dict[str, Callable[[str], Spec]] = {
    "curve": lambda language: survival_specs.survival_spec(language, FOUR, banded=True),
    "curves": lambda language: survival_specs.survival_spec(language, FOUR, banded=False),
    "funnel": lambda language: stage_funnel.stage_funnel_spec(language, ("half", "most")),
    "funnel without times": lambda language: stage_funnel.stage_funnel_spec(language, None),
    "fair": lambda language: observed_expected.observed_expected_spec(language, (*FOUR, "e"), 236),
    "fates": low_rating_outcomes.outcome_bars_spec,
    "words": lambda language: distinctive_words.distinctive_words_spec(language, FOUR[:3]),
}


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The alternative text of each chart that is drawn."""
    sent: list[str] = []
    monkeypatch.setattr(st, "vega_lite_chart", lambda *_args, alt, **_kwargs: sent.append(alt))
    monkeypatch.setattr(st, "context", SimpleNamespace(theme=SimpleNamespace(type="light")))
    st.cache_data.clear()
    return sent


@pytest.mark.parametrize("kind", SPECS)
def test_a_spec_is_valid_holds_no_rows_and_is_built_once(kind: str) -> None:
    for language in i18n.LANGUAGES:
        spec = SPECS[kind](language)
        assert SPECS[kind](language) is spec
        assert "data" not in spec
        alt.Chart.from_dict({**spec, "config": {}, "data": {"name": "rows"}})


def rising(name: str, *shares: float) -> pd.DataFrame:
    """A curve as queries.resolution.survival gives it."""
    rows = pd.DataFrame(
        {"day": range(len(shares)), "share": shares, "low": shares, "high": shares, "at_risk": 40, "name": name}
    )
    return rows.assign(half_day=day_reached(rows, 0.5), nine_tenths_day=day_reached(rows, 0.9))


def test_a_curve_says_by_when_a_half_and_nine_in_ten_are_closed(said: list[str]) -> None:
    survival.single_survival_chart(rising("", 0, 0.5, 0.8, 0.9).drop(columns="name"))
    survival.single_survival_chart(rising("", 0, 0.1, 0.25).drop(columns="name"))
    assert said == [
        "Of 40 received: 50% closed within 1 day, 90% closed within 3 days.",
        "Of 40 received: 25% closed within 2 days.",
    ]


def test_curves_name_the_soonest_and_the_slowest(said: list[str]) -> None:
    survival.grouped_survival_chart(
        pd.concat([rising("Slow", 0, 0.1, 0.4), rising("Fast", 0, 0.6, 1)], ignore_index=True)
    )
    assert said == ["Closed soonest: Fast (half within 1 day); slowest: Slow (less than half within 2 days)."]


def fair_rows(**ratios: tuple[float, float, float]) -> pd.DataFrame:
    rows = [
        {
            "code": name,
            "name": name,
            "excess_probability": 0.5,
            "cases": 50,
            "observed": 20,
            "expected": 10.0,
            "ratio": mid,
        }
        | {"low": low, "shrunk": mid, "high": high}
        for name, (low, mid, high) in ratios.items()
    ]
    return pd.DataFrame(rows)


def test_a_fair_comparison_blames_nobody_for_chance(said: list[str]) -> None:
    observed_expected.observed_expected_chart(
        fair_rows(City=(0.8, 1.3, 1.9), Region=(0.5, 0.9, 1.4)), "Late answers", "Organisations", "organisation"
    )
    observed_expected.observed_expected_chart(
        fair_rows(City=(0.8, 1.3, 1.9), Region=(0.2, 0.4, 0.7)), "Late answers", "Organisations", "organisation"
    )
    observed_expected.observed_expected_chart(
        fair_rows(City=(1.2, 1.6, 2.0), Region=(0.5, 0.9, 1.4)), "Late answers", "Organisations", "organisation"
    )
    many = {f"Town {n}": (1.1, 1.3, 1.5) for n in range(observed_expected.MAX_ROWS)}
    observed_expected.observed_expected_chart(
        fair_rows(**many, City=(1.2, 1.6, 2.0)).iloc[::-1], "Late answers", "Organisations", "organisation"
    )
    observed_expected.observed_expected_chart(
        fair_rows(**dict.fromkeys(many, (0.5, 0.9, 1.4)), City=(1.2, 1.6, 2.0)),
        "Late answers",
        "Organisations",
        "organisation",
    )
    assert said == [
        "Organisations: no difference in “Late answers” that chance could not make.",
        (
            "Organisations: fewest “Late answers” for its topics: Region, 0.40 × what is expected (20 for 10);"
            " nobody has more."
        ),
        "Organisations: surely more “Late answers” than expected: City (1.60 ×).",
        (
            "Organisations: surely more “Late answers” than expected: City (1.60 ×), Town 11 (1.30 ×),"
            " Town 10 (1.30 ×), Town 9 (1.30 ×), Town 8 (1.30 ×) and 8 more."
        ),
        # Beyond the rows that are drawn.
        "Organisations: surely more “Late answers” than expected: City (1.60 ×).",
    ]


def test_words_say_which_they_are(said: list[str]) -> None:
    rows = pd.DataFrame(
        {"word": ["отписка", "спасибо"], "bad": [40, 2], "good": [3, 50], "odds_ratio": [9.0, 0], "z": [4.0, -5.0]}
    )
    distinctive_words.distinctive_words_chart(rows)
    assert said == ["More often in appeals rated 1–2: “отписка”. More often in those rated 4–5: “спасибо”."]
