"""Filling a database with demo data.

otklik.demo.generator.volume describes how many appeals there are and their calibration to the announced figures.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import Connection, text

from otklik.database.cubes.rollups import build_cubes_of_load, without_facts
from otklik.database.engine import database_engine
from otklik.demo.catalogue import write_catalogue
from otklik.demo.catalogue_data import UGRA, catalogue_data
from otklik.demo.copy_writer import write_appeals
from otklik.demo.discussions import remove_demo_discussions, write_demo_discussions
from otklik.demo.generator.arrivals import generate_arrivals
from otklik.demo.generator.context import build_context
from otklik.demo.generator.handling import plan_handling
from otklik.demo.generator.outcomes_and_ratings import calibrate_ugra, generate_answers
from otklik.demo.generator.performance_profiles import draw_profiles
from otklik.demo.generator.planted_problems import planted_problems
from otklik.demo.generator.routing import write_deadline_rules
from otklik.demo.generator.volume import DEFAULT_APPEALS
from otklik.demo.polls import remove_demo_polls, write_demo_polls
from otklik.demo.problems import remove_demo_problems, write_demo_problems
from otklik.demo.verdicts import write_demo_verdicts
from otklik.progress import ProgressCallback, ignore_progress


class DatabaseNotEmpty(Exception):
    """The database holds appeals already. The message says what to do."""


def load_demo_data(
    url: str,
    appeals: int | None = None,
    seed: int = 1,
    as_of: date | None = None,
    progress: ProgressCallback = ignore_progress,
    *,
    replace: bool = False,
) -> None:
    """Fill a database that holds no appeals, in one transaction.

    With `as_of`, the demo's clock stands at noon UTC of that date, and equal seeds give equal rows. Without it, the
    clock is now and the date is Ugra's. `replace` removes earlier demo data first. Raises DatabaseNotEmpty.
    """
    day, now = demo_clock(as_of)
    count = DEFAULT_APPEALS if appeals is None else appeals
    engine = database_engine(url)
    try:
        with engine.begin() as connection:
            _prepare_database(connection, replace=replace)
            progress("Catalogue", 0, 1)
            write_catalogue(connection)
            write_deadline_rules(connection)
            # Foreign-key checks keep their plans: made while the tables look empty, they would scan them each time.
            connection.execute(text("ANALYZE territory, organisation, topic"))
            progress("Catalogue", 1, 1)
            _generate_appeals(connection, count, seed, (day, now), progress)
            write_demo_verdicts(connection, seed, now)
            write_demo_problems(connection, seed, day)
            write_demo_polls(connection, seed, now, count)
            write_demo_discussions(connection, seed, day, now, count)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    finally:
        engine.dispose()


def demo_clock(as_of: date | None) -> tuple[date, datetime]:
    """The demo's date and instant: noon UTC of `as_of`, or else today in Ugra and now."""
    if as_of:
        return as_of, datetime.combine(as_of, time(12), UTC)
    now = datetime.now(UTC).replace(microsecond=0)
    ugra_zone = ZoneInfo(catalogue_data().regions[catalogue_data().region_index(UGRA)]["timezone"])
    return now.astimezone(ugra_zone).date(), now


def _prepare_database(connection: Connection, *, replace: bool) -> None:
    """Check that there are no appeals, or remove demo data. Waits for another load to end. Raises DatabaseNotEmpty."""
    connection.execute(text("LOCK TABLE demo_run IN SHARE ROW EXCLUSIVE MODE"))
    demo_source = "(SELECT id FROM source WHERE code = 'demo')"
    appeals_exist = f"SELECT EXISTS (SELECT FROM appeal WHERE (source_id = {demo_source}) = :demo)"  # noqa: S608 - no value of a user
    if connection.scalar(text(appeals_exist), {"demo": False}):
        raise DatabaseNotEmpty(
            "The database holds appeals that aren't demo data: demo data needs a database of its own."
        )
    if replace:
        remove_demo_discussions(connection)
        remove_demo_problems(connection)
        remove_demo_polls(connection)
        connection.execute(text("TRUNCATE appeal, event, applicant, planted_problem, demo_run CASCADE"))
    elif connection.scalar(text(appeals_exist), {"demo": True}):
        raise DatabaseNotEmpty("The database holds demo data already: `otklik demo --replace` replaces it.")


def _generate_appeals(
    connection: Connection,
    count: int,
    seed: int,
    as_of_and_now: tuple[date, datetime],
    progress: ProgressCallback,
) -> None:
    as_of, now = as_of_and_now
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - the engine connects by psycopg
    progress("Generating", 0, 1)
    context = build_context(catalogue_data(), seed, as_of, now)
    arrivals = generate_arrivals(context, count)
    profiles = draw_profiles(context)
    handling = plan_handling(context, arrivals, profiles)
    answers = generate_answers(context, arrivals, handling, profiles)
    calibrate_ugra(context, arrivals, handling, answers)
    progress("Generating", 1, 1)
    with without_facts(driver):
        write_appeals(driver, context, arrivals, handling, answers, progress)
    insert_run = "INSERT INTO demo_run (seed, as_of, appeals) VALUES (:seed, :as_of, :appeals)"
    connection.execute(text(insert_run), {"seed": seed, "as_of": as_of, "appeals": count})
    connection.execute(
        text(INSERT_PROBLEM), [vars(problem) for problem in planted_problems(as_of) if problem.starts < problem.ends]
    )
    build_cubes_of_load(driver, lambda _cube, done, total: progress("Counting", done, total))


INSERT_PROBLEM = """
    INSERT INTO planted_problem (kind, topic_id, territory_id, organisation_id, starts, ends, factor, note)
    VALUES (:kind, (SELECT id FROM topic WHERE code = :topic), (SELECT id FROM territory WHERE code = :territory),
        (SELECT id FROM organisation WHERE code = :organisation), :starts, :ends, :factor, :note)"""
