"""Demo data: thirteen months of made-up appeals that look like a country's.

`volume.py` says how many there are and documents the calibration to the programme's announcement, with the
SQL that checks it.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import Connection, text

from otklik.database.engine import connect
from otklik.database.rollups import rebuild
from otklik.demo.answers import answers, calibrate
from otklik.demo.arrivals import arrivals, world
from otklik.demo.catalogue import catalogue
from otklik.demo.handling import handling
from otklik.demo.people import habits
from otklik.demo.problems import planted
from otklik.demo.rules import rules
from otklik.demo.sheets import UGRA, sheets
from otklik.demo.volume import APPEALS
from otklik.demo.writing import write

__all__ = ["NotEmpty", "catalogue", "load"]


class NotEmpty(Exception):
    """The database holds appeals already; the message says what to do."""


def load(
    url: str,
    appeals: int | None = None,
    seed: int = 1,
    as_of: date | None = None,
    progress: Callable[[str, int, int], None] = lambda *_: None,
    *,
    replace: bool = False,
) -> None:
    """Fill a database that holds no appeals, in one transaction.

    With a date the demo's clock stands at noon of it, UTC, and every row is the same for a seed; without one
    it is now, and the date is Ugra's. `replace` removes earlier demo data first. Raises NotEmpty.
    """
    day, now = clock(as_of)
    count = APPEALS if appeals is None else appeals
    engine = connect(url)
    try:
        with engine.begin() as connection:
            _make_room(connection, replace=replace)
            progress("Catalogue", 0, 1)
            catalogue(connection)
            rules(connection)
            # Foreign keys are checked by plans: made for tables known as empty, they would read them whole each time.
            connection.execute(text("ANALYZE territory, organisation, topic"))
            progress("Catalogue", 1, 1)
            _generate(connection, count, seed, (day, now), progress)
        # So much at once is counted anew faster than it is folded in, and the first screen comes at once.
        rebuild(url, lambda _cube, done, total: progress("Counting", done, total))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    finally:
        engine.dispose()


def clock(as_of: date | None) -> tuple[date, datetime]:
    """The demo's date and instant: noon of a date, UTC; without one now, and the day that it is in Ugra."""
    if as_of:
        return as_of, datetime.combine(as_of, time(12), UTC)
    now = datetime.now(UTC).replace(microsecond=0)
    ugra_zone = ZoneInfo(sheets().regions[sheets().region(UGRA)]["timezone"])
    return now.astimezone(ugra_zone).date(), now


def _make_room(connection: Connection, *, replace: bool) -> None:
    """Two loads at once take turns; the second finds the appeals of the first."""
    connection.execute(text("LOCK TABLE demo_run IN SHARE ROW EXCLUSIVE MODE"))
    demo_source = "(SELECT id FROM source WHERE code = 'demo')"
    appeals_exist = f"SELECT EXISTS (SELECT FROM appeal WHERE (source_id = {demo_source}) = :demo)"  # noqa: S608 - our own words
    if connection.scalar(text(appeals_exist), {"demo": False}):
        raise NotEmpty("The database holds appeals that aren't demo data: demo data needs a database of its own.")
    if replace:
        connection.execute(text("TRUNCATE appeal, event, applicant, planted_problem, demo_run CASCADE"))
    elif connection.scalar(text(appeals_exist), {"demo": True}):
        raise NotEmpty("The database holds demo data already: `otklik demo --replace` makes it anew.")


def _generate(
    connection: Connection,
    count: int,
    seed: int,
    clock_reading: tuple[date, datetime],
    progress: Callable[[str, int, int], None],
) -> None:
    as_of, now = clock_reading
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - what `connect` makes
    progress("Generating", 0, 1)
    context = world(sheets(), seed, as_of, now)
    arrived = arrivals(context, count)
    profiles = habits(context)
    course = handling(context, arrived, profiles)
    ended = answers(context, arrived, course, profiles)
    calibrate(context, arrived, course, ended)
    progress("Generating", 1, 1)
    write(driver, context, arrived, course, ended, progress)
    insert_run = "INSERT INTO demo_run (seed, as_of, appeals) VALUES (:seed, :as_of, :appeals)"
    connection.execute(text(insert_run), {"seed": seed, "as_of": as_of, "appeals": count})
    connection.execute(text(PROBLEM), [vars(problem) for problem in planted(as_of) if problem.starts < problem.ends])


PROBLEM = """
    INSERT INTO planted_problem (kind, topic_id, territory_id, organisation_id, starts, ends, factor, note)
    VALUES (:kind, (SELECT id FROM topic WHERE code = :topic), (SELECT id FROM territory WHERE code = :territory),
        (SELECT id FROM organisation WHERE code = :organisation), :starts, :ends, :factor, :note)"""
