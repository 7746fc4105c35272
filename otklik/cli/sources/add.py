"""`otklik source add`, one command a kind of data source."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from otklik.cli.connections import owner_transaction

if TYPE_CHECKING:
    from otklik.data_sources.model import NewDataSource

Command = TypeVar("Command", bound=Callable[..., Any])
DURATION_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
NAME_PATTERN = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class Duration(click.ParamType[timedelta, str | timedelta]):
    """A length of time such as 30s, 5m, 1h or 1d; at least a second, at most 31 days."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:  # noqa: ANN401 - click's signature
        """The length of a text."""
        if isinstance(value, timedelta):
            return value
        match = re.fullmatch(r"(\d{1,6})([smhd])", str(value))
        duration = timedelta(**{DURATION_UNITS[match[2]]: int(match[1])}) if match else timedelta()
        if not timedelta(seconds=1) <= duration <= timedelta(days=31):
            self.fail(
                f"{value} is no length of time from 1s to 31d: expected one such as 30s, 5m, 1h or 1d.", param, ctx
            )
        return duration


def common_options(command: Command) -> Command:
    """The options of every kind: the mapping, and the leave to mix with demo data."""
    mapping = click.option(
        "--mapping",
        required=True,
        metavar="NAME",
        help="A shipped mapping, or a TOML file (docs/import.md).",
    )
    demo = click.option("--beside-demo", is_flag=True, help="Add it to a database with demo data, which then mix.")
    return mapping(demo(command))


def schedule_option(command: Command) -> Command:
    """The option that says how often a data source is looked at."""
    return click.option(
        "--interval", type=Duration(), default="1m", show_default=True, help="How often: 30s, 5m, 1h, 1d."
    )(command)


@click.group()
def add() -> None:
    """Add a data source, of one of four kinds (docs/sources.md).

    Try it with `otklik source test NAME` and `otklik source run NAME`; while `otklik run` serves, it is run by itself.
    """


@add.command()
@click.argument("name")
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False))
@common_options
@schedule_option
def folder(name: str, path: Path, mapping: str, interval: timedelta, *, beside_demo: bool) -> None:
    """Import each file that appears in the folder PATH once; then it is in `done` or `rejected` below.

    \b
    Example:
      otklik source add folder city /srv/appeals --mapping boston311 --interval 30s
    """
    add_data_source(name, "folder", mapping, {"path": str(path.absolute())}, interval, beside_demo=beside_demo)


@add.command()
@click.argument("name")
@click.argument("address")
@click.option("--table", metavar="NAME", help="The table or view to read, with its schema where it has one.")
@click.option("--query", type=click.File("r", encoding="utf-8"), metavar="FILE", help="Or a file with one SELECT.")
@click.option("--change-column", metavar="COLUMN", help="A column that grows whenever a row is added or changed.")
@click.option("--id-column", metavar="COLUMN", help="Or one that grows with each new row; changes are then not seen.")
@click.option(
    "--overlap",
    type=click.IntRange(0, 10_000_000),
    default=300,
    show_default=True,
    help="How far each run begins before the end of the last one, for rows that are committed late: seconds of a"
    " moment, or so many numbers.",
)
@click.option(
    "--password-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A file that begins with the password.",
)
@common_options
@schedule_option
def database(  # noqa: PLR0913 - click hands over each option
    name: str,
    address: str,
    *,
    table: str | None,
    query: TextIO | None,
    change_column: str | None,
    id_column: str | None,
    overlap: int,
    password_file: Path | None,
    mapping: str,
    interval: timedelta,
    beside_demo: bool,
) -> None:
    """Read a table or query of the database at ADDRESS, as SQLAlchemy writes it; its driver has to be installed.

    A password stands in the address by the name of a variable, ${NAME}, or in a file; it is never stored. Without
    --change-column and --id-column, each run reads all rows.

    \b
    Example:
      otklik source add database city 'mysql://reader:${CITY_PASSWORD}@db.example.org/311' \\
        --table requests --change-column updated_at --mapping city.toml
    """
    from otklik.data_sources.kinds.database import known_dialect, parsed_address
    from otklik.data_sources.model import DataSourceError

    if bool(table) == bool(query):
        raise click.UsageError("Say what to read: --table or --query.")
    if change_column and id_column:
        raise click.UsageError("Say how rows grow: --change-column or --id-column, not both.")
    try:
        if not known_dialect(parsed_address(address)):
            raise click.UsageError(f"SQLAlchemy knows no database {address.partition(':')[0]}.")
    except DataSourceError as error:
        raise click.UsageError(str(error)) from error
    options = {
        "address": address,
        "password_file": str(password_file.absolute()) if password_file else None,
        "table": table,
        "query": query.read().strip().rstrip(";") if query else None,
        "column": change_column or id_column,
        "overlap": overlap,
    }
    given = {option: value for option, value in options.items() if value is not None}
    add_data_source(name, "database", mapping, given, interval, beside_demo=beside_demo)


def add_data_source(  # noqa: PLR0913 - the columns of a row
    name: str,
    kind: str,
    mapping: str,
    options: Mapping[str, Any],
    interval: timedelta,
    token_hash: bytes | None = None,
    *,
    beside_demo: bool,
) -> None:
    """Add a data source in the name of the person at the console, which the audit records. Raises ClickException."""
    from otklik.data_sources.model import NewDataSource
    from otklik.intake.errors import BadFile
    from otklik.intake.mapping.model import MAPPINGS_FOLDER, read_mapping

    if not NAME_PATTERN.fullmatch(name):
        raise click.UsageError(f"{name!r} is no name of a data source: expected small letters, digits, - and _.")
    if not (MAPPINGS_FOLDER / f"{mapping}.toml").is_file():
        mapping = str(Path(mapping).absolute())  # the worker has another working directory
    try:
        read_mapping(mapping)
    except BadFile as error:
        raise click.UsageError(str(error)) from error
    _store(NewDataSource(name, kind, mapping, options, interval, token_hash), beside_demo=beside_demo)
    click.echo(f"The data source {name} is added: try it by `otklik source test {name}`.", err=True)


def _store(new: "NewDataSource", *, beside_demo: bool) -> None:
    from psycopg import errors
    from sqlalchemy import bindparam, text
    from sqlalchemy.dialects.postgresql import JSONB

    from otklik.data_sources import store
    from otklik.demo.removal import has_demo_data

    with owner_transaction() as connection:
        if not beside_demo and has_demo_data(connection):
            raise click.ClickException(
                "The database holds demo data, which would mix with your appeals: remove them by"
                " `otklik demo --remove`, or repeat the command with --beside-demo."
            )
        try:
            store.add_data_source(connection.connection.driver_connection, new)  # type: ignore[arg-type] # psycopg's
        except errors.UniqueViolation as error:
            raise click.ClickException(f"There is a data source {new.name} already.") from error
        connection.execute(
            text("SELECT audit_append('data source added', :object, NULL, NULL, :after)").bindparams(
                bindparam("after", type_=JSONB)
            ),
            {"object": f"data-source {new.name}", "after": {"kind": new.kind, "mapping": new.mapping, **new.options}},
        )
