"""`otklik open311`: what everybody may read by Open311."""

import click

from otklik.cli.connections import owner_transaction
from otklik.cli.console import print_table

HEADER = ("topic", "name", "points", "texts")
REASON = click.option("--reason", default="", metavar="TEXT", help="Why, for the audit.")


@click.group()
def open311() -> None:
    """Choose the appeals that everybody may read by Open311: none, until a topic is published.

    They are served where OTKLIK_OPEN311_URL says so.
    """


@open311.command("list")
def list_topics() -> None:
    """Print what is public: topics, with points and texts or without, and regimes."""
    from otklik.database.functions.open311_topics import public_regimes, public_topics

    with owner_transaction() as connection:
        topics, regimes = public_topics(connection), public_regimes(connection)
    if topics:
        rows = [(topic.code, topic.name, *map(_yes_or_no, topic[2:])) for topic in topics]
        print_table([HEADER, *rows])
        click.echo(f"Of the regimes {', '.join(regimes)}." if regimes else "Of no regime, so that nothing is public.")
    else:
        click.echo("Nothing is public. `otklik open311 publish TOPIC` makes the appeals of a topic public.")


@open311.command()
@click.argument("topics", metavar="TOPIC…", nargs=-1, required=True)
@click.option("--points", is_flag=True, help="With the place of each appeal, to about 100 m; else its municipality.")
@click.option("--texts", is_flag=True, help="With the texts, in which the personal data that is found is masked.")
@REASON
def publish(topics: tuple[str, ...], points: bool, texts: bool, reason: str) -> None:
    """Make the appeals of topics public, each by its code, and those of all topics that are below it now.

    \b
    Example:
      otklik open311 publish roads --points --reason "decree 17"
    """
    from otklik.database.functions.open311_topics import UnknownCodes, publish_topics

    with owner_transaction() as connection:
        try:
            count = publish_topics(connection, topics, points=points, texts=texts, reason=reason)
        except UnknownCodes as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"Public topics, with those below: {count}.")


@open311.command()
@click.argument("topics", metavar="TOPIC…", nargs=-1, required=True)
@REASON
def withhold(topics: tuple[str, ...], reason: str) -> None:
    """Take topics back, and all below them. What others have read of them already stays with them."""
    from otklik.database.functions.open311_topics import UnknownCodes, withhold_topics

    with owner_transaction() as connection:
        try:
            count = withhold_topics(connection, topics, reason)
        except UnknownCodes as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"Topics no longer public: {count}.")


@open311.command()
@click.argument("code", metavar="CODE")
@click.argument("is_public", metavar="yes|no", type=click.Choice(["yes", "no"]))
@REASON
def regime(code: str, is_public: str, reason: str) -> None:
    """Say whether appeals of a regime may be public; those under 59-FZ (law59) may not, unless it is said."""
    from otklik.database.functions.open311_topics import UnknownCodes, change_regime

    with owner_transaction() as connection:
        try:
            is_changed = change_regime(connection, code, is_public=is_public == "yes", reason=reason)
        except UnknownCodes as error:
            raise click.ClickException(str(error)) from error
    click.echo("Changed." if is_changed else "It was so before.")


def _yes_or_no(value: object) -> str:
    return "yes" if value else "no"
