"""Ratings of other scales and in words as 1 to 5."""

import pytest

from otklik.intake.errors import RowRejected, UnknownWord
from otklik.intake.mapping.rating_scale import RatingScale


@pytest.mark.parametrize(("text", "rating"), [("5", 5), ("5.0", 5), ("1,00", 1), ("3.000", 3)])
def test_a_whole_rating_may_have_decimals(text: str, rating: int) -> None:
    assert RatingScale().rating(text) == rating


@pytest.mark.parametrize("text", ["0", "6", "5.5", "5.", ".5", "+5", "05", "٥", "5e0", "-1", "five"])
def test_any_other_rating_is_rejected(text: str) -> None:
    with pytest.raises(RowRejected, match="a rating outside 1–5"):
        RatingScale().rating(text)


@pytest.mark.parametrize(
    ("worst", "best", "ratings"),
    [
        (0, 10, {"0": 1, "1": 1, "2": 2, "4": 3, "6": 3, "7": 4, "8,5": 4, "10": 5}),
        (1, 3, {"1": 1, "2": 3, "3": 5}),
        (6, 1, {"6": 1, "1": 5, "3.5": 3}),
        (0, 100, {"0%": 1, "49 %": 3, "100": 5}),
    ],
)
def test_another_scale_is_stretched_over_one_to_five(worst: float, best: float, ratings: dict[str, int]) -> None:
    scale = RatingScale(worst=worst, best=best)
    assert {text: scale.rating(text) for text in ratings} == ratings
    for text in (f"{max(worst, best) + 1}", "good"):
        with pytest.raises(RowRejected, match=f"a rating outside {worst}–{best}"):
            scale.rating(text)


def test_words_are_ratings_and_an_unknown_one_is_named() -> None:
    scale = RatingScale({"very good": 5, "плохо": 2})
    assert [scale.rating(text) for text in ("Very  good", "ПЛОХО", "3")] == [5, 2, 3]
    with pytest.raises(UnknownWord, match="an unknown rating: “fine”"):
        scale.rating("fine")
