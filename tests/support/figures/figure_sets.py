"""Random sets of filters, as viewers choose them: drawn so that most of them have appeals."""

from datetime import date, timedelta
from random import Random
from typing import Any, Literal

from components.filters.periods import PRESET_LABELS, RunningDays, preset_range
from queries.filters import Filters
from tests.support.appeals.appeal_set import lowest_territory
from tests.support.figures.oracle import Oracle

DAY = timedelta(days=1)
PRESETS = tuple(preset for preset in PRESET_LABELS if preset != "range")
MAX_RANGE_DAYS = 120
STALE_DAYS = 60
"""Presets that end now have nothing of data that are older."""


def draw_filters(oracle: Oracle, generator: Random) -> Filters:
    """A territory, topic, organisation, regime and channel of some appeal, each left out at times; period, comparison.

    Half of the periods are presets, or fewer where the appeals are old; the others are days chosen among those of all
    appeals.
    """
    pivot, pick = generator.choice(oracle.rows), generator.choice
    chosen: dict[str, Any] = {}
    if generator.random() < 0.7:
        chosen["territory"] = _code(oracle, "territory", pick(_ancestors(oracle, "territory", lowest_territory(pivot))))
    if generator.random() < 0.4:
        chosen["topic"] = _code(oracle, "topic", pick(_ancestors(oracle, "topic", pivot["topic_id"])))
    for name, column, share in (
        ("organisation", "holder_id", 0.25),
        ("regime", "regime_id", 0.25),
        ("channel", "channel_id", 0.25),
    ):
        if generator.random() < share and pivot[column] is not None:
            chosen[name] = _code(oracle, name, pivot[column])
    compare: Literal["previous", "year", "none"] = pick(("previous", "previous", "year", "none"))
    start, end = _draw_days(oracle, Filters(date.min, date.min, **chosen), generator)
    first_day, _ = data_days(oracle, chosen.get("territory"))
    return Filters(start, end, compare, data_start=first_day, **chosen)


def data_days(oracle: Oracle, territory: str | None) -> tuple[date, date]:
    """The first and the last local day on which a territory (its code) received anything; today twice if none."""
    rows = oracle.filtered(Filters(date.min, date.min, territory=territory)).rows
    days = [day for row in rows if (day := oracle.local_day(row, "received_at"))]
    today = oracle.now.date()
    return min(days, default=today), max(days, default=today)


def _draw_days(oracle: Oracle, filters: Filters, generator: Random) -> tuple[date, date]:
    first, last = data_days(oracle, None)
    running = oracle.local_today(filters)
    is_stale = (running - last).days > STALE_DAYS
    if generator.random() < (0.1 if is_stale else 0.5):
        days = RunningDays(running, max(running, oracle.now.date()))
        return preset_range(generator.choice(PRESETS), first, days)
    # Days after the last appeal may still have closes and deadlines.
    length = generator.choice([1, 7, 14, 28, generator.randint(2, MAX_RANGE_DAYS)])
    latest = min(last, running) + 10 * DAY
    start = first + generator.randrange(max(1, (latest - first).days - length)) * DAY
    return start, start + length * DAY


def _ancestors(oracle: Oracle, kind: str, id_: int) -> list[int]:
    return oracle.reference.ancestors(kind, id_)


def _code(oracle: Oracle, kind: str, id_: int) -> str:
    return str(oracle.reference.rows[kind][id_]["code"])
