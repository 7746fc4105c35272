"""Recording how many appeals were open and overdue at the end of each day, and checking the record."""

from datetime import date
from typing import NamedTuple

import psycopg

# The record can't be counted again from the appeals: it is there because these have changed since. What it can be held
# to is that it agrees with itself.
CONTRADICTIONS_SQL = """
    WITH stock AS (
        SELECT territory.id, territory.code, territory.level, coalesce(region.id, territory.id) AS region_id, day,
            sum(open) AS open, sum(overdue) AS overdue
        FROM day_stock JOIN territory ON territory.id = territory_id
        LEFT JOIN territory AS region ON region.id = territory.parent_id AND territory.level = 'municipality'
        GROUP BY territory.id, region.id, day
    ), below AS (
        SELECT region_id, day, sum(open) AS open, sum(overdue) AS overdue
        FROM stock WHERE level = 'municipality' GROUP BY region_id, day
    )
    SELECT stock.code, stock.day, stock.open, stock.overdue,
        CASE WHEN r.day IS NULL THEN 'not a recorded day'
            WHEN stock.overdue < 0 OR stock.overdue > stock.open THEN 'more overdue than open, or fewer than none'
            ELSE 'fewer than in its municipalities' END
    FROM stock
    LEFT JOIN recorded_day AS r ON r.region_id = stock.region_id AND r.day = stock.day
    LEFT JOIN below ON below.region_id = stock.id AND below.day = stock.day
    WHERE r.day IS NULL OR stock.overdue < 0 OR stock.overdue > stock.open
        OR below.open > stock.open OR below.overdue > stock.overdue
    ORDER BY stock.day, stock.code"""


class Contradiction(NamedTuple):
    """What the record says of a territory at the end of a day, and why that can't be."""

    territory: str
    day: date
    open: int
    overdue: int
    reason: str


def record_day_stocks(database_url: str) -> None:
    """Record the last day of each region, from noon of the next one on; a job of the launcher.

    The database's function `record_day_stocks` does nothing where that is done, and waits for the next time while older
    appeals arrive.
    """
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT record_day_stocks()")


def record_contradictions(database_url: str) -> list[Contradiction]:
    """The days of territories whose record contradicts itself, in their order; none in a good database."""
    with psycopg.connect(database_url) as connection:
        return [Contradiction(*row) for row in connection.execute(CONTRADICTIONS_SQL)]
