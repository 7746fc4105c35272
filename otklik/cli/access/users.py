"""`otklik user`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from otklik.cli.connections import owner_transaction
from otklik.permissions import ROLES

if TYPE_CHECKING:
    from sqlalchemy import Connection

PEOPLE_SQL = """
    SELECT email, name, role, CASE WHEN everywhere THEN 'everywhere' ELSE (
        SELECT coalesce(string_agg(code, ' ' ORDER BY code), 'nowhere')
        FROM person_territory JOIN territory ON territory.id = territory_id WHERE person_id = person.id) END,
        CASE WHEN is_active THEN '' ELSE 'disabled' END
    FROM person WHERE email IS NOT NULL OR issuer IS NULL ORDER BY is_active DESC, role, name, person.id"""


@click.group()
def user() -> None:
    """Set who may sign in, in which role, and which territories they see.

    A person is known by the e-mail that the sign-in provider has verified. Each change is recorded in the audit.
    """


def person_options(command: click.decorators.FC) -> click.decorators.FC:
    """Add the options for what a person sees, and why it changes."""
    for option in (
        click.option("--reason", default="", metavar="TEXT", help="Why, for the audit."),
        click.option("--everywhere/--not-everywhere", default=None, help="Every territory, also future ones."),
        click.option(
            "--territory",
            "territories",
            multiple=True,
            metavar="CODE",
            help="A territory and all below it, such as RU-KHM; may be given again. They replace those before.",
        ),
    ):
        command = option(command)
    return command


@user.command()
@click.argument("email")
@click.option("--name", required=True, metavar="NAME")
@click.option("--role", required=True, type=click.Choice(ROLES), help="Their rights: docs/access.md.")
@person_options
def add(email: str, name: str, role: str, territories: tuple[str, ...], everywhere: bool | None, reason: str) -> None:
    """Add a person.

    \b
    Example:
      otklik user add anna@example.org --name "Anna" --role manager --territory RU-KHM
    """
    if not territories and not everywhere:
        raise click.UsageError("Say what the person sees: --territory CODE or --everywhere.")
    fields = {"email": email, "name": name, "role": role}
    with owner_transaction() as connection:
        _save_person(connection, None, {**fields, "territories": territories, "everywhere": bool(everywhere)}, reason)
    click.echo(f"{email} may sign in.", err=True)


@user.command()
@click.argument("email")
@click.option("--name", metavar="NAME")
@click.option("--role", type=click.Choice(ROLES))
@click.option("--email", "new_email", metavar="EMAIL", help="Another account at the sign-in provider.")
@person_options
def change(email: str, new_email: str | None, territories: tuple[str, ...], reason: str, **options: object) -> None:
    """Change what is given; the rest stays. Open screens follow within seconds."""
    changes = {name: value for name, value in {**options, "email": new_email}.items() if value is not None}
    if territories:
        # A list of territories takes the place of everywhere.
        changes = {"everywhere": False, **changes, "territories": territories}
    with owner_transaction() as connection:
        _save_person(connection, _person_id(connection, email), changes, reason)


@user.command()
@click.argument("email")
@click.option("--reason", default="", metavar="TEXT", help="Why, for the audit.")
def disable(email: str, reason: str) -> None:
    """Stop a person from signing in; their open screens go blank within seconds."""
    with owner_transaction() as connection:
        _save_person(connection, _person_id(connection, email), {"is_active": False}, reason)


@user.command()
@click.argument("email")
@click.option("--reason", default="", metavar="TEXT", help="Why, for the audit.")
def enable(email: str, reason: str) -> None:
    """Let a disabled person sign in again."""
    with owner_transaction() as connection:
        _save_person(connection, _person_id(connection, email), {"is_active": True}, reason)


@user.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--reason", default="", metavar="TEXT", help="Why, for the audit.")
def import_people(file: Path, reason: str) -> None:
    """Add or change the people of a CSV file: email, name, role, territories.

    The territories are codes with blanks between them, or the word everywhere. A person whose e-mail is known is
    changed to what the file says; people who aren't in the file stay as they are. If a row can't be used, nothing is
    changed.

    Exit code 0: everybody is as the file says; 1: refused; 2: the file can't be used.
    """
    from otklik.cli.failures import USAGE_CODE, CommandFailure
    from otklik.database.functions.save_outcomes import format_outcomes
    from otklik.intake.errors import BadFile
    from otklik.intake.reference_data.people_import import import_people as save_people

    try:
        with owner_transaction() as connection:
            counts = save_people(connection, file, reason)
    except BadFile as error:
        raise CommandFailure(str(error), USAGE_CODE) from error
    click.echo(f"{format_outcomes(counts)}.")


@user.command("list")
def list_people() -> None:
    """Print who may sign in, one person a line: e-mail, name, role, territories."""
    from sqlalchemy import text

    with owner_transaction() as connection:
        rows = connection.execute(text(PEOPLE_SQL)).all()
    for email, *rest in rows:
        click.echo("\t".join([email or "-", *filter(None, rest)]))


def _person_id(connection: "Connection", email: str) -> int:
    from sqlalchemy import text

    person_id = connection.scalar(text("SELECT id FROM person WHERE email = lower(:email)"), {"email": email})
    if person_id is None:
        raise click.ClickException(f"Nobody with the e-mail {email} is known: `otklik user list` prints who is.")
    return int(person_id)


def _save_person(connection: "Connection", person_id: int | None, fields: dict[str, object], reason: str) -> None:
    from otklik.database.access.people import save_person_as_owner

    save_person_as_owner(connection, person_id, fields, reason)
