from datetime import date

import numpy as np
import pytest
from sqlalchemy import Connection, text

from otklik import demo
from otklik.demo.arrivals import build_context, generate_arrivals
from otklik.demo.catalogue_data import catalogue_data
from otklik.demo.handling import plan_handling
from otklik.demo.outcomes_and_ratings import RESOLVED, calibrate_ugra, generate_answers
from otklik.demo.performance_profiles import draw_profiles
from otklik.demo.volume import DEFAULT_APPEALS, UGRA_RECEIVED, months_before
from otklik.demo.volume import UGRA_RESOLVED as ANNOUNCED
from tests.support import factories
from tests.support.demo import AS_OF

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
    # A winter, a spring and a summer; the months before 31 May and 29 February have other lengths.
    [(1, date(2026, 11, 24)), (2, date(2026, 5, 31)), (3, date(2024, 2, 29)), (4, date(2026, 8, 1))],
)
def test_any_seed_and_date_give_the_announced_figures(seed: int, as_of: date) -> None:
    w = build_context(catalogue_data(), seed, as_of, demo.demo_clock(as_of)[1])
    arrived = generate_arrivals(w, DEFAULT_APPEALS)
    ways = draw_profiles(w)
    course = plan_handling(w, arrived, ways)
    ended = generate_answers(w, arrived, course, ways)
    calibrate_ugra(w, arrived, course, ended)
    home = catalogue_data().region_index("RU-KHM")
    day = ((arrived.received + w.utc_offset[home]) // 86_400).astype("datetime64[D]")
    mine = (arrived.region == home) & (day >= np.datetime64(months_before(as_of, 3))) & (day < np.datetime64(as_of))
    assert np.count_nonzero(mine) == UGRA_RECEIVED == 9181
    assert np.count_nonzero(mine & (ended.closed_at <= w.now) & (ended.outcome == RESOLVED)) == ANNOUNCED == 8768


def test_months_are_taken_off_as_postgresql_does(connection: Connection) -> None:
    for day in (date(2026, 5, 31), date(2024, 2, 29), date(2026, 1, 1), date(2026, 3, 31)):
        query = text("SELECT (CAST(:day AS date) - interval '3 months')::date")
        assert connection.scalar(query, {"day": day}) == months_before(day, 3)


def test_the_same_seed_and_date_make_the_same_rows_and_another_seed_others(url: str, connection: Connection) -> None:
    demo.load_demo_data(url, 1500, 7, AS_OF)
    first = rows(connection)
    demo.load_demo_data(url, 1500, 7, AS_OF, replace=True)
    assert rows(connection) == first
    demo.load_demo_data(url, 1500, 8, AS_OF, replace=True)
    assert all(one != other for one, other in zip(rows(connection)[:4], first[:4], strict=True))
    assert rows(connection)[4] == first[4]  # the planted problems are the date's


@pytest.mark.parametrize("count", [1, 10, 333])
def test_as_many_appeals_as_asked_for_up_to_now(url: str, connection: Connection, count: int) -> None:
    demo.load_demo_data(url, count)
    found = connection.execute(text("SELECT count(*), count(DISTINCT number), max(updated_at) <= now() FROM appeal"))
    assert found.one() == (count, count, True)
    assert connection.execute(text("SELECT seed, appeals FROM demo_run")).one() == (1, count)
    # An appeal that arrives afterwards gets an id of its own.
    assert connection.scalar(text("SELECT nextval(pg_get_serial_sequence('appeal', 'id'))")) == count + 1


def test_a_second_load_is_refused_and_says_how_to_start_over(url: str, connection: Connection) -> None:
    demo.load_demo_data(url, 20, 1, AS_OF)
    before = rows(connection)
    with pytest.raises(demo.DatabaseNotEmpty, match="otklik demo --replace"):
        demo.load_demo_data(url, 20, 2, AS_OF)
    assert rows(connection) == before
    assert connection.scalar(text("SELECT count(*) FROM demo_run")) == 1


@pytest.mark.parametrize("replace", [False, True])
def test_a_database_with_real_appeals_is_left_alone(url: str, connection: Connection, *, replace: bool) -> None:
    factories.appeal(connection)
    with pytest.raises(demo.DatabaseNotEmpty, match="a database of its own"):
        demo.load_demo_data(url, 20, replace=replace)
    assert connection.scalar(text("SELECT count(*) FROM appeal")) == 1
    assert connection.scalar(text("SELECT count(*) FROM demo_run")) == 0


def test_an_interrupted_load_leaves_nothing(url: str, connection: Connection) -> None:
    def interrupt(stage: str, _done: int, _total: int) -> None:
        if stage == "History":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.load_demo_data(url, 100, progress=interrupt)
    for table in ("appeal", "demo_run", "territory", "organisation", "topic"):
        assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0


def test_the_catalogue_alone_and_twice(connection: Connection) -> None:
    demo.write_catalogue(connection)
    counts = text(
        "SELECT (SELECT count(*) FROM territory), (SELECT count(*) FROM organisation), (SELECT count(*) FROM topic)"
    )
    first = connection.execute(counts).one()
    demo.write_catalogue(connection)
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


def test_every_topic_belongs_to_an_office_that_exists() -> None:
    data = catalogue_data()
    assert {row["office"] for row in data.facts} <= {row["office"] for row in data.offices}
    assert data.holder_table().max() == len(data.holder_codes()) - 1 == len(set(data.holder_codes())) - 1


def test_nobody_real_is_named(url: str, connection: Connection) -> None:
    demo.load_demo_data(url, 500, 1, AS_OF)
    made_up = text(
        "SELECT count(*), count(*) FILTER (WHERE full_name ~ '^Заявитель [0-9]{6}$' AND phone LIKE '+7 000 %'"
        " AND email LIKE '%@example.org' AND address IS NULL) FROM applicant"
    )
    count, plain = connection.execute(made_up).one()
    assert count == plain > 20


def test_the_loader_speaks_to_one_who_waits(url: str) -> None:
    said: list[tuple[str, int, int]] = []
    demo.load_demo_data(url, 30, progress=lambda *step: said.append(step))
    ended = [stage for stage, done, total in said if done == total]
    assert ended == ["Catalogue", "Generating", "Appeals", "History", "Counting"]
