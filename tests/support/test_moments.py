"""After a midnight, what a test file computed from the clock is computed anew, and nothing else is."""

import importlib.util
import sys
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from types import ModuleType

import pytest

from tests.support import moments

SOURCE = """
from datetime import UTC, datetime, timedelta
from tests.support.moments_of_another_file import {name}

NOW = datetime.now(UTC)
DAY: timedelta = timedelta(days=1)
YESTERDAY = (NOW - DAY).date()
CONSTANT = object()

def tomorrow():
    return NOW + DAY

TOMORROW = tomorrow()
IMPORTED_LATER = {name} + DAY
"""
IMPORTED_SOURCE = """
from datetime import UTC, datetime

BASE = datetime.now(UTC)
"""
LATER = datetime(2100, 1, 1, tzinfo=UTC)


class LaterClock:
    """A clock that stands at `LATER`."""

    @staticmethod
    def now(_zone: tzinfo) -> datetime:
        return LATER


def module_of(source: str, name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    path = folder / f"{name}.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(f"tests.support.{name}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def test_variables_of_the_clock_are_renewed_with_all_that_comes_from_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = module_of(IMPORTED_SOURCE, "moments_of_another_file", tmp_path, monkeypatch)
    module = module_of(SOURCE.format(name="BASE"), "moments_of_a_file", tmp_path, monkeypatch)
    constant = module.CONSTANT
    for changed in (imported, module):
        monkeypatch.setattr(changed, "datetime", LaterClock)
    moments.renew_moments(module)
    day = timedelta(days=1)
    renewed = [vars(module)[name] for name in ("NOW", "YESTERDAY", "TOMORROW", "BASE", "IMPORTED_LATER")]
    assert renewed == [LATER, (LATER - day).date(), LATER + day, LATER, LATER + day]
    assert module.CONSTANT is constant


def test_a_midnight_in_any_zone_of_the_tests_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    days = {}
    for hour in (11, 12):

        class Clock(datetime):
            """A clock before or after the midnight of Kamchatka."""

            @classmethod
            def now(cls, tz: tzinfo | None = None, hour: int = hour) -> datetime:  # type: ignore[override]
                return datetime(2024, 7, 1, hour, 30, tzinfo=UTC).astimezone(tz)

        monkeypatch.setattr(moments, "datetime", Clock)
        days[hour] = moments.local_days()
    assert days[11] != days[12]
