"""What a situation report says of a territory and a period: the same answers that the screens show."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from components.filters.filter_bar import in_words
from otklik.i18n import N_, _, formats, ngettext
from queries import filter_options, overdue, overview
from queries.cache import live
from queries.core.metric_values import answers
from queries.core.reference import words
from queries.core.resolved_filters import cut
from queries.filters import Filters
from queries.metrics.catalogue import CATALOGUE
from queries.metrics.metric import Answer, Figure
from queries.regions import territories as regions

Tell = Callable[[str, int, int], None]
"""Told the stage, the steps done and the steps in all."""
STAGES = (
    N_("Figures"),
    N_("Map"),
    N_("Days, topics and territories"),
    N_("Overdue appeals"),
    N_("Pages"),
)
FIGURES = (
    *("received", "closed", "resolved", "resolution_rate", "on_time_rate", "open", "overdue", "at_risk"),
    *("answer_mean", "answer_median", "satisfaction", "coverage", "reopened_rate", "redirect_rate", "flow_ratio"),
)
MAPPED = "on_time_rate"
LISTED = 200


@dataclass(frozen=True)
class Ground:
    """The territories of the map: with the mapped figure, the regions that they stand on, and what they are."""

    rows: pd.DataFrame
    regions: tuple[str, ...]
    figure: Figure


@dataclass(frozen=True)
class Situation:
    """All that a report says, in one language, and nothing that identifies an applicant.

    `daily`, `topics` and `territories` are those of queries.overview, `overdue` is queries.overdue.late: at most 200.
    """

    place: str
    days: str
    made: datetime
    today: date
    demo: bool
    language: str
    narrowed: tuple[str, ...]
    figures: list[Answer]
    ground: Ground | None
    daily: pd.DataFrame
    topics: pd.DataFrame
    territories: pd.DataFrame
    overdue: pd.DataFrame

    def title(self) -> str:
        """The report's title."""
        return _("Situation report")

    def answer(self, name: str) -> Answer:
        """One of the figures."""
        return next(metric_value for metric_value in self.figures if metric_value.figure.id == name)


def situation(filters: Filters, on_progress: Tell) -> Situation:
    """The report of what the filters show to the viewer in whose scope this runs, in the language now spoken."""
    step(on_progress, 0)
    metric_values = answers(filters, FIGURES)
    territory_name, zone = placed(filters)
    made_at = datetime.now(UTC).astimezone(zone).replace(microsecond=0)
    step(on_progress, 1)
    map_territories = mapped(filters)
    step(on_progress, 2)
    daily, topics, territories = overview.daily(filters), overview.topics(filters), overview.territories(filters)
    step(on_progress, 3)
    return Situation(
        territory_name,
        in_words(filters),
        made_at,
        made_at.date(),
        live.is_demo(),
        filters.language,
        narrowed(filters),
        metric_values,
        map_territories,
        daily,
        topics,
        territories,
        overdue.late(filters, "overdue").head(LISTED),
    )


def step(on_progress: Tell, n: int) -> None:
    """Say which stage begins."""
    on_progress(_(STAGES[n]), n, len(STAGES))


def placed(filters: Filters) -> tuple[str, ZoneInfo]:
    """The name of the territory, or of all that the viewer sees, and its time zone."""
    territory_names = words("territory", filters.language)
    top_ids = list(cut(filters).territories)
    zone = ZoneInfo(str(territory_names["timezone"][top_ids[0]])) if top_ids else ZoneInfo("UTC")
    if filters.territory is None and len(top_ids) != 1:
        return _("All territories"), zone
    return ", ".join(str(territory_names["name"][territory_id]) for territory_id in top_ids), zone


def narrowed(filters: Filters) -> tuple[str, ...]:
    """What else the report is narrowed to, in words."""
    choices = {
        _("Topic"): (filter_options.topics(filters), filters.topic),
        _("Organisation"): (filter_options.organisations(filters), filters.organisation),
        _("Regime"): (filter_options.regimes(filters), filters.regime),
        _("Channel"): (filter_options.channels(filters), filters.channel),
    }
    return tuple(
        f"{label}: {rows.loc[rows['code'] == code, 'name'].iloc[0]}"
        for label, (rows, code) in choices.items()
        if code is not None and rows["code"].eq(code).any()
    )


def mapped(filters: Filters) -> Ground | None:
    """The territories below the chosen one by the mapped figure; None where there are none."""
    opened_filters = replace(filters, territory=regions.opened(filters))
    if not regions.has_parts(opened_filters):
        return None
    level: regions.Level = "region" if regions.has_districts(opened_filters) else "territory"
    return Ground(regions.coloured(opened_filters, level, MAPPED), regions.ground(opened_filters), CATALOGUE[MAPPED])


def summary(report: Situation) -> list[str]:
    """The situation in sentences."""
    numbers = {
        name: formats.number(report.answer(name).value or 0) for name in ("received", "closed", "open", "overdue")
    }
    sentences = [
        _("{received} appeals were received and {closed} closed; {open} are open, {overdue} of them overdue.").format(
            **numbers
        )
    ]
    previous = report.answer("received").previous
    if previous:
        n = int(previous)
        sentences.append(
            ngettext(
                "In the period compared with, {n} appeal was received.",
                "In the period compared with, {n} appeals were received.",
                n,
            ).format(n=formats.number(n))
        )
    return sentences
