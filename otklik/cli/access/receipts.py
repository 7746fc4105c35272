"""`otklik receipt`."""

import click

from otklik.cli.access.devices import public_url
from otklik.cli.connections import owner_transaction
from otklik.pages import CITIZEN_PATH

APPEALS_SQL = """
    SELECT a.region_id, a.id FROM appeal AS a JOIN source ON source.id = a.source_id
    JOIN territory AS region ON region.id = a.region_id
    WHERE a.number = :number AND (CAST(:source AS text) IS NULL OR source.code = :source)
        AND (CAST(:region AS text) IS NULL OR region.code = :region)"""


@click.command()
@click.argument("numbers", metavar="NUMBER…", nargs=-1, required=True)
@click.option("--source", metavar="CODE", help="The source of the appeals, where others have the same numbers.")
@click.option("--region", metavar="CODE", help="The region of the appeals, where others have the same numbers.")
@click.option("--reason", default="", metavar="TEXT", help="Why, for the audit.")
def receipt(numbers: tuple[str, ...], source: str | None, region: str | None, reason: str) -> None:
    """Print receipts: with number and secret, applicants follow their appeals at /my-appeal.

    One line an appeal: number, secret, address. Only the hash of the secret is kept, so it can't be printed again;
    a new one replaces it. Each is an entry of the audit. The page is open where OTKLIK_CITIZEN_PAGE is yes.

    \b
    Example:
      otklik receipt D-2026-0004711 --reason "asked at the counter"
    """
    from sqlalchemy import text

    from otklik.database.access.receipts import issue_receipt
    from otklik.settings import read_settings

    address = f"{(read_settings().public_url or public_url()).rstrip('/')}{CITIZEN_PATH}"
    lines = []
    with owner_transaction() as connection:
        for number in dict.fromkeys(numbers):
            values = {"number": number, "source": source, "region": region}
            keys = connection.execute(text(APPEALS_SQL), values).all()
            if len(keys) != 1:
                raise click.ClickException(
                    f"{len(keys)} appeals have the number {number}: name the --source or the --region as well."
                    if keys
                    else f"No appeal has the number {number}: no receipt was issued."
                )
            lines.append("\t".join((number, issue_receipt(connection, keys[0].region_id, keys[0].id, reason), address)))
    for line in lines:
        click.echo(line)
