"""Demo data: calibrated, reproducible, complete or not at all, and obviously invented."""

from datetime import date

import numpy as np
import pytest
from sqlalchemy import Connection, text

from otklik.demo.catalogue import write_catalogue
from otklik.demo.catalogue_data import catalogue_data
from otklik.demo.generator.arrivals import generate_arrivals
from otklik.demo.generator.context import build_context, local_day
from otklik.demo.generator.handling import plan_handling
from otklik.demo.generator.outcomes_and_ratings import RESOLVED, calibrate_ugra, generate_answers
from otklik.demo.generator.performance_profiles import draw_profiles
from otklik.demo.generator.seasons import months_before
from otklik.demo.generator.volume import DEFAULT_APPEALS, UGRA_RECEIVED, UGRA_RESOLVED
from otklik.demo.load import DatabaseNotEmpty, demo_clock, load_demo_data
from tests.support import factories
from tests.support.appeals.demo import AS_OF

pytestmark = pytest.mark.slow

ROWS = (
    "SELECT md5(string_agg(a::text, '|' ORDER BY number)) FROM report.appeals AS a",
    "SELECT md5(string_agg(body || id || updated_at, '|' ORDER BY number)) FROM appeal",
    "SELECT md5(string_agg((to_jsonb(e) - 'id')::text, '|' ORDER BY id)) FROM event AS e",
    "SELECT md5(string_agg(a::text, '|' ORDER BY appeal_id)) FROM applicant AS a",
    "SELECT md5(string_agg(concat_ws('~', kind, starts, ends, note), '|' ORDER BY id)) FROM planted_problem",
)


def rows(connection: Connection) -> list[str]:
    return [connection.execute(text(query)).scalar_one() for query in ROWS]


@pytest.mark.parametrize(
    ("seed", "as_of"),
    # In all seasons; months before 31 May and 29 February are shorter.
    [(1, date(2026, 11, 24)), (2, date(2026, 5, 31)), (3, date(2024, 2, 29)), (4, date(2026, 8, 1))],
)
def test_every_seed_and_date_give_the_announced_figures(seed: int, as_of: date) -> None:
    context = build_context(catalogue_data(), seed, as_of, demo_clock(as_of)[1])
    arrivals = generate_arrivals(context, DEFAULT_APPEALS)
    profiles = draw_profiles(context)
    handling = plan_handling(context, arrivals, profiles)
    answers = generate_answers(context, arrivals, handling, profiles)
    calibrate_ugra(context, arrivals, handling, answers)
    day = local_day(context, arrivals.region, arrivals.received)
    in_quarter = (day >= np.datetime64(months_before(as_of, 3))) & (day < np.datetime64(as_of))
    is_ugra = (arrivals.region == catalogue_data().region_index("RU-KHM")) & in_quarter
    is_resolved = (answers.closed_at <= context.now) & (answers.outcome == RESOLVED)
    assert np.count_nonzero(is_ugra) == UGRA_RECEIVED == 9181
    assert np.count_nonzero(is_ugra & is_resolved) == UGRA_RESOLVED == 8768


def test_months_are_subtracted_as_postgresql_does(connection: Connection) -> None:
    for day in (date(2026, 5, 31), date(2024, 2, 29), date(2026, 1, 1), date(2026, 3, 31)):
        query = text("SELECT (CAST(:day AS date) - interval '3 months')::date")
        assert connection.scalar(query, {"day": day}) == months_before(day, 3)


def test_the_same_seed_and_date_make_the_same_rows_and_another_seed_others(url: str, connection: Connection) -> None:
    load_demo_data(url, 1500, 7, AS_OF)
    first = rows(connection)
    load_demo_data(url, 1500, 7, AS_OF, replace=True)
    assert rows(connection) == first
    load_demo_data(url, 1500, 8, AS_OF, replace=True)
    second = rows(connection)
    assert all(new_hash != old_hash for new_hash, old_hash in zip(second[:4], first[:4], strict=True))
    assert second[4] == first[4]  # the planted problems depend on the date alone


@pytest.mark.parametrize("count", [1, 10, 333])
def test_the_requested_number_of_appeals_is_generated(url: str, connection: Connection, count: int) -> None:
    load_demo_data(url, count)
    counts = connection.execute(text("SELECT count(*), count(DISTINCT number), max(updated_at) <= now() FROM appeal"))
    assert counts.one() == (count, count, True)
    assert connection.execute(text("SELECT seed, appeals FROM demo_run")).one() == (1, count)
    # The next appeal gets an unused id.
    assert connection.scalar(text("SELECT nextval(pg_get_serial_sequence('appeal', 'id'))")) == count + 1


