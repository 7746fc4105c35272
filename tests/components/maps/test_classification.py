"""Classes of a map: round bounds, the target kept, colours that say better and worse."""

from itertools import pairwise
from math import nan

import pytest

from components.maps import classification
from components.maps.classification import DIVERGING_PALETTES, MAX_CLASSES, NEUTRAL_COLOURS, SEQUENTIAL_PALETTES


def test_classes_hold_about_as_many_values_each() -> None:
    values = [float(n) for n in range(1, 101)]
    found = classification.sequential_classes(values, "light")
    assert list(found.bounds) == [21, 41, 60, 80]
    assert list(found.colours) == list(SEQUENTIAL_PALETTES["light"])
    counts = [sum(found.class_index(value) == n for value in values) for n in range(MAX_CLASSES)]
    assert max(counts) - min(counts) <= 2


def test_a_bound_belongs_to_the_class_above_it() -> None:
    found = classification.diverging_classes([0.5, 0.55, 0.6, 0.7], 0.6, "up", "light")
    assert found.class_index(0.6) == found.class_index(0.6000001)
    assert found.class_index(0.5999999) == found.class_index(0.6) - 1


def test_few_values_make_few_classes() -> None:
    assert classification.sequential_classes([3.0, 3.0, nan], "light").bounds == ()
    assert classification.sequential_classes([], "dark").bounds == ()
    assert list(classification.sequential_classes([0.0, 1.0], "light").bounds) == [0.5]


@pytest.mark.parametrize("values", [[0.61, 0.65, 0.9], [0.1, 0.2], [0.6], []])
def test_the_target_is_always_a_bound(values: list[float]) -> None:
    found = classification.diverging_classes(values, 0.6, "up", "light")
    assert found.target in found.bounds
    assert len(found.colours) == len(found.bounds) + 1


def test_no_class_lies_beyond_every_value() -> None:
    found = classification.diverging_classes([0.62, 0.68, 0.71], 0.6, "up", "light")
    assert found.bounds[0] == 0.6
    assert found.bounds[-1] <= 0.71


def test_worse_has_the_same_colour_whether_more_or_less_is_better() -> None:
    higher = classification.diverging_classes([0.41, 0.79], 0.6, "up", "light")
    lower = classification.diverging_classes([0.41, 0.79], 0.6, "down", "light")
    assert higher.colours[higher.class_index(0.41)] == lower.colours[lower.class_index(0.79)]
    assert higher.colours[0] in DIVERGING_PALETTES["light"][:3]


def test_a_change_too_small_to_be_written_is_none() -> None:
    found = classification.change_classes([-0.0003, 0.0002], "up", "light")
    assert found == classification.Classification((), (NEUTRAL_COLOURS["light"],))


def test_about_no_change_is_a_class_of_its_own() -> None:
    found = classification.change_classes([-0.3, -0.01, 0.0, 0.02, 0.25], "up", "dark")
    assert {found.colours[found.class_index(value)] for value in (-0.01, 0.0, 0.02)} == {NEUTRAL_COLOURS["dark"]}
    assert found.class_index(-0.3) < found.class_index(0.0) < found.class_index(0.25)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_each_class_is_darker_or_lighter_than_the_one_before(look: str) -> None:
    """Lightness alone tells little from much, for eyes that tell no colours."""
    lights = [
        sum(weight * part for weight, part in zip((3, 6, 1), classification.hex_to_rgb(one), strict=True))
        for one in SEQUENTIAL_PALETTES[look]
    ]
    falling = [later < earlier for earlier, later in pairwise(lights)]
    assert set(falling) == {look == "light"}


def test_words_are_read_on_any_colour() -> None:
    assert classification.contrasting_text_colour("#FFFFFF") == (17, 24, 39)
    assert classification.contrasting_text_colour("#134078") == (255, 255, 255)
