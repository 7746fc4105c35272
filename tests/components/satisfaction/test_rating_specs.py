"""The charts of ratings."""

from components.satisfaction.rating_specs import satisfaction_trend_spec


def test_the_points_of_the_trend_lie_on_its_line() -> None:
    spec = satisfaction_trend_spec("en", ("Satisfaction", "Rated", "Ratings", "target"))
    y_by_mark = {layer["mark"]["type"]: layer["encoding"]["y"] for layer in spec["layer"] if "y" in layer["encoding"]}
    assert y_by_mark["point"] == y_by_mark["line"]
    assert {y.get("type") for y in y_by_mark.values()} == {"quantitative"}
