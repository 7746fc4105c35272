"""A database as a data source: PostgreSQL and MariaDB give what a plain import gives, also after a kill."""

import logging
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from otklik.data_sources import source_run
from otklik.data_sources.source_run import SourceRun
from tests.support.imports.data_sources import recorded_runs, run_source
from tests.support.imports.export_files import query_rows, run_import, table_contents
from tests.support.imports.service_requests import appeal_rows, service_request, service_requests, write_requests
from tests.support.servers.mariadb import running_mariadb
from tests.support.servers.postgresql15 import running_postgresql15

pytestmark = pytest.mark.second_server
PASSWORD = "S3cret-and-long"  # noqa: S105 - of a server of the test's own
COLUMNS = {
    "case_enquiry_id": "bigint PRIMARY KEY", "open_dt": "{timestamp}", "target_dt": "{timestamp}",
    "closed_dt": "{timestamp}", "case_status": "varchar(20)", "closure_reason": "varchar(200)",
    "case_title": "varchar(200)", "reason": "varchar(100)", "type": "varchar(100)", "department": "varchar(100)",
    "neighborhood": "varchar(100)", "latitude": "numeric(9, 6)", "longitude": "double precision",
    "source": "varchar(50)",
}  # fmt: skip
EMPTY_TIMES = {"open_dt", "target_dt", "closed_dt"}


@pytest.fixture(scope="module", params=["postgresql", "mariadb"])
def city_server(request: pytest.FixtureRequest) -> Iterator[URL]:
    """The address of a city's server, as its superuser."""
    if request.param == "mariadb":
        with running_mariadb() as address:
            yield address
    else:
        with running_postgresql15() as url:
            yield make_url(url).set(drivername="postgresql+psycopg")


