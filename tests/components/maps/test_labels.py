"""Names on a map: as many as there is room for."""

from components.maps.labels import MAX_LABELS, MapLabel, label_layer


def drawn(*found: MapLabel, scale: float = 1.0) -> list[str]:
    return [one["text"] for one in label_layer(list(found), scale, "light").data]


def test_of_two_that_overlap_the_first_stays() -> None:
    assert drawn(MapLabel("Moscow", (0, 0)), MapLabel("Moscow Oblast", (5, 3))) == ["Moscow"]


def test_nearer_to_the_map_there_is_room_for_both() -> None:
    assert drawn(MapLabel("Moscow", (0, 0)), MapLabel("Moscow Oblast", (5, 3)), scale=20) == ["Moscow", "Moscow Oblast"]


def test_a_name_under_a_circle_is_out_of_the_way_of_one_on_it() -> None:
    assert len(drawn(MapLabel("Surgut", (0, 0), under=True), MapLabel("Surgut", (0, -10)))) == 2


def test_of_very_many_none_is_named() -> None:
    assert drawn(*(MapLabel("x", (1000.0 * n, 0)) for n in range(MAX_LABELS + 1))) == []
