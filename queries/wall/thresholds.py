"""When a figure of the wall says "watch" or "act": numbers by figure and territory, in a TOML file.

Those that administrators have set come before them (`queries.wall.current_thresholds`).
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from otklik.errors import InvalidSetting
from otklik.settings import read_settings

State = Literal["normal", "watch", "act", "unknown"]
DEFAULT_FILE = Path(__file__).with_name("thresholds.toml")
FIGURE_UNITS: dict[str, Literal["share of open", "times usual"]] = {
    "overdue": "share of open",
    "newly_overdue": "share of open",
    "overdue_59fz": "share of open",
    "at_risk": "share of open",
    "due_today": "share of open",
    "received": "times usual",
}
"""The figures that have thresholds, by metric, and what their thresholds are compared with."""
KEYS = frozenset({"watch", "act"})


@dataclass(frozen=True)
class Threshold:
    """The levels above which a figure says "watch" and "act"."""

    watch: float
    act: float

    def state(self, level: float | None) -> State:
        """The state of a figure at this level; unknown without a level."""
        if level is None:
            return "unknown"
        return "act" if level > self.act else "watch" if level > self.watch else "normal"


@dataclass(frozen=True)
class Thresholds:
    """Thresholds by figure and code of a territory; those of no territory are under the empty code."""

    by_figure: dict[str, dict[str, Threshold]]

    def of(self, figure: str, territory_codes: Iterable[str]) -> Threshold:
        """A figure's threshold in a territory, given by its code and those above it, nearest first."""
        by_territory = self.by_figure[figure]
        return next((by_territory[code] for code in territory_codes if code in by_territory), by_territory[""])


@cache
def file_thresholds() -> Thresholds:
    """The thresholds of the file that OTKLIK_WALL_THRESHOLDS names, over the defaults; read once in each process.

    Raises InvalidSetting.
    """
    return read_thresholds(read_settings().wall_thresholds)


def read_thresholds(file: Path | None) -> Thresholds:
    """The thresholds of a file, and for the figures that it leaves out the defaults. Raises InvalidSetting."""
    by_figure = _parse(DEFAULT_FILE, {figure: {} for figure in FIGURE_UNITS})
    return Thresholds(by_figure if file is None else _parse(file, by_figure))


def _parse(file: Path, base: dict[str, dict[str, Threshold]]) -> dict[str, dict[str, Threshold]]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidSetting(f"OTKLIK_WALL_THRESHOLDS: {file} can't be read ({error}).") from error
    by_figure = {figure: dict(by_territory) for figure, by_territory in base.items()}
    for figure, section in content.items():
        if figure not in by_figure or not isinstance(section, dict):
            raise InvalidSetting(f"OTKLIK_WALL_THRESHOLDS: {file} has [{figure}], which is no figure of the wall.")
        own_numbers = {name: value for name, value in section.items() if not isinstance(value, dict)}
        if own_numbers:
            by_figure[figure][""] = _threshold(file, figure, own_numbers)
        for code, numbers in section.items():
            if isinstance(numbers, dict):
                by_figure[figure][code] = _threshold(file, f"{figure}.{code}", numbers)
    return by_figure


def _threshold(file: Path, section: str, numbers: dict[str, object]) -> Threshold:
    values = [value for value in numbers.values() if isinstance(value, int | float) and not isinstance(value, bool)]
    if numbers.keys() != KEYS or len(values) != len(KEYS):
        raise InvalidSetting(f"OTKLIK_WALL_THRESHOLDS: [{section}] in {file} needs two numbers, watch and act.")
    threshold = Threshold(**{name: float(str(value)) for name, value in numbers.items()})
    if not 0 <= threshold.watch <= threshold.act:
        raise InvalidSetting(f"OTKLIK_WALL_THRESHOLDS: in [{section}] of {file}, watch is below 0 or above act.")
    return threshold
