"""Names that are too long for their place."""

import pytest

from components.text.fitting import fit_name, fit_names, text_width


@pytest.mark.parametrize(
    ("name", "max_width", "expected"),
    [
        ("Коммунальная служба, Сургут", 400, "Коммунальная служба, Сургут"),
        ("Коммунальная служба, Сургут", 150, "Коммунальн…а, Сургут"),
        ("Коммунальная служба, Сургутский район", 150, "Коммуналь…кий район"),
        ("", 10, ""),
        ("ab", 0, "…"),
    ],
)
def test_a_name_keeps_its_beginning_and_its_end(name: str, max_width: int, expected: str) -> None:
    assert fit_name(name, max_width) == expected


@pytest.mark.parametrize("max_width", range(20, 300, 7))
def test_a_fitted_name_is_as_wide_as_its_place_at_most(max_width: int) -> None:
    assert text_width(fit_name("Государственная жилищная инспекция, Саха (Якутия)", max_width)) <= max_width


def test_names_that_would_look_the_same_begin_where_they_differ() -> None:
    names = ["Администрация, Северо-Западный округ", "Администрация, Юго-Западный округ", "Почта России"]
    assert len({fit_name(name, 170) for name in names}) == 2
    labels = fit_names(names, 170)
    assert list(labels.values()) == ["…Северо-Западный округ", "…Юго-Западный округ", "Почта России"]
    assert all(text_width(label) <= 170 for label in labels.values())
