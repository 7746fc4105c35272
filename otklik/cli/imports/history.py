"""`otklik imports`: which files have brought what, and taking one back."""

import click

from otklik.cli.connections import owner_transaction
from otklik.cli.console import print_table

HEADER = ("number", "imported", "file", "source", "new", "changed", "rejected", "")
MAX_LISTED = 100


@click.group()
def imports() -> None:
    """List the files that were imported, and take back what a wrong one has added."""


@imports.command("list")
def list_imports() -> None:
    """Print the last 100 files that brought something, newest first."""
    from otklik.database.functions.file_imports import file_imports

    with owner_transaction() as connection:
        rows = file_imports(connection, MAX_LISTED)
    if rows.empty:
        click.echo("No file has brought anything yet.")
        return
    lines = [
        (
            str(row["id"]), f"{row['imported_at']:%Y-%m-%d %H:%M}", row["file"], row["source"],
            f"{row['new_count']:,}", f"{row['changed_count']:,}", f"{row['rejected_count']:,}",
            "" if row["undone_at"] is None else f"undone, {row['removed_count']:,.0f} removed",
        )
        for row in rows.astype({"undone_at": object}).replace({float("nan"): None}).to_dict("records")
    ]  # fmt: skip
    print_table([HEADER, *lines])


@imports.command()
@click.argument("number", type=click.IntRange(min=1))
@click.option("--reason", required=True, metavar="TEXT", help="Why, for the audit.")
def undo(number: int, reason: str) -> None:
    """Remove the appeals that an imported file added, with their history.

    Those that people or later files have done something to since stay, and so does what the file changed of appeals
    that were there before; it says how many. Exit code 1: there is no such import, or it was undone already.
    """
    from otklik.database.functions.file_imports import UndoRefused, undo_file_import

    try:
        with owner_transaction() as connection:
            result = undo_file_import(connection, number, reason)
    except UndoRefused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{result.file}: {_appeals(result.removed)} removed.")
    if result.kept:
        click.echo(f"Not removed: {_appeals(result.kept)}, to which people or later files have done something since.")
    if result.changed:
        click.echo(f"What it changed of {_appeals(result.changed)} stays as it is.")


def _appeals(count: int) -> str:
    return f"{count:,} appeal{'s' * (count != 1)}"
