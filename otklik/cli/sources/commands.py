"""`otklik source test`, `run`, `list`, `pause`, `resume` and `remove`."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from otklik.cli.connections import migrated_database, owner_transaction
from otklik.cli.console import print_table
from otklik.cli.sources import add_remote  # noqa: F401 - adds its commands
from otklik.cli.sources.add import add

if TYPE_CHECKING:
    from otklik.data_sources.model import DataSource


@click.group()
def source() -> None:
    """Have appeals come in by themselves: from a folder, a database, an Open311 server, or pushed over HTTP."""


source.add_command(add)


@source.command()
@click.argument("name")
def test(name: str) -> None:
    """Look whether a data source can be read; nothing is changed. Exit code 1 with the reason where it can't."""
    from otklik.data_sources.runs import RunFailed, check_data_source

    with migrated_database() as database_url:
        try:
            click.echo(check_data_source(database_url, _find(database_url, name).id))
        except RunFailed as error:
            raise click.ClickException(str(error)) from error


@source.command()
@click.argument("name")
@click.option("--from-start", is_flag=True, help="Read all of it again; what is here already stays as it is.")
@click.pass_context
def run(context: click.Context, name: str, from_start: bool) -> None:
    """Run a data source now, also a paused one.

    An interrupted run goes on from where it was. Exit code 1: it failed for the reason that the message says, or
    some rows were rejected.
    """
    import psycopg

    from otklik.data_sources import store
    from otklik.data_sources.runs import RunFailed, run_data_source
    from otklik.settings import read_settings

    with migrated_database() as database_url:
        source_id = _find(database_url, name).id
        if from_start:
            with psycopg.connect(database_url) as connection:
                store.forget_cursor(connection, source_id)
        try:
            tally = run_data_source(database_url, source_id, read_settings().data_folder)
        except RunFailed as error:
            raise click.ClickException(str(error)) from error
    if tally is None:
        raise click.ClickException(f"{name} is being run by another process: `otklik source list` says since when.")
    click.echo(tally.sentence())
    for reason, count in tally.reasons.most_common():
        click.echo(f"  {count:,} × {reason}")
    context.exit(1 if tally.rejected else 0)


@source.command("list")
def list_sources() -> None:
    """Print the data sources, one a line: name, kind, how often, state, when last read, when last changed, error."""
    import psycopg

    from otklik.data_sources import store

    with migrated_database() as database_url, psycopg.connect(database_url) as connection:
        sources = store.data_sources(connection)
    if not sources:
        click.echo("There is no data source: `otklik source add` adds one.", err=True)
        return
    header = ("name", "kind", "every", "state", "read", "changed", "error")
    print_table(
        [
            header,
            *(
                (
                    row.name,
                    row.kind,
                    "—" if row.kind == "push" else f"{row.run_every}",
                    _state(row),
                    _format_moment(row.read_at),
                    _format_moment(row.changed_at),
                    row.error,
                )
                for row in sources
            ),
        ]
    )


@source.command()
@click.argument("name")
@click.option("--reason", default="", metavar="TEXT", help="Why, for the audit.")
def pause(name: str, reason: str) -> None:
    """Run a data source no more until `otklik source resume`."""
    _set_paused(name, paused=True, reason=reason)


@source.command()
@click.argument("name")
@click.option("--reason", default="", metavar="TEXT", help="Why, for the audit.")
def resume(name: str, reason: str) -> None:
    """Let a paused data source go on from where it was."""
    _set_paused(name, paused=False, reason=reason)


@source.command()
@click.argument("name")
@click.option("--reason", default="", metavar="TEXT", help="Why, for the audit.")
def remove(name: str, reason: str) -> None:
    """Remove a data source. Its appeals stay, and so do its runs."""
    from sqlalchemy import text

    with owner_transaction() as connection:
        removed = connection.execute(
            text("UPDATE data_source SET removed_at = now() WHERE name = :name AND removed_at IS NULL"), {"name": name}
        ).rowcount
        if not removed:
            raise _unknown(name)
        connection.execute(
            text("SELECT audit_append('data source removed', :object, :reason, NULL, NULL)"),
            {"object": f"data-source {name}", "reason": reason},
        )


def _set_paused(name: str, *, paused: bool, reason: str) -> None:
    from sqlalchemy import text

    from otklik.database.refusal import translate_refusals

    with owner_transaction() as connection, translate_refusals():
        source_id = connection.scalar(
            text("SELECT id FROM data_source WHERE name = :name AND removed_at IS NULL"), {"name": name}
        )
        if source_id is None:
            raise _unknown(name)
        connection.execute(
            text("SELECT set_data_source_paused(:id, :paused, :reason)"),
            {"id": source_id, "paused": paused, "reason": reason},
        )


def _find(database_url: str, name: str) -> "DataSource":
    import psycopg

    from otklik.data_sources import store

    with psycopg.connect(database_url) as connection:
        for row in store.data_sources(connection):
            if row.name == name:
                return row
    raise _unknown(name)


def _unknown(name: str) -> click.ClickException:
    return click.ClickException(f"There is no data source {name}: `otklik source list` prints which there are.")


def _state(row: "DataSource") -> str:
    if row.is_paused:
        return "paused"
    if row.running_since is not None:
        return f"running since {_format_moment(row.running_since)}"
    return f"failed {row.failure_count}×" if row.failure_count else "waiting"


def _format_moment(moment: datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}" if moment else "never"
