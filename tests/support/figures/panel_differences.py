"""Figures of single pages, against those that the oracle expects: of the morning, of data quality, by inhabitants."""

from otklik.small_numbers import MIN_CASES
from queries.morning import backlog_flow, deadlines
from queries.quality import issues
from queries.regions import territories
from queries.regions.levels import has_districts
from queries.summaries.open_ages import oldest_open, open_durations
from tests.support.figures import catalogue_oracle
from tests.support.figures.catalogue_oracle import Figures
from tests.support.figures.figure_expectations import GROUP_KEYS, Expectations
from tests.support.figures.figure_sets import data_days
from tests.support.figures.figure_tally import Tally
from tests.support.figures.oracle import Oracle


def compare_morning(expectations: Expectations, tally: Tally) -> None:
    """What is due, how the backlog moved, and how old what is open is: as of now, whatever the period."""
    filters, oracle, today = expectations.filters, expectations.oracle, expectations.today
    expected = catalogue_oracle.morning_figures(oracle, today)
    by_law = {"overdue_59fz": expected.pop("overdue_59fz")}
    has_due = any(expected[name] for name in ("due_week", "newly_overdue"))
    expected = catalogue_oracle.masked(expected, expectations.lacking, has_deadlines=has_due)
    expected |= catalogue_oracle.masked(by_law, expectations.lacking, has_deadlines=bool(by_law["overdue_59fz"]))
    tally.compare("now", "", {value.metric.id: value.value for value in deadlines.due_values(filters)}, expected)
    weeks = backlog_flow.backlog_flow(filters).by_week
    days = data_days(expectations.everything, filters.territory)
    changes = {str(day): change for day, change in catalogue_oracle.backlog_changes(oracle, today, days).items()}
    shown_changes = {str(day): change for day, change in zip(weeks["day"], weeks["change"], strict=True)}
    tally.compare("week", "", shown_changes, changes)
    tally.compare("now", "", {"oldest_open": oldest_open(filters).value}, catalogue_oracle.open_figures(oracle, today))
    for by in ("holder_id", "channel_id", "regime_id"):
        durations = open_durations(filters, by)[["oldest_days", "allowed_days", "with_deadline"]]
        rows = dict(zip(durations.index.tolist(), durations.to_numpy().tolist(), strict=True))
        for id_, member in oracle.grouped(by).items():
            shown: Figures = {"oldest_open": None, "time_allowed": None}
            if id_ in rows:
                oldest, allowed, count = rows[id_]
                shown = {"oldest_open": oldest, "time_allowed": allowed / count if count else None}
            tally.compare("now of member", (by, id_), shown, catalogue_oracle.open_figures(member, today))


def compare_quality(expectations: Expectations, tally: Tally) -> None:
    """The figures of data quality, in all, in the comparison period, by organisation and by region."""
    filters, oracle, today = expectations.filters, expectations.oracle, expectations.today
    through = oracle.touching(filters.start, filters.end)

    def masked(figures: Figures) -> Figures:
        return catalogue_oracle.masked(figures, expectations.lacking, has_deadlines=False)

    values = issues.kpis(filters)
    expected = catalogue_oracle.quality_figures(through, filters.start, filters.end, today)
    tally.compare("total", "", {value.metric.id: value.value for value in values}, masked(expected))
    if period := expectations.comparison:
        earlier = oracle.touching(period.start, period.end)
        before = catalogue_oracle.quality_figures(earlier, period.start, period.end, today)
        tally.compare("previous", "", {value.metric.id: value.previous for value in values}, masked(before))
    kinds: tuple[tuple[issues.MemberKind, str, str], ...] = (
        ("organisation", "organisation", "holder_id"),
        ("region", "territory", "region_id"),
    )
    for kind, table, by in kinds:
        rows = issues.data_quality_by(filters, kind, "closed_at_once").set_index("code")
        for id_, member in through.grouped(by).items():
            code = oracle.reference.rows[table][id_]["code"]
            if code in rows.index:
                figures = catalogue_oracle.quality_figures(member, filters.start, filters.end, today, MIN_CASES)
                tally.compare("member", (kind, id_), rows.loc[code, list(figures)].to_dict(), masked(figures))


def compare_inhabitants(expectations: Expectations, tally: Tally) -> None:
    """What was received for every 10,000 inhabitants, by territory and region."""
    filters, oracle = expectations.filters, expectations.oracle
    through = oracle.touching(filters.start, filters.end)
    levels: tuple[territories.TerritoryLevel, ...] = (
        ("territory", "region") if has_districts(filters) else ("territory",)
    )
    for level in levels:
        shown = territories.territories(filters, level)["received_per_10k"]
        members = through.grouped(GROUP_KEYS[level], filters)
        for id_, value in zip(shown.index.tolist(), shown.tolist(), strict=True):
            member = members.get(id_, Oracle(oracle.reference, [], oracle.now))
            rate = catalogue_oracle.received_per_10k(member, id_, filters.start, filters.end)
            tally.compare("member", (level, id_), {"received_per_10k": value}, {"received_per_10k": rate})
