"""Thresholds are data: by figure and territory, in a file whose mistakes are told at the start."""

from pathlib import Path

import pytest

from otklik.errors import InvalidSetting
from queries.wall.thresholds import FIGURE_UNITS, Threshold, read_thresholds


def written(folder: Path, text: str) -> Path:
    file = folder / "thresholds.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_each_figure_has_a_default() -> None:
    thresholds = read_thresholds(None)
    assert thresholds.by_figure.keys() == FIGURE_UNITS.keys()
    assert all(0 <= thresholds.of(figure, ()).watch <= thresholds.of(figure, ()).act for figure in FIGURE_UNITS)


@pytest.mark.parametrize(
    ("level", "state"), [(None, "unknown"), (0.05, "normal"), (0.051, "watch"), (0.1, "watch"), (0.101, "act")]
)
def test_a_state_begins_above_its_level(level: float | None, state: str) -> None:
    assert Threshold(0.05, 0.1).state(level) == state


def test_the_nearest_territory_with_numbers_of_its_own_decides(tmp_path: Path) -> None:
    thresholds = read_thresholds(written(tmp_path, "[overdue.RU-FD-URAL]\nwatch = 0.3\nact = 0.4\n"))
    assert thresholds.of("overdue", ("RU-KHM", "RU-FD-URAL", "RU")) == Threshold(0.3, 0.4)
    assert thresholds.of("overdue", ("RU-MOW", "RU")) == read_thresholds(None).of("overdue", ())
    assert thresholds.of("at_risk", ("RU-FD-URAL",)) == read_thresholds(None).of("at_risk", ())


@pytest.mark.parametrize(
    "text",
    [
        "[overdue",
        "[beauty]\nwatch = 1\nact = 2\n",
        "[overdue]\nwatch = 1\n",
        "[overdue]\nwatch = 0.3\nact = 0.2\n",
        "[overdue]\nwatch = -0.1\nact = 0.2\n",
        "[overdue]\nwatch = 'much'\nact = 0.2\n",
        "[overdue.RU-KHM]\nwatch = true\nact = 2\n",
    ],
)
def test_a_file_with_a_mistake_is_refused_and_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidSetting, match=r"OTKLIK_WALL_THRESHOLDS.*"):
        read_thresholds(written(tmp_path, text))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match="can't be read"):
        read_thresholds(tmp_path / "none.toml")
