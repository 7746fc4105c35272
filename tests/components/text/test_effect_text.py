"""The effect of a remedy in words: which way the change goes, against what, and what has to be known beside it."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from components.text.effect_text import effect_notes, effect_sentence
from otklik.i18n import set_language
from queries.problems.remedy_effects import Obstacle, RemedyEffect
from queries.statistics.interrupted_series import LevelChange

DONE = date(2026, 3, 2)


def effect(
    ratios: tuple[float, float, float] | None,
    spans: dict[str, int],
    places: int = 0,
    harmonics: int = 0,
    obstacle: Obstacle | None = None,
) -> RemedyEffect:
    """An effect with this ratio and the bounds of its interval, and so many weeks of each span."""
    week = np.zeros(1)
    change = LevelChange(*ratios, week, week, week, 0, 1) if ratios else None
    weeks = pd.DataFrame({"span": [span for span, count in spans.items() for _week in range(count)]})
    return RemedyEffect(DONE, weeks, obstacle, change, places, harmonics, ())


BEFORE = {"before": 20, "after": 6}
RAISED = {"before": 20, "left_out": 1, "raised": 7, "after": 6}


@pytest.fixture(autouse=True)
def english() -> None:
    set_language("en")


@pytest.mark.parametrize(
    ("shown", "sentence"),
    [
        (
            effect((0.62, 0.48, 0.79), RAISED, places=11),
            "After the remedy 38% fewer appeals a week than expected without it (95% interval 21% to 52%), {places}.",
        ),
        (
            effect((0.62, 0.48, 0.79), BEFORE),
            "After the remedy 38% fewer appeals a week than before the problem (95% interval 21% to 52%).",
        ),
        (
            effect((2.5, 1.4, 4.5), RAISED),
            "After the remedy 150% more appeals a week than expected without it (95% interval 40% to 350%).",
        ),
        (
            effect((2.5, 1.4, 4.5), BEFORE, places=3),
            "After the remedy 150% more appeals a week than before the problem (95% interval 40% to 350%), {places}.",
        ),
        (
            effect((0.8, 0.6, 1.2), RAISED),
            "No change beyond chance after the remedy: {both} than expected without it (95% interval).",
        ),
        (
            effect((0.8, 0.6, 1.2), BEFORE),
            "After the remedy as before the problem, within chance: {both} (95% interval).",
        ),
        (
            effect(None, {"before": 20, "after": 1}, obstacle="few_after"),
            "The effect is not known yet: 1 whole week since, it takes 4.",
        ),
        (
            effect(None, {"before": 3, "raised": 4, "after": 6}, obstacle="few_before"),
            "The effect can't be known: 7 whole weeks before the remedy count, it takes 8.",
        ),
        (
            effect(None, BEFORE, obstacle="few_appeals"),
            "The effect can't be known: fewer than 5 appeals a week before the remedy.",
        ),
    ],
)
def test_the_sentence_says_which_way_and_against_what(shown: RemedyEffect, sentence: str) -> None:
    places = f"compared with {shown.places} similar places"
    assert effect_sentence(shown) == sentence.format(places=places, both="40% fewer to 20% more appeals a week")


def test_the_notes_say_what_is_expected_what_is_left_out_and_what_else_it_may_be() -> None:
    level, left_out, season = effect_notes(effect((0.62, 0.48, 0.79), RAISED))
    assert level == "Expected: the level of 7 weeks of the problem before the remedy, with the trend of 27 in all."
    assert left_out.startswith("1 week is left out")
    assert season == "Without a year before and without similar places, a season can't be told from an effect."
    (level,) = effect_notes(effect((1, 0.9, 1.1), {"before": 60, "after": 6}, harmonics=1))
    assert level == "Expected: level and trend of 60 weeks before the problem. A season is part of it."
    (level,) = effect_notes(effect((1, 0.9, 1.1), BEFORE, places=4))
    assert level.endswith("What changed in similar places at the time is no part of the effect.")
    other = effect(None, BEFORE, obstacle="few_appeals")
    assert effect_notes(other) == []
    assert effect_notes(other.__class__(**{**vars(other), "others": (DONE,)})) == [
        "Another remedy was done on 2 Mar 2026: the effects can't be told apart."
    ]
