"""Whether two texts name the same place."""

import pytest

from queries.appeal.named_places import find_places, is_same_place


@pytest.mark.parametrize(
    ("text", "other_text", "verdict"),
    [
        ("ул. Ленина, 5", "на улице Ленина", True),
        ("ул. Ленина, 5", "дом 15 по улице Ленина", True),
        ("ул. Ленина, 5", "улица Ленина, дом 16", False),
        ("ул. Ленина, 5", "ул. Мира, 5", False),
        ("на перекрёстке улиц Мира и Садовой", "улица Садовая", True),
        ("Ленинградский проспект", "на проспекте Ленинградском", True),
        ("ул. Дружбы народов, 6", "ул. Дружбы народов, 60", False),
        ("ул. Лесная 3 дня без света", "ул. Лесная, 80", True),
        ("Детская площадка разбита", "ул. Мира, 5", None),
        ("школа № 5", "в школе №5", True),
        ("школа № 5", "школа № 15", False),
        ("школа № 5", "детский сад № 2", False),
        ("автобус № 12", "маршрут № 12", None),
        ("Vukovarska ulica 5", "u Vukovarskoj ulici", True),
        ("ulica Ilica 5", "Vukovarska ulica 5", False),
        ("5 Main Street", "on Main Street", True),
        ("", "ул. Мира, 5", None),
    ],
)
def test_streets_houses_and_numbers_tell_places_apart(text: str, other_text: str, *, verdict: bool | None) -> None:
    assert is_same_place(find_places(text), find_places(other_text)) is verdict
    assert is_same_place(find_places(other_text), find_places(text)) is verdict
