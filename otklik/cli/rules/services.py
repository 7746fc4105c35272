"""`otklik service`: which topics are services."""

import click

from otklik.cli.connections import owner_connection
from otklik.cli.console import print_table

HEADER = ("topic", "name")


@click.group()
def service() -> None:
    """Choose the topics that the page of services follows, such as vaccination or school meals."""


@service.command("list")
def list_services() -> None:
    """Print the services in their order."""
    from otklik.database.functions.services import service_names

    with owner_connection() as connection:
        if rows := service_names(connection):
            print_table([HEADER, *rows])
        else:
            click.echo("No topic is a service. `otklik service add TOPIC` makes it one.")


@service.command()
@click.argument("topics", metavar="TOPIC…", nargs=-1, required=True)
def add(topics: tuple[str, ...]) -> None:
    """Make topics services, each by its code, after those that there are."""
    from otklik.database.functions.services import UnknownTopics, add_services

    with owner_connection() as connection:
        try:
            count = add_services(connection, topics)
        except UnknownTopics as error:
            raise click.ClickException(str(error)) from error
        connection.commit()
    click.echo(f"Services added: {count}. Services before: {len(set(topics)) - count}.")


@service.command()
@click.argument("topics", metavar="TOPIC…", nargs=-1, required=True)
def remove(topics: tuple[str, ...]) -> None:
    """Make services ordinary topics again; their appeals stay as they are."""
    from otklik.database.functions.services import UnknownTopics, remove_services

    with owner_connection() as connection:
        try:
            count = remove_services(connection, topics)
        except UnknownTopics as error:
            raise click.ClickException(str(error)) from error
        connection.commit()
    click.echo(f"Services removed: {count}. No services before: {len(set(topics)) - count}.")
