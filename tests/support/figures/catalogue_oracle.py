"""The figures of the catalogue that `Oracle.metrics` lacks: of data quality, the morning, ages, the fast track.

Each is counted appeal by appeal in plain Python; days are local ones, and `today` is the running day.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from otklik.deadlines.calendars import territory_calendar
from queries.core.topic_labels import CATCH_ALL_PATTERN
from tests.support.appeals.appeal_set import first_outcome_id, has_contradicting_dates, is_returned
from tests.support.figures.oracle import DAY, Oracle, ratio
from tests.support.figures.reference_data import AppealRow, ReferenceData

WEEKS_OF_FLOW = 13
LANGUAGES = ("en", "ru", "hr")
Figures = dict[str, float | None]


def quality_counts(oracle: Oracle, start: date, end: date, today: date) -> dict[str, tuple[int, int]]:
    """How many cases each figure of data quality counts over the local days [start, end), and of how many."""
    received, closed = oracle.rows_within("received_at", start, end), oracle.rows_within("closed_at", start, end)
    settled = oracle.settled_rows(start, min(end, today))
    explained_id = oracle.reference.ids["outcome"]["explained"]
    explained = [row for row in settled if first_outcome_id(row) == explained_id]
    disordered = [row for row in received if has_contradicting_dates(row) or lies_ahead(row, oracle)]
    other_ids, measures = catch_all_topics(oracle.reference), oracle.measures(start, end)
    edges = [
        of_region.last_day_excess(
            start, min(end, today), territory_calendar(*jurisdiction(oracle.reference, region_id))
        )
        for region_id, of_region in oracle.grouped("region_id").items()
    ]
    return {
        "closed_at_once": (measures["at_once"], len(closed)),
        "closed_at_last": (sum(on_last for on_last, _ in edges), sum(near for _, near in edges)),
        "explained_reopened": (sum(map(is_returned, explained)), len(explained)),
        "dates_disordered": (len(disordered), len(received)),
        "without_place": (measures["placeless"], len(received)),
        "topic_other": (sum(row["topic_id"] in other_ids for row in received), len(received)),
    }


def quality_figures(oracle: Oracle, start: date, end: date, today: date, min_cases: int = 1) -> Figures:
    """The figures of data quality over the local days [start, end); None over fewer cases."""
    counts = quality_counts(oracle, start, end, today)
    figures = {name: ratio(part, whole) if whole >= min_cases else None for name, (part, whole) in counts.items()}
    last = figures["closed_at_last"]
    # One of six working days is what an even pace gives.
    figures["closed_at_last"] = None if last is None else (last - 1 / 6) / (1 - 1 / 6)
    unknown = oracle.measures(start, end)["first_unknown"]
    if unknown > sum(map(is_returned, oracle.settled_rows(start, min(end, today)))):
        figures["explained_reopened"] = None
    return figures


def morning_figures(oracle: Oracle, today: date) -> Figures:
    """What is due and what was missed, as of now."""
    with_deadline = [row for row in oracle.open_rows(None) if row["deadline_at"]]
    passed = [row for row in with_deadline if row["deadline_at"] < oracle.now]
    law_59 = oracle.reference.ids["regime"]["law59"]

    def due(first: date, end: date) -> int:
        days = [oracle.local_day(row, "deadline_at") for row in with_deadline if row["deadline_at"] >= oracle.now]
        return sum(day is not None and first <= day < end for day in days)

    return {
        "due_today": due(today, today + DAY),
        "due_tomorrow": due(today + DAY, today + 2 * DAY),
        "due_week": due(today, today + 7 * DAY),
        "newly_overdue": sum((oracle.local_day(row, "deadline_at") or date.min) >= today - DAY for row in passed),
        "overdue_59fz": sum(row["regime_id"] == law_59 for row in passed),
    }


def backlog_changes(oracle: Oracle, today: date, data_days: tuple[date, date]) -> dict[date, int]:
    """Received less closed in each of the last 13 weeks of whole days, by its first day.

    Without weeks that began before the territory's first day with data, or after its last one.
    """
    first_days = [today - 7 * week * DAY for week in range(WEEKS_OF_FLOW, 0, -1)]
    return {
        day: len(oracle.rows_within("received_at", day, day + 7 * DAY))
        - len(oracle.rows_within("closed_at", day, day + 7 * DAY))
        for day in first_days
        if data_days[0] <= day <= data_days[1]
    }


def open_figures(oracle: Oracle, today: date) -> Figures:
    """How old the oldest open appeal is, and how long those that have a deadline were given, in days."""
    rows = oracle.open_rows(None)
    ages = [max((today - (oracle.local_day(row, "received_at") or today)).days, 0) for row in rows]
    allowed = [
        (deadline_day - received_day).days
        for row in rows
        if (deadline_day := oracle.local_day(row, "deadline_at"))
        and (received_day := oracle.local_day(row, "received_at"))
    ]
    return {"oldest_open": max(ages, default=None), "time_allowed": ratio(sum(allowed), len(allowed))}


def fast_share(oracle: Oracle, start: date, end: date) -> float | None:
    """Of the appeals received in the local days [start, end), the share under the fast-track regime."""
    received, fast_id = oracle.rows_within("received_at", start, end), oracle.reference.ids["regime"].get("fast")
    return ratio(sum(row["regime_id"] == fast_id for row in received), len(received))


def received_per_10k(oracle: Oracle, territory_id: int, start: date, end: date) -> float | None:
    """Appeals received for every 10,000 inhabitants of a territory; None where its inhabitants aren't known."""
    population = oracle.reference.rows["territory"][territory_id]["population"] or 0
    return ratio(len(oracle.rows_within("received_at", start, end)) * 10_000, population)


