"""`otklik user` and `otklik audit`, as the operator types them."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, text

from otklik.cli.main import otklik
from otklik.database import people
from tests.support import factories

ADD = ("user", "add", "Anna@example.org", "--name", "Anna", "--role", "manager")


@pytest.fixture
def country(connection: Connection) -> Connection:
    factories.territory(connection, "XA")
    factories.territory(connection, "XB")
    return connection


def typed(url: str, *words: str) -> Result:
    return CliRunner(env={"DATABASE_URL": url}).invoke(otklik, words)


def listed(url: str) -> list[str]:
    shown = typed(url, "user", "list")
    assert shown.exit_code == 0, shown.output
    return shown.stdout.splitlines()


@pytest.mark.usefixtures("country")
def test_a_person_from_first_to_last(url: str, connection: Connection) -> None:
    assert typed(url, *ADD, "--territory", "XA", "--territory", "XB", "--reason", "new").exit_code == 0
    assert listed(url) == ["anna@example.org\tAnna\tmanager\tXA XB"]
    assert typed(url, "user", "change", "anna@example.org", "--territory", "XB", "--role", "official").exit_code == 0
    assert listed(url) == ["anna@example.org\tAnna\tofficial\tXB"]
    assert typed(url, "user", "change", "anna@example.org", "--everywhere", "--email", "a@example.org").exit_code == 0
    assert listed(url) == ["a@example.org\tAnna\tofficial\teverywhere"]
    assert typed(url, "user", "change", "a@example.org", "--territory", "XA").exit_code == 0
    assert listed(url) == ["a@example.org\tAnna\tofficial\tXA"]
    anna = people.person_of_sign_in("https://id.example.org", "7", "a@example.org")
    assert anna
    assert anna.scope.top_territory_ids == (factories.territory(connection, "XA"),)
    assert typed(url, "user", "disable", "A@example.org", "--reason", "left").exit_code == 0
    assert listed(url) == ["a@example.org\tAnna\tofficial\tXA\tdisabled"]
    assert typed(url, "user", "enable", "a@example.org").exit_code == 0
    assert listed(url) == ["a@example.org\tAnna\tofficial\tXA"]
    said = connection.execute(
        text("SELECT action, reason FROM audit WHERE person LIKE 'console: _%' ORDER BY id")
    ).all()
    assert [tuple(row) for row in said] == [
        ("person added", "new"),
        *[("person changed", None)] * 3,
        ("person disabled", "left"),
        ("person enabled", None),
    ]
    assert connection.scalar(text("SELECT count(*) FROM audit WHERE address = ''")) == 1  # the sign-in above


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (ADD, 2, "Say what the person sees: --territory CODE or --everywhere."),
        ((*ADD, "--territory", "ZZ"), 1, 'There is no territory "ZZ".'),
        ((*ADD[:2], "anna", *ADD[3:], "--everywhere"), 1, "This is no e-mail."),
        (("user", "disable", "nobody@example.org"), 1, "Nobody with the e-mail nobody@example.org is known"),
        (("audit", "verify", "--remembered", "5"), 2, "it should be what `otklik audit verify` printed"),
    ],
)
def test_mistakes_are_said_in_a_sentence(url: str, words: tuple[str, ...], code: int, why: str) -> None:
    shown = typed(url, *words)
    assert shown.exit_code == code
    assert why in shown.stderr
    assert listed(url) == []


@pytest.mark.usefixtures("country")
def test_the_audit_is_verified(url: str, connection: Connection) -> None:
    assert typed(url, "audit", "verify").stdout == "0\n"
    typed(url, *ADD, "--everywhere")
    shown = typed(url, "audit", "verify")
    assert shown.exit_code == 0
    assert shown.stdout.startswith("1:")
    typed(url, "user", "disable", "anna@example.org")
    assert typed(url, "audit", "verify", "--remembered", shown.stdout.strip()).exit_code == 0
    connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
    connection.execute(text("UPDATE audit SET reason = 'other' WHERE id = 2"))
    connection.execute(text("ALTER TABLE audit ENABLE TRIGGER USER"))
    broken = typed(url, "audit", "verify")
    assert (broken.exit_code, broken.stdout) == (1, "The audit breaks at entry 2: it was changed.\n")
