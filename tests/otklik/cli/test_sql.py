"""One read-only statement in, CSV out."""

import psycopg
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection

from otklik.cli.failures import is_statement_refused
from otklik.cli.main import otklik
from tests.support import factories


def run_sql(url: str, statement: str) -> Result:
    return CliRunner(env={"DATABASE_URL": url}).invoke(otklik, ["sql", statement])


def test_an_answer_is_csv_with_a_header(url: str) -> None:
    result = run_sql(url, """SELECT 1 AS n, 'a "b", c' AS text, NULL AS none, '' AS empty, true AS yes""")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == 'n,text,none,empty,yes\n1,"a ""b"", c",,"",t\n'


def test_moments_are_printed_in_utc(url: str) -> None:
    assert run_sql(url, "SELECT '2026-01-02 03:04+05'::timestamptz AS at").stdout == "at\n2026-01-01 22:04:00+00\n"


def test_a_table_without_rows_has_its_header(url: str) -> None:
    assert run_sql(url, "SELECT number FROM report.appeals").stdout == "number\n"


@pytest.mark.parametrize("ending", ["", ";", " ;\n", "\n-- of the stages"])
def test_a_statement_may_end_as_people_end_it(url: str, ending: str) -> None:
    assert run_sql(url, f"SELECT count(*) FROM stage{ending}").stdout == "count\n5\n"


@pytest.mark.parametrize("opening", ["VALUES ('1%')", "WITH x AS (SELECT '1%') TABLE x"])
def test_other_queries_and_percent_signs_are_fine(url: str, opening: str) -> None:
    assert run_sql(url, opening).stdout.splitlines()[1] == "1%"


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("DELETE FROM stage RETURNING code", "cannot execute DELETE in a read-only transaction"),
        ("WITH gone AS (DELETE FROM setting RETURNING 1) TABLE gone", "read-only transaction"),
        ("DROP TABLE appeal", "only SELECT"),
        ("COMMIT", "only SELECT"),
        ("COPY stage TO PROGRAM 'cat'", "only SELECT"),
        ("EXPLAIN SELECT 1", "only SELECT"),
        ("", "only SELECT"),
        ("SELECT 1; DELETE FROM stage", "cannot insert multiple commands"),
        ("SELECT 1) TO STDOUT; DROP TABLE stage; --", "syntax error"),
        ("SELECT nothing", 'column "nothing" does not exist'),
        ("SELECT 1/0", "division by zero"),
    ],
)
def test_another_statement_than_a_query_is_refused_in_a_sentence(url: str, statement: str, reason: str) -> None:
    result = run_sql(url, statement)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: The statement was refused: ")
    assert reason in result.stderr
    assert result.stderr.count("\n") == 1
    assert run_sql(url, "SELECT count(*) FROM stage").stdout == "count\n5\n"


def test_a_statement_cant_lift_the_read_only_transaction(url: str) -> None:
    result = run_sql(url, "SELECT set_config('transaction_read_only', 'off', false)")
    assert result.exit_code == 1
    assert "read-write mode" in result.stderr


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("SELECT pg_read_file('/etc/hostname')", "permission denied for function pg_read_file"),
        ("SELECT pg_ls_dir('/')", "permission denied for function pg_ls_dir"),
        ("SELECT pg_promote()", "permission denied for function pg_promote"),
        ("SELECT pg_reload_conf()", "permission denied for function pg_reload_conf"),
    ],
)
def test_the_server_itself_is_out_of_reach(url: str, statement: str, reason: str) -> None:
    result = run_sql(url, statement)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: The statement was refused: {reason}.\n"


@pytest.mark.parametrize(
    ("error", "is_refused"),
    [
        (psycopg.errors.ObjectNotInPrerequisiteState(), True),  # as of pg_promote on a server that is no standby
        (psycopg.errors.UndefinedColumn(), True),
        (psycopg.errors.AdminShutdown(), False),
        (psycopg.errors.DiskFull(), False),
        (psycopg.OperationalError(), False),
    ],
)
def test_a_statement_is_refused_unless_the_server_failed(error: psycopg.Error, *, is_refused: bool) -> None:
    assert is_statement_refused(error) is is_refused


def test_every_row_can_be_read_despite_row_security(url: str, connection: Connection) -> None:
    factories.appeal(connection)
    connection.commit()
    for table in ("appeal", "report.appeals"):
        result = run_sql(url, f"SELECT count(*) FROM {table}")
        assert (result.stderr, result.stdout) == ("", "count\n1\n"), table
