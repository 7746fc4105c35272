"""`otklik user` and `otklik audit`, as the operator types them."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, text

from otklik.cli.main import otklik
from otklik.database.access import people
from tests.support import factories

ADD = ("user", "add", "Anna@example.org", "--name", "Anna", "--role", "manager")


@pytest.fixture
def country(connection: Connection) -> Connection:
    factories.territory(connection, "XA")
    factories.territory(connection, "XB")
    return connection


def run_command(url: str, *words: str) -> Result:
    return CliRunner(env={"DATABASE_URL": url}).invoke(otklik, words)


def user_lines(url: str) -> list[str]:
    result = run_command(url, "user", "list")
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


@pytest.mark.usefixtures("country")
def test_a_person_from_first_to_last(url: str, connection: Connection) -> None:
    assert run_command(url, *ADD, "--territory", "XA", "--territory", "XB", "--reason", "new").exit_code == 0
    assert user_lines(url) == ["anna@example.org\tAnna\tmanager\tXA XB"]
    assert (
        run_command(url, "user", "change", "anna@example.org", "--territory", "XB", "--role", "official").exit_code == 0
    )
    assert user_lines(url) == ["anna@example.org\tAnna\tofficial\tXB"]
    assert (
        run_command(url, "user", "change", "anna@example.org", "--everywhere", "--email", "a@example.org").exit_code
        == 0
    )
    assert user_lines(url) == ["a@example.org\tAnna\tofficial\teverywhere"]
    assert run_command(url, "user", "change", "a@example.org", "--territory", "XA").exit_code == 0
    assert user_lines(url) == ["a@example.org\tAnna\tofficial\tXA"]
    anna = people.person_of_sign_in("https://id.example.org", "7", "a@example.org")
    assert anna
    assert anna.scope.top_territory_ids == (factories.territory(connection, "XA"),)
    assert run_command(url, "user", "disable", "A@example.org", "--reason", "left").exit_code == 0
    assert user_lines(url) == ["a@example.org\tAnna\tofficial\tXA\tdisabled"]
    assert run_command(url, "user", "enable", "a@example.org").exit_code == 0
    assert user_lines(url) == ["a@example.org\tAnna\tofficial\tXA"]
    audit_rows = connection.execute(
        text("SELECT action, reason FROM audit WHERE person LIKE 'console: _%' ORDER BY id")
    ).all()
    assert [tuple(row) for row in audit_rows] == [
        ("person added", "new"),
        *[("person changed", None)] * 3,
        ("person disabled", "left"),
        ("person enabled", None),
    ]
    assert connection.scalar(text("SELECT count(*) FROM audit WHERE address = ''")) == 1  # the sign-in above


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (ADD, 2, "Say what the person sees: --territory CODE or --everywhere."),
        ((*ADD, "--territory", "ZZ"), 1, 'There is no territory "ZZ".'),
        ((*ADD[:2], "anna", *ADD[3:], "--everywhere"), 1, "This is no e-mail."),
        (("user", "disable", "nobody@example.org"), 1, "Nobody with the e-mail nobody@example.org is known"),
        (("audit", "verify", "--remembered", "5"), 2, "it should be what `otklik audit verify` printed"),
    ],
)
def test_a_mistake_is_answered_in_a_sentence(url: str, words: tuple[str, ...], code: int, message: str) -> None:
    result = run_command(url, *words)
    assert result.exit_code == code
    assert message in result.stderr
    assert user_lines(url) == []


@pytest.mark.usefixtures("country")
def test_the_audit_is_verified(url: str, connection: Connection) -> None:
    assert run_command(url, "audit", "verify").stdout == "0\n"
    run_command(url, *ADD, "--everywhere")
    result = run_command(url, "audit", "verify")
    assert result.exit_code == 0
    assert result.stdout.startswith("1:")
    run_command(url, "user", "disable", "anna@example.org")
    assert run_command(url, "audit", "verify", "--remembered", result.stdout.strip()).exit_code == 0
    connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
    connection.execute(text("UPDATE audit SET reason = 'other' WHERE id = 2"))
    connection.execute(text("ALTER TABLE audit ENABLE TRIGGER USER"))
    broken = run_command(url, "audit", "verify")
    assert (broken.exit_code, broken.stdout) == (1, "The audit breaks at entry 2: it was changed.\n")