def test_a_second_load_is_refused_and_names_the_option_to_replace(url: str, connection: Connection) -> None:
    load_demo_data(url, 20, 1, AS_OF)
    before = rows(connection)
    with pytest.raises(DatabaseNotEmpty, match="otklik demo --replace"):
        load_demo_data(url, 20, 2, AS_OF)
    assert rows(connection) == before
    assert connection.scalar(text("SELECT count(*) FROM demo_run")) == 1


@pytest.mark.parametrize("replace", [False, True])
def test_a_database_with_other_appeals_stays_unchanged(url: str, connection: Connection, *, replace: bool) -> None:
    factories.appeal(connection)
    with pytest.raises(DatabaseNotEmpty, match="a database of its own"):
        load_demo_data(url, 20, replace=replace)
    assert connection.scalar(text("SELECT count(*) FROM appeal")) == 1
    assert connection.scalar(text("SELECT count(*) FROM demo_run")) == 0


def test_an_interrupted_load_leaves_nothing(url: str, connection: Connection) -> None:
    def interrupt(stage: str, _done: int, _total: int) -> None:
        if stage == "History":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo_data(url, 100, progress=interrupt)
    for table in ("appeal", "demo_run", "territory", "organisation", "topic"):
        assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0


def test_the_catalogue_can_be_written_alone_and_twice(connection: Connection) -> None:
    write_catalogue(connection)
    counts = text(
        "SELECT (SELECT count(*) FROM territory), (SELECT count(*) FROM organisation), (SELECT count(*) FROM topic)"
    )
    first = connection.execute(counts).one()
    write_catalogue(connection)
    assert connection.execute(counts).one() == first
    levels = connection.scalar(
        text("SELECT jsonb_object_agg(level, n) FROM (SELECT level, count(*) AS n FROM territory GROUP BY level) AS x")
    )
    assert levels == {"country": 1, "district": 8, "region": 83, "municipality": 589}
    ugra = text("SELECT count(*) FROM territory JOIN territory AS above ON above.id = territory.parent_id"
                " WHERE above.code = 'RU-KHM'")  # fmt: skip
    assert connection.scalar(ugra) == 22
    for table in ("territory", "organisation", "topic"):
        unnamed = text(f"""
            SELECT count(*) FROM {table} WHERE NOT names ?& ARRAY['en', 'ru', 'hr'] OR name <> names->>'en'
                OR names->>'ru' !~ '[А-Яа-яЁё]' OR names->>'hr' ~ '[А-Яа-яЁё]'""")
        assert connection.scalar(unnamed) == 0, table


def test_organisations_have_short_names_of_their_office_and_territory(connection: Connection) -> None:
    write_catalogue(connection)
    query = "SELECT code, names->>'ru', short_names->>'ru' FROM organisation WHERE code = ANY(:codes) ORDER BY code"
    codes = ["RU-KHM:health", "RU-KHM-SURGUT:city", "RU-MOW:housing"]
    assert [tuple(row) for row in connection.execute(text(query), {"codes": codes})] == [
        ("RU-KHM-SURGUT:city", "Администрация, Сургут", None),
        (
            "RU-KHM:health",
            "Департамент здравоохранения, Ханты-Мансийский автономный округ — Югра",
            "Деп. здравоохранения, ХМАО — Югра",
        ),
        ("RU-MOW:housing", "Государственная жилищная инспекция, Москва", "Жилищная инспекция, Москва"),
    ]


def test_every_topic_belongs_to_an_office_that_exists() -> None:
    data = catalogue_data()
    assert {row["office"] for row in data.facts} <= {row["office"] for row in data.offices}
    assert data.holder_table().max() == len(data.holder_codes()) - 1 == len(set(data.holder_codes())) - 1


def test_applicants_are_obviously_invented(url: str, connection: Connection) -> None:
    load_demo_data(url, 500, 1, AS_OF)
    made_up = text(
        "SELECT count(*), count(*) FILTER (WHERE full_name ~ '^Заявитель [0-9]{6}$' AND phone LIKE '+7 000 %'"
        " AND email LIKE '%@example.org' AND address IS NULL) FROM applicant"
    )
    count, plain = connection.execute(made_up).one()
    assert count == plain > 20


def test_each_stage_of_the_load_reports_its_end(url: str) -> None:
    steps: list[tuple[str, int, int]] = []
    load_demo_data(url, 30, progress=lambda *step: steps.append(step))
    finished_stages = [stage for stage, done, total in steps if done == total]
    assert finished_stages == ["Catalogue", "Generating", "Appeals", "History", "Counting"]
