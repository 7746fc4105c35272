"""`otklik receipt`, as the operator types it."""

from click.testing import CliRunner, Result
from sqlalchemy import Connection, text

from otklik.cli.main import otklik
from otklik.database.access import visits
from tests.support import factories


def run_command(url: str, *words: str) -> Result:
    environ = {"DATABASE_URL": url, "OTKLIK_PUBLIC_URL": "https://otklik.example.org/", "OTKLIK_SECRETS": ""}
    return CliRunner(env=environ).invoke(otklik, ("receipt", *words))


def test_a_receipt_opens_the_appeal_until_the_next_one(url: str, connection: Connection) -> None:
    for number in ("A-1", "A-2"):
        factories.appeal(connection, number=number)
    result = run_command(url, "A-1", "A-2", "A-1", "--reason", "at the counter")
    assert result.exit_code == 0, result.output
    lines = [line.split("\t") for line in result.stdout.splitlines()]
    assert [(number, address) for number, _secret, address in lines] == [
        ("A-1", "https://otklik.example.org/my-appeal"),
        ("A-2", "https://otklik.example.org/my-appeal"),
    ]
    try:
        assert [visits.open_visit(number, secret, "").token is not None for number, secret, _ in lines] == [True, True]
        again = run_command(url, "A-1").stdout.split("\t")[1]
        assert visits.open_visit("A-1", lines[0][1], "").token is None
        assert visits.open_visit("A-1", again, "").token
    finally:
        visits.close_citizen_engine()
    entries = connection.execute(text("SELECT action, object, reason, before, after FROM audit ORDER BY id")).all()
    assert [tuple(entry) for entry in entries] == [
        ("receipt issued", "appeal A-1", "at the counter", None, None),
        ("receipt issued", "appeal A-2", "at the counter", None, None),
        ("receipt issued", "appeal A-1", None, None, None),
    ]


def test_a_number_of_none_or_two_appeals_is_refused_and_issues_nothing(url: str, connection: Connection) -> None:
    factories.appeal(connection, number="A-1")
    for region in ("XA", "XB"):
        factories.appeal(connection, number="B-1", region=region)
    assert run_command(url, "A-1", "C-1").stderr == "Error: No appeal has the number C-1: no receipt was issued.\n"
    assert "name the --source or the --region" in run_command(url, "B-1").stderr
    assert run_command(url).exit_code == 2
    assert connection.scalar(text("SELECT count(*) FROM receipt")) == 0
    assert run_command(url, "B-1", "--region", "XB").exit_code == 0
    assert connection.scalar(text("SELECT count(*) FROM receipt")) == 1
