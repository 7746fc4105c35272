"""Names beside points: never over one another nor over a point."""

from components.charts.label_placement import PlotSize, label_sides

PLOT = PlotSize(500, 300)


def test_a_name_stands_at_the_left_and_at_the_edge_at_the_right() -> None:
    assert label_sides({1: (250, 100)}, [(1, "Office")], PLOT) == {1: "left"}
    assert label_sides({1: (3, 100)}, [(1, "Office")], PLOT) == {1: "right"}


def test_of_two_beside_one_another_each_has_its_own_side() -> None:
    points = {1: (250.0, 100.0), 2: (252.0, 104.0)}
    assert label_sides({1: (250, 100), 2: (250, 130)}, [(1, "One"), (2, "Two")], PLOT) == {1: "left", 2: "left"}
    assert label_sides(points, [(1, "One"), (2, "Two")], PLOT) == {1: "left", 2: "right"}


def test_a_name_without_room_is_left_out() -> None:
    crowd = {n: (250.0 + 9 * n, 100.0) for n in range(-20, 21)}
    assert label_sides(crowd, [(0, "Office"), (20, "Office")], PLOT) == {20: "right"}
    # A long one has room on neither side of a narrow place.
    assert label_sides({1: (60, 100)}, [(1, "Department of Everything")], PlotSize(120, 300)) == {}


def test_points_at_the_same_place_do_not_push_one_another_away() -> None:
    assert label_sides({1: (250, 100), 2: (250, 100)}, [(1, "One"), (2, "Two")], PLOT) == {1: "left", 2: "right"}