def resolution_days(reference: ReferenceData, regime: str | None) -> int:
    """Within how many days appeals should be resolved: as set for a regime, or the longest of all."""
    days = {row["code"]: row["resolution_days"] for row in reference.rows["regime"].values()}
    return int(days[regime] if regime in days else max(days.values()))


def lies_ahead(row: AppealRow, oracle: Oracle) -> bool:
    """Whether an appeal was received or closed in the future."""
    return any(row[column] is not None and row[column] > oracle.now for column in ("received_at", "closed_at"))


def catch_all_topics(reference: ReferenceData) -> set[int]:
    """The ids of topics that take whatever fits nowhere else, by their name in any language, and of those below."""
    rows = reference.rows["topic"]

    def names(row: dict[str, Any]) -> list[str]:
        translated = row["names"] or {}
        return [translated.get(language) or translated.get("en") or row["name"] for language in LANGUAGES]

    vague = {id_ for id_, row in rows.items() if any(CATCH_ALL_PATTERN.search(name) for name in names(row))}
    return {id_ for id_ in rows if vague & set(reference.ancestors("topic", id_))}


def jurisdiction(reference: ReferenceData, region_id: int) -> tuple[str | None, str]:
    """The codes of the country that a region lies in, None without one, and of the region."""
    rows = reference.rows["territory"]
    top = rows[reference.ancestors("territory", region_id)[-1]]
    return (top["code"] if top["level"] == "country" else None), rows[region_id]["code"]


# Fields without which a figure can't be known, as otklik.intake.lacking_fields names them.
NAMES_BY_FIELD = {
    "outcome": ("resolved", "resolved_share", "resolution_rate", "explained_reopened"),
    "deadline_at": (
        *("on_time_rate", "on_time", "breach_rate", "closed_on_time_rate", "overdue", "overdue_share", "within"),
        *("at_risk", "time_allowed", "due_today", "due_tomorrow", "due_week", "newly_overdue", "overdue_59fz"),
        "closed_at_last",
    ),
    "rating": ("satisfaction", "coverage", "rating_mean", "rated", "low_share"),
    "first_holder": ("redirect_rate", "first_assignment_rate"),
    "reopened": ("reopened_rate", "explained_reopened"),
    "regime": ("fast_share", "overdue_59fz"),
}


def lacking_fields(reference: ReferenceData, region_ids: set[int]) -> set[str]:
    """The fields that a source of appeals lacks in any of these regions."""
    sources = (reference.rows["territory"][id_]["lacking"] or {} for id_ in region_ids)
    return {field for source in sources for fields in source.values() for field in fields}


def masked(figures: Figures, lacking: set[str], *, has_deadlines: bool) -> Figures:
    """The figures without those that can't be known; deadlines that a source lacks may have been set since."""
    known_lacking = lacking - {"deadline_at"} if has_deadlines else lacking
    unknown = {name for field in known_lacking for name in NAMES_BY_FIELD.get(field, ())}
    if "deadline_at" in lacking:
        unknown.add("within")
    return {name: None if name in unknown else value for name, value in figures.items()}


def each_day(start: date, end: date, count: int, choose: Callable[[int], list[int]]) -> list[date]:
    """Up to `count` of the days [start, end): all of them if they are so few, else those at the chosen offsets."""
    days = (end - start).days
    return [start + offset * DAY for offset in (range(days) if days <= count else sorted(choose(days)))]
