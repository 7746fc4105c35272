"""`otklik user` and `otklik audit`, as the operator types them."""

from pathlib import Path

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


PEOPLE = """\
email,name,role,territories
Anna@example.org,Anna,manager,XB XA
boris@example.org,Boris,staff,everywhere
"""


def import_people(url: str, tmp_path: Path, text: str) -> Result:
    (tmp_path / "people.csv").write_text(text, encoding="utf-8")
    return run_command(url, "user", "import", str(tmp_path / "people.csv"), "--reason", "list of 1 March")


@pytest.mark.usefixtures("country")
def test_people_come_in_from_a_file(url: str, connection: Connection, tmp_path: Path) -> None:
    assert import_people(url, tmp_path, PEOPLE).stdout == "2 added, 0 changed, 0 unchanged.\n"
    assert user_lines(url) == ["anna@example.org\tAnna\tmanager\tXA XB", "boris@example.org\tBoris\tstaff\teverywhere"]
    changed = PEOPLE.replace("everywhere", "XA")
    assert import_people(url, tmp_path, changed).stdout == "0 added, 1 changed, 1 unchanged.\n"
    assert user_lines(url)[1] == "boris@example.org\tBoris\tstaff\tXA"
    reasons = connection.execute(text("SELECT reason FROM audit WHERE action LIKE 'person %'")).scalars().all()
    assert reasons == ["list of 1 March"] * 3


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize(
    ("row", "message"),
    [
        (",X,staff,XA", "line 2: there is no `email`."),
        ("x@example.org,X,boss,XA", "line 2: the role is “boss”: expected "),
        ("x@example.org,X,staff,", "line 2: there is no `territories`."),
        ("x@example.org,X,staff,XZ", "line 2: "),
        ("g@example.org,X,staff,XA", "line 3: “g@example.org” is in people.csv, line 2 as well."),
        ("left@example.org,X,staff,XA", "line 2: left@example.org is disabled: `otklik user enable left@example.org`"),
    ],
)
def test_a_file_with_a_bad_row_changes_nobody(row: str, message: str, url: str, tmp_path: Path) -> None:
    run_command(url, "user", "add", "left@example.org", "--name", "Left", "--role", "staff", "--everywhere")
    run_command(url, "user", "disable", "left@example.org")
    before = user_lines(url)
    result = import_people(url, tmp_path, f"email,name,role,territories\n{row}\ng@example.org,G,staff,XA\n")
    assert result.exit_code == 2
    assert message in result.stderr
    assert user_lines(url) == before
