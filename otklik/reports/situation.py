"""The content of a situation report on a territory and a period, from the queries that the screens use."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from components.text.counted_back_text import counted_back_text
from components.text.period_text import period_label
from components.text.reopened_since_text import reopened_since_text
from otklik.i18n import N_, _, formats, ngettext
from otklik.progress import ProgressCallback
from queries import filter_options, overdue, overview
from queries.cache import live
from queries.core.local_days import running_day
from queries.core.reference import dimension_members
from queries.core.resolved_filters import resolve
from queries.filters import Filters
from queries.metrics.catalogue import METRICS
from queries.metrics.metric import Metric, MetricValue
from queries.regions import territories as regions
from queries.regions.levels import effective_territory, has_children, has_districts, shown_region_codes
from queries.summaries import day_record, metric_values
from queries.summaries.reopened_since import reopened_since

STAGES = (
    N_("Figures"),
    N_("Map"),
    N_("Days, topics and territories"),
    N_("Overdue appeals"),
    N_("Pages"),
)
REPORT_METRICS = (
    *("received", "closed", "resolved", "resolved_share", "on_time_rate", "open", "overdue", "at_risk"),
    *("answer_mean", "answer_median", "satisfaction", "coverage", "reopened_rate", "redirect_rate", "flow_ratio"),
)
MAP_METRIC = "on_time_rate"
MAX_OVERDUE_ROWS, MAX_ORGANISATIONS = 200, 1000


@dataclass(frozen=True)
class MapTerritories:
    """What the map of a report shows.

    `rows` are those of queries.regions.territories.map_values, `regions` the codes of the regions whose boundaries are
    drawn, `metric` the metric that colours the territories, `overall` its value over everything that the viewer sees.
    """

    rows: pd.DataFrame
    regions: tuple[str, ...]
    metric: Metric
    overall: float | None


@dataclass(frozen=True)
class Situation:
    """All content of a report, in one language, and nothing that identifies an applicant.

    `counted_back_text` says whether open and overdue are as they stood at the end of a past period, and
    `reopened_since_text` what its closes have lost to re-openings; empty for others.
    The frames are rows of queries.overview.flow_by_day (`daily`), queries.overview.topic_ranking (`topics`),
    queries.overview.territory_ranking (`territories`), queries.overdue.late_by_dimension (`late_organisations`) and
    queries.overdue.late_appeals (`overdue`, the first 200).
    """

    territory_name: str
    period_text: str
    counted_back_text: str
    reopened_since_text: str
    made_at: datetime
    today: date
    is_demo: bool
    language: str
    filter_texts: tuple[str, ...]
    metric_values: list[MetricValue]
    map_territories: MapTerritories | None
    daily: pd.DataFrame
    topics: pd.DataFrame
    territories: pd.DataFrame
    late_organisations: pd.DataFrame
    overdue: pd.DataFrame

    def title(self) -> str:
        """The title, in the current language."""
        return _("Situation report")

    def metric_value(self, name: str) -> MetricValue:
        """The value of one of `REPORT_METRICS`, by its id. Raises StopIteration for another."""
        return next(metric_value for metric_value in self.metric_values if metric_value.metric.id == name)


def current_situation(filters: Filters, on_progress: ProgressCallback) -> Situation:
    """The report of what the filters show, in the current viewer's scope and language."""
    announce_stage(on_progress, 0)
    values = metric_values.metric_values(filters, REPORT_METRICS)
    territory_name, zone = territory_and_zone(filters)
    made_at = datetime.now(UTC).astimezone(zone).replace(microsecond=0)
    announce_stage(on_progress, 1)
    map_territories = mapped_territories(filters)
    announce_stage(on_progress, 2)
    daily, topics, territories = (
        overview.flow_by_day(filters),
        overview.topic_ranking(filters),
        overview.territory_ranking(filters),
    )
    announce_stage(on_progress, 3)
    return Situation(
        territory_name=territory_name,
        period_text=period_label(filters, running_day(resolve(filters))[0]),
        counted_back_text=counted_back_text(day_record.stock_basis(filters)),
        reopened_since_text=reopened_since_text(
            reopened_since(filters), *(value for value in values if value.metric.id in ("closed", "resolved"))
        ),
        made_at=made_at,
        today=made_at.date(),
        is_demo=live.is_demo(),
        language=filters.language,
        filter_texts=active_filter_texts(filters),
        metric_values=values,
        map_territories=map_territories,
        daily=daily,
        topics=topics,
        territories=territories,
        late_organisations=overdue.late_by_dimension(filters, "organisation", limit=MAX_ORGANISATIONS),
        overdue=overdue.late_appeals(filters, "overdue").head(MAX_OVERDUE_ROWS),
    )


def announce_stage(on_progress: ProgressCallback, n: int) -> None:
    """Report that stage `n` of `STAGES` begins."""
    on_progress(_(STAGES[n]), n, len(STAGES))


def territory_and_zone(filters: Filters) -> tuple[str, ZoneInfo]:
    """The names of the territory or of all that the viewer sees, and the (first) one's time zone."""
    territory_names = dimension_members("territory", filters.language)
    top_ids = list(resolve(filters).territories)
    zone = ZoneInfo(str(territory_names["timezone"][top_ids[0]])) if top_ids else ZoneInfo("UTC")
    if filters.territory is None and len(top_ids) != 1:
        return _("All territories"), zone
    return ", ".join(str(territory_names["full_name"][territory_id]) for territory_id in top_ids), zone


def active_filter_texts(filters: Filters) -> tuple[str, ...]:
    """The filters besides territory and period, each as "Topic: Roads"."""
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


def mapped_territories(filters: Filters) -> MapTerritories | None:
    """The territories directly below the chosen one, with the mapped metric; None where there are none."""
    opened_filters = replace(filters, territory=effective_territory(filters))
    if not has_children(opened_filters):
        return None
    level: regions.TerritoryLevel = "region" if has_districts(opened_filters) else "territory"
    return MapTerritories(
        regions.map_values(opened_filters, level, MAP_METRIC),
        shown_region_codes(opened_filters),
        METRICS[MAP_METRIC],
        regions.overall_value(opened_filters, MAP_METRIC),
    )


def summary_sentences(report: Situation) -> list[str]:
    """The report's introduction, as sentences in the current language."""
    numbers = {
        name: formats.number(report.metric_value(name).value or 0) for name in ("received", "closed", "open", "overdue")
    }
    sentences = [
        _("Received: {received}, closed: {closed}, open: {open}, of these overdue: {overdue}.").format(**numbers)
    ]
    previous = report.metric_value("received").previous
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
