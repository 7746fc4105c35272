"""What the oracle expects of every figure with a set of filters: in all, by member of each dimension, by day."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from math import ceil

from queries.filters import Filters
from queries.summaries.dimensions import Dimension
from tests.support.appeals.appeal_set import is_returned
from tests.support.figures import catalogue_oracle
from tests.support.figures.catalogue_oracle import Figures
from tests.support.figures.day_record import DayRecord, Stock
from tests.support.figures.figure_sets import data_days
from tests.support.figures.oracle import DAY, Oracle, ratio

DAYS_A_WEEK = 7
WEEKS_A_YEAR = 52
GROUP_KEYS: dict[Dimension, str] = {
    "topic": "topic_step",
    "territory": "territory_id",
    "region": "region_id",
    "organisation": "holder_id",
    "channel": "channel_id",
    "regime": "regime_id",
}
# Of now alone, and of an age that an earlier period has passed.
NOT_COMPARED = ("at_risk", "within", "resolution_rate")


@dataclass(frozen=True)
class Period:
    """The local days [start, end) of a comparison period, and how many days it begins before the one compared."""

    start: date
    end: date
    days_ago: int


@dataclass(frozen=True)
class Expectations:
    """The appeals within a set of filters, all appeals of the database, and the record of its past days."""

    everything: Oracle
    filters: Filters
    record: DayRecord

    @cached_property
    def oracle(self) -> Oracle:
        """The appeals within the filters."""
        return self.everything.filtered(self.filters)

    @cached_property
    def today(self) -> date:
        """The running day."""
        return self.everything.local_today(self.filters)

    @cached_property
    def comparison(self) -> Period | None:
        """The period before in whole weeks, or 52 weeks ago; None where it would begin before the data do."""
        start, end, compare = self.filters.start, self.filters.end, self.filters.compare
        if compare == "none":
            return None
        weeks = WEEKS_A_YEAR if compare == "year" else max(1, ceil((end - start).days / DAYS_A_WEEK))
        shift = timedelta(weeks=weeks)
        if start - shift < data_days(self.everything, self.filters.territory)[0]:
            return None
        return Period(start - shift, end - shift, shift.days)

    @cached_property
    def lacking(self) -> set[str]:
        """The fields that sources of the regions shown lack."""
        reference = self.everything.reference
        return catalogue_oracle.lacking_fields(reference, self.everything.shown_regions(self.filters))

    @cached_property
    def resolution_days(self) -> int:
        """Within how many days appeals should be resolved."""
        return catalogue_oracle.resolution_days(self.everything.reference, self.filters.regime)

    @cached_property
    def _current(self) -> Figures:
        start, end = self.filters.start, self.filters.end
        return self._figures(self.oracle.touching(start, end), start, end, self._stock(end))

    def total(self) -> Figures:
        """The figures of the period."""
        return self.masked(self._current, self._current)

    def previous(self) -> Figures:
        """Those of the comparison period: with a day that goes on, up to the same time of day."""
        if (period := self.comparison) is None:
            return {}
        whole = self.oracle.touching(period.start, period.end)
        figures = self._earlier(whole, period, self._stock(period.end))
        return self.masked(figures | dict.fromkeys(NOT_COMPARED), self._current)

    def by_member(self, dimension: Dimension, *, earlier: bool = False) -> dict[int, Figures]:
        """The figures of each member of a dimension, by its id; earlier ones are those of the comparison period."""
        period = self.comparison if earlier else Period(self.filters.start, self.filters.end, 0)
        if period is None:
            return {}
        members = self.oracle.touching(period.start, period.end).grouped(GROUP_KEYS[dimension], self.filters)
        figures_by_member = {}
        for id_, member in members.items():
            stock = self._member_stock(dimension, id_, period.end)
            figures = (
                self._earlier(member, period, stock)
                if earlier
                else self._figures(member, period.start, period.end, stock)
            )
            figures_by_member[id_] = self.masked(figures, figures, self._lacking_of(dimension, id_))
        return figures_by_member

    def of_day(self, day: date) -> Figures:
        """Of a day of the period: counts of the day itself, shares and means from the period's start through it."""
        start, end = self.filters.start, day + DAY
        stock = self._stock(end)
        own = self._figures(self.oracle.touching(day, end), day, end, stock)
        through = self.oracle.touching(start, end)
        running = self._figures(through, start, end, stock)
        # In a series it is known as far as first answers are.
        settled = through.settled_rows(start, min(end, self.today))
        running["reopened_rate"] = ratio(sum(map(is_returned, settled)), len(settled))
        return {name: running[name] if name in SHARES_AND_MEANS else value for name, value in own.items()}

    def masked(self, figures: Figures, current: Figures, lacking: set[str] | None = None) -> Figures:
        """The figures without those unknown for want of a field; deadlines are known where any counts in `current`."""
        has_rate = any(current[name] is not None for name in ("closed_on_time_rate", "on_time_rate"))
        has_deadlines = has_rate or any(current[name] for name in ("on_time", "overdue", "at_risk"))
        return catalogue_oracle.masked(
            figures, self.lacking if lacking is None else lacking, has_deadlines=has_deadlines
        )

    def _figures(self, oracle: Oracle, start: date, end: date, stock: Stock | None) -> Figures:
        return oracle.metrics(start, end, self.today, resolution_days=self.resolution_days, stock=stock)

    def _earlier(self, whole: Oracle, period: Period, stock: Stock | None) -> Figures:
        shift = timedelta(days=period.days_ago)
        goes_on = self.filters.end > self.today
        earlier = whole.at_same_clock(shift) if goes_on else whole
        if stock and goes_on:
            # What changed later on the last day, by what is known now, is taken back from what was recorded.
            stock = (
                stock[0] - len(whole.open_rows(period.end)) + len(earlier.open_rows(period.end)),
                stock[1] - len(whole.overdue_rows(period.end)) + len(earlier.overdue_rows(period.end)),
            )
        return earlier.metrics(
            period.start,
            period.end,
            self.today,
            period.days_ago,
            resolution_days=self.resolution_days,
            stock=stock,
        )

    def _stock(self, end: date) -> Stock | None:
        return self.record.stock(self.everything, self.filters, end - DAY) if end <= self.today else None

    def _member_stock(self, dimension: Dimension, id_: int, end: date) -> Stock | None:
        if dimension not in ("territory", "region") or end > self.today:
            return None
        return self.record.member_stock(self.everything, self.filters, id_, end - DAY)

    def _lacking_of(self, dimension: Dimension, id_: int) -> set[str]:
        if dimension not in ("territory", "region"):
            return self.lacking
        code = self.everything.reference.rows["territory"][id_]["code"]
        regions = self.everything.shown_regions(replace(self.filters, territory=code))
        return catalogue_oracle.lacking_fields(self.everything.reference, regions)


SHARES_AND_MEANS = {
    *("on_time_rate", "breach_rate", "closed_on_time_rate", "resolution_rate", "overdue_share", "answer_mean"),
    *("satisfaction", "coverage", "rating_mean", "low_share", "reopened_rate", "redirect_rate"),
    *("first_assignment_rate", "flow_ratio"),
}