@pytest.fixture
def city(city_server: URL, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The city's database with an empty table `requests`, and a reader whose password is in CITY_PASSWORD."""
    engine = create_engine(city_server, poolclass=NullPool)
    is_mariadb = engine.dialect.name == "mysql"
    timestamp = "datetime(6)" if is_mariadb else "timestamp"
    columns = ", ".join(f"{name} {kind.format(timestamp=timestamp)}" for name, kind in COLUMNS.items())
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS requests"))
        connection.execute(text(f"CREATE TABLE requests ({columns}, updated_at {timestamp})"))
        if is_mariadb:
            connection.execute(text(f"CREATE OR REPLACE USER reader@localhost IDENTIFIED BY '{PASSWORD}'"))
            connection.execute(text("GRANT SELECT ON requests TO reader@localhost"))
        else:
            connection.execute(text("DROP ROLE IF EXISTS reader"))
            connection.execute(text(f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'"))
            connection.execute(text("GRANT SELECT ON requests TO reader"))
    monkeypatch.setenv("CITY_PASSWORD", PASSWORD)
    yield engine
    engine.dispose()


def address(city: Engine) -> str:
    shown = city.url.set(username="reader", password="PLACEHOLDER").render_as_string(hide_password=False)  # noqa: S106
    return shown.replace("PLACEHOLDER", "${CITY_PASSWORD}")


def put(city: Engine, rows: list[dict[str, str]], updated_at: str = "2026-02-01 10:00:00") -> None:
    values = [
        {name: None if name in EMPTY_TIMES and not cell else cell for name, cell in row.items()} | {"at": updated_at}
        for row in rows
    ]
    names = ", ".join(COLUMNS)
    with city.begin() as connection:
        for row in rows:
            connection.execute(text("DELETE FROM requests WHERE case_enquiry_id = :case_enquiry_id"), row)
        cells = ", ".join(f":{name}" for name in COLUMNS)
        connection.execute(text(f"INSERT INTO requests ({names}, updated_at) VALUES ({cells}, :at)"), values)


def add(url: str, city: Engine, tmp_path: Path, *words: str) -> None:
    what = words or ("--table", "requests", "--change-column", "updated_at")
    result = run_source(url, tmp_path, "add", "database", "city", address(city), "--mapping", "boston311", *what)
    assert result.exit_code == 0, result.output


def test_rows_come_in_as_a_plain_import_brings_them(url: str, city: Engine, tmp_path: Path) -> None:
    rows = service_requests(300)
    put(city, rows)
    add(url, city, tmp_path)
    tested = run_source(url, tmp_path, "test", "city")
    assert tested.stdout.startswith("The database can be read; it has rows with the columns case_enquiry_id, open_dt,")
    assert run_source(url, tmp_path, "run", "city").stdout.startswith("300 rows read; 300 new")
    came_in = appeal_rows(url)
    result = run_import(url, write_requests(tmp_path / "all.csv", rows), "boston311")
    assert "0 new, 0 changed, 300 unchanged" in result.stdout, result.stdout

    # Late commits within the overlap, changes, rows without a moment, and one of a year to come.
    put(city, [service_request(301)], "2026-02-01 09:58:00")
    put(city, [service_request(3, {"case_title": "Changed"})], "2026-02-01 10:05:00")
    put(city, [service_request(302)], "2099-01-01 00:00:00")
    with city.begin() as connection:
        connection.execute(text("UPDATE requests SET updated_at = NULL WHERE case_enquiry_id = 101000000004"))
    assert "; 2 new, 1 changed, 299 unchanged" in run_source(url, tmp_path, "run", "city").stdout
    # From the overlap before the newest moment on, which isn't that of 2099.
    assert run_source(url, tmp_path, "run", "city").stdout == (
        "301 rows read; 0 new, 0 changed, 301 unchanged, 0 rejected.\n"
    )
    put(city, [service_request(303)], "2026-02-01 11:00:00")
    run_source(url, tmp_path, "run", "city")
    assert run_source(url, tmp_path, "run", "city").stdout.startswith("3 rows read; 0 new, 0 changed, 3 unchanged")
    assert len(appeal_rows(url)) == len(came_in) + 3
    assert [new for _, new, *_ in recorded_runs(url)] == [300, 2, 1]
    again = run_source(url, tmp_path, "run", "city", "--from-start").stdout
    assert again == "303 rows read; 0 new, 0 changed, 303 unchanged, 0 rejected.\n"


def test_a_killed_run_goes_on_and_nothing_is_lost_or_doubled(
    url: str, city: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_run, "BATCH_ROWS", 50)
    for part in range(4):
        put(city, service_requests(200)[part * 50 : part * 50 + 50], f"2026-02-0{part + 1} 10:00:00")
    add(url, city, tmp_path, "--table", "requests", "--change-column", "updated_at", "--overlap", "60")
    merge_batch, batches = SourceRun._merge_batch, iter(range(9))  # noqa: SLF001 - a kill between two batches

    def kill_third(*arguments: object) -> None:
        if next(batches) == 2:
            raise KeyboardInterrupt
        merge_batch(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(SourceRun, "_merge_batch", kill_third)
        assert run_source(url, tmp_path, "run", "city").exit_code == 1
    assert query_rows(url, "SELECT count(*) FROM appeal") == [(100,)]
    put(city, [service_request(5, {"case_title": "Changed meanwhile"})], "2026-02-09 10:00:00")
    # From the second batch on, and not from the start.
    assert run_source(url, tmp_path, "run", "city").stdout == (
        "151 rows read; 100 new, 1 changed, 50 unchanged, 0 rejected.\n"
    )
    assert query_rows(url, "SELECT count(*), count(DISTINCT number) FROM appeal") == [(200, 200)]
    assert query_rows(url, "SELECT kind, count(*) FROM event GROUP BY 1 ORDER BY 1") == [
        ("imported", 1),
        ("received", 200),
    ]


def test_no_secret_is_in_a_table_a_message_or_a_log(
    url: str, city: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(city, [service_request(1)])
    plain = address(city).replace("${CITY_PASSWORD}", PASSWORD)
    options = ("--mapping", "boston311", "--table", "requests")
    refused = run_source(url, tmp_path, "add", "database", "plain", plain, *options)
    assert refused.exit_code == 2
    assert "The address holds a secret" in refused.stderr
    assert PASSWORD not in refused.output
    add(url, city, tmp_path, "--table", "nothing")
    with caplog.at_level(logging.DEBUG):
        outputs = [run_source(url, tmp_path, *words).output for words in (("test", "city"), ("run", "city"), ("list",))]
    assert all("nothing" in output for output in outputs), outputs
    monkeypatch.delenv("CITY_PASSWORD")
    assert "CITY_PASSWORD isn't set" in run_source(url, tmp_path, "run", "city").stderr
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    without_password = plain.replace(f":{PASSWORD}", "")
    words = ("filed", without_password, *options, "--password-file", str(file), "--id-column", "case_enquiry_id")
    assert run_source(url, tmp_path, "add", "database", *words).exit_code == 0
    assert run_source(url, tmp_path, "run", "filed").exit_code == 0
    contents = "\n".join(line for lines in table_contents(url).values() for line in lines)
    assert "CITY_PASSWORD" in contents
    assert PASSWORD not in "\n".join([contents, caplog.text, *outputs])


def test_a_query_by_key_reads_what_was_added(url: str, city: Engine, tmp_path: Path) -> None:
    query = tmp_path / "query.sql"
    query.write_text("SELECT r.* FROM requests r WHERE r.reason <> 'Graffiti';\n")
    put(city, service_requests(20))
    add(url, city, tmp_path, "--query", str(query), "--id-column", "case_enquiry_id", "--overlap", "0")
    assert run_source(url, tmp_path, "run", "city").stdout.startswith("15 rows read; 15 new")
    put(city, service_requests(24)[20:])
    assert run_source(url, tmp_path, "run", "city").stdout.startswith("4 rows read; 3 new, 0 changed, 1 unchanged")
    with psycopg.connect(url) as connection:
        cursor = connection.execute("SELECT cursor FROM data_source").fetchone()
    assert cursor == ({"column": "case_enquiry_id", "type": "number", "value": "101000000024"},)
