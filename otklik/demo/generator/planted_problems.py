"""Systemic problems planted into the demo's appeals, which detection has to find."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class PlantedProblem:
    """A row of the table `planted_problem`, with codes for ids; it lasts for the half-open range [starts, ends).

    Kinds: `surge`: `factor` times as many appeals on a topic in a territory. `formal_answers`: an organisation closes
    appeals as explained within a day, and they are re-opened `factor` times as often. `slow_answers`: an organisation
    takes `factor` times as long.
    """

    kind: str
    topic: str | None
    territory: str
    organisation: str | None
    starts: date
    ends: date
    factor: float
    note: str


def planted_problems(as_of: date) -> Iterator[PlantedProblem]:
    """All planted problems, with dates relative to `as_of`. One that hasn't begun has an empty range."""

    def days_ago(first: int, length: int) -> tuple[date, date]:
        start = as_of - timedelta(days=first)
        return start, min(start + timedelta(days=length), as_of)

    def since_last(month: int, day: int, length: int) -> tuple[date, date]:
        start = date(as_of.year, month, day)
        if start >= as_of:
            start = date(as_of.year - 1, month, day)
        return start, min(start + timedelta(days=length), as_of)

    surges: tuple[tuple[str, str, tuple[date, date], float, str], ...] = (
        (
            "housing.heating.cold",
            "RU-KHM-NEFTEYUGANSK",
            since_last(1, 12, 35),
            7,
            "A heating main fails for five weeks",
        ),
        (
            "waste.collection.missed",
            "RU-CHE",
            days_ago(70, 70),
            4,
            "Collections are missed since the contractor changed",
        ),
        ("schools.meals.missing", "RU-NVS", since_last(10, 5, 40), 8, "The supplier of school meals doesn't deliver"),
        (
            "health.vaccination.queue",
            "RU-KHM-NIZHNEVARTOVSK",
            since_last(10, 1, 28),
            6,
            "One vaccination point is left",
        ),
        ("health.ambulance.wait", "RU-ROS", since_last(1, 20, 21), 6, "Ambulance crews are short during the influenza"),
        ("transport.service.route", "RU-KHM-SURGUT", days_ago(75, 40), 5, "Two bus routes are cancelled"),
        ("housing.water.nocold", "RU-VGG-VOLGOGRAD", days_ago(48, 14), 12, "A water main bursts"),
        ("roads.surface.pothole", "RU-NVS-NOVOSIBIRSK", since_last(4, 1, 45), 3, "Last year's road repairs don't hold"),
    )
    for topic, territory, (starts, ends), factor, note in surges:
        yield PlantedProblem("surge", topic, territory, None, starts, ends, factor, note)
    municipality, organisation = "RU-SVE-YEKATERINBURG", "RU-SVE-YEKATERINBURG:utility"
    note = "Appeals are closed as explained within a day; applicants return them"
    yield PlantedProblem("formal_answers", None, municipality, organisation, *days_ago(150, 150), 20, note)
    note = "Inspectors left and weren't replaced; answers take twice as long"
    yield PlantedProblem("slow_answers", None, "RU-MOS", "RU-MOS:housing", *days_ago(120, 120), 2, note)
