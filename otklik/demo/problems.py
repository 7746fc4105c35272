"""The systemic problems planted among the demo's appeals, for detection to find."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from otklik.demo.seasons import Days
from otklik.demo.sheets import Ints, Sheets


@dataclass(frozen=True)
class Problem:
    """One row of `planted_problem`, by codes.

    Kinds: `surge`, factor times as many appeals on a topic in a territory; `formal_answers`, an organisation
    that closes as explained within a day and is re-opened factor times as often; `slow_answers`, an
    organisation that takes factor times as long.
    """

    kind: str
    topic: str | None
    territory: str
    organisation: str | None
    starts: date
    ends: date
    factor: float
    note: str


def planted(as_of: date) -> Iterator[Problem]:
    """All of them, as they stand on a day."""

    def ago(first: int, length: int) -> tuple[date, date]:
        start = as_of - timedelta(days=first)
        return start, min(start + timedelta(days=length), as_of)

    def last(month: int, day: int, length: int) -> tuple[date, date]:
        start = date(as_of.year, month, day)
        if start >= as_of:
            start = date(as_of.year - 1, month, day)
        return start, min(start + timedelta(days=length), as_of)

    surging: tuple[tuple[str, str, tuple[date, date], float, str], ...] = (
        ("housing.heating.cold", "RU-KHM-NEFTEYUGANSK", last(1, 12, 35), 7, "A heating main fails for five weeks"),
        ("waste.collection.missed", "RU-CHE", ago(70, 70), 4, "Collections are missed since the contractor changed"),
        ("schools.meals.missing", "RU-NVS", last(10, 5, 40), 8, "The supplier of school meals doesn't deliver"),
        ("health.vaccination.queue", "RU-KHM-NIZHNEVARTOVSK", last(10, 1, 28), 6, "One vaccination point is left"),
        ("health.ambulance.wait", "RU-ROS", last(1, 20, 21), 6, "Ambulance crews are short during the influenza"),
        ("transport.service.route", "RU-KHM-SURGUT", ago(75, 40), 5, "Two bus routes are cancelled"),
        ("housing.water.nocold", "RU-VGG-VOLGOGRAD", ago(48, 14), 12, "A water main bursts"),
        ("roads.surface.pothole", "RU-NVS-NOVOSIBIRSK", last(4, 1, 45), 3, "Last year's road repairs don't hold"),
    )
    for topic, territory, (starts, ends), factor, note in surging:
        yield Problem("surge", topic, territory, None, starts, ends, factor, note)
    town, company = "RU-SVE-YEKATERINBURG", "RU-SVE-YEKATERINBURG:utility"
    note = "Appeals are closed as explained within a day; applicants return them"
    yield Problem("formal_answers", None, town, company, *ago(150, 150), 6, note)
    note = "Inspectors left and weren't replaced; answers take twice as long"
    yield Problem("slow_answers", None, "RU-MOS", "RU-MOS:housing", *ago(120, 120), 2, note)


@dataclass(frozen=True)
class Cells:
    """What a surge changes, an element an appeal; `day` is a position on the axis."""

    day: Ints
    region: Ints
    municipality: Ints
    fact: Ints


def befall(
    problem: Problem, cells: Cells, data: Sheets, axis: Days, fixed: NDArray[np.bool_], rng: np.random.Generator
) -> None:
    """Turn other appeals of the region into ones of the problem: its total stays.

    Appeals are moved in time only within the days that are `fixed`, or within those that aren't.
    """
    region = data.region("-".join(problem.territory.split("-")[:2]))
    towns = [i for i, row in enumerate(data.municipalities) if row["code"].startswith(problem.territory)]
    facts = data.under(problem.topic or "")
    starts, ends = np.datetime64(problem.starts), np.datetime64(problem.ends)
    lasts = (axis >= starts) & (axis < ends)
    about = np.isin(cells.fact, facts) & np.isin(cells.municipality, towns)
    for part in (fixed, ~fixed):
        window = np.flatnonzero(lasts & part)
        if not len(window):
            continue
        usual = int(np.count_nonzero(about & (lasts & part)[cells.day]))
        whole_days = part[cells.day] & (axis[cells.day] < ends) | (part & lasts)[cells.day]
        others = np.flatnonzero((cells.region == region) & ~about & whole_days)
        extra = min(round((problem.factor - 1) * (usual or 1)), len(others) // 4)
        hit = rng.choice(others, extra, replace=False)
        cells.day[hit] = rng.choice(window, extra)
        cells.fact[hit] = rng.choice(facts, extra)
        elsewhere = hit[~np.isin(cells.municipality[hit], towns)]
        size = data.town_population[towns]
        cells.municipality[elsewhere] = rng.choice(towns, len(elsewhere), p=size / size.sum())
