"""Open and overdue as they stood at the end of past days, added up from the record in plain Python."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from queries.filters import Filters
from tests.support.figures.oracle import Oracle
from tests.support.figures.reference_data import ReferenceData

Stock = tuple[int, int]
"""How many were open, and how many of them overdue."""


@dataclass(frozen=True)
class DayRecord:
    """The regions of which a day is recorded, by day, and the stock of a territory at its end."""

    regions: dict[date, set[int]]
    stocks: dict[tuple[int, date], Stock]

    def stock(self, oracle: Oracle, filters: Filters, day: date) -> Stock | None:
        """The stock of the chosen territory; None where the record can't say, as of topics or missing regions."""
        if not self.is_complete(oracle, filters, day):
            return None
        reference = oracle.reference
        chosen = reference.ids["territory"].get(filters.territory or "")
        return self._total(reference, {chosen} if chosen else reference.region_ids, day)

    def member_stock(self, oracle: Oracle, filters: Filters, territory_id: int, day: date) -> Stock | None:
        """The stock of a territory within the chosen one."""
        return self._total(oracle.reference, {territory_id}, day) if self.is_complete(oracle, filters, day) else None

    def is_complete(self, oracle: Oracle, filters: Filters, day: date) -> bool:
        """Whether the record has the day of all regions shown; it has no topics, organisations, channels, regimes."""
        is_narrowed = any((filters.topic, filters.organisation, filters.channel, filters.regime))
        return not is_narrowed and oracle.shown_regions(filters) <= self.regions.get(day, set())

    def _total(self, reference: ReferenceData, territory_ids: set[int], day: date) -> Stock:
        """A municipality has a stock of its own, a region that of all in it; the others are made of regions."""
        level = {id_: row["level"] for id_, row in reference.rows["territory"].items()}
        counted = {
            id_
            for id_ in level
            if (level[id_] == "region" and territory_ids & {*reference.ancestors("territory", id_)})
            or (level[id_] == "municipality" and id_ in territory_ids)
        }
        stocks = [self.stocks.get((id_, day), (0, 0)) for id_ in counted]
        return sum(stock[0] for stock in stocks), sum(stock[1] for stock in stocks)


def load_day_record(connection: Connection) -> DayRecord:
    """The record as the database has it."""
    regions: dict[date, set[int]] = {}
    for region_id, day in connection.execute(text("SELECT region_id, day FROM recorded_day")):
        regions.setdefault(day, set()).add(region_id)
    rows = connection.execute(text("SELECT territory_id, day, sum(open), sum(overdue) FROM day_stock GROUP BY 1, 2"))
    return DayRecord(regions, {(row[0], row[1]): (int(row[2]), int(row[3])) for row in rows})
