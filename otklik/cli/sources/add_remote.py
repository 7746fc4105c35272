"""`otklik source add open311` and `push`."""

import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import click

from otklik.cli.sources.add import add, add_data_source, common_options, schedule_option


@add.command()
@click.argument("name")
@click.argument("url")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    metavar="DAY",
    help="The first day: 2025-01-01.",
)
@click.option("--region", default="", metavar="NAME", help="The region of all requests, by name or code.")
@click.option("--agency", default="", metavar="NAME", help="The organisation of requests that name none.")
@click.option("--jurisdiction", default="", metavar="ID", help="The jurisdiction_id, where the server wants one.")
@click.option("--api-key", default="", metavar="${NAME}", help="The variable with a key, where the server wants one.")
@click.option(
    "--look-back-days", type=click.IntRange(1, 3650), default=30, show_default=True, help="Days read again each hour."
)
@click.option("--updated-filter", is_flag=True, help="The server knows updated_after: ask for changes alone.")
@click.option("--window-days", type=click.IntRange(1, 90), default=90, show_default=True, help="Days of one question.")
@common_options
@schedule_option
def open311(  # noqa: PLR0913 - click hands over each option
    name: str,
    url: str,
    *,
    since: datetime,
    region: str,
    agency: str,
    jurisdiction: str,
    api_key: str,
    look_back_days: int,
    updated_filter: bool,
    window_days: int,
    mapping: str,
    interval: timedelta,
    beside_demo: bool,
) -> None:
    """Read the requests of the Open311 server (GeoReport v2) at URL, the address before /requests.json.

    \b
    Example:
      otklik source add open311 city https://city.example.org/open311/v2 --since 2025-01-01 \\
        --region US-BOS --mapping open311 --interval 5m
    """
    from otklik.data_sources.secrets import has_placeholders_only

    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password or parts.query:
        raise click.UsageError("The URL should look like https://city.example.org/open311/v2.")
    if api_key and not has_placeholders_only(api_key):
        raise click.UsageError("Name the variable that holds the key, such as ${CITY_KEY}: it isn't stored.")
    options = {
        "url": url,
        "since": f"{since:%Y-%m-%d}",
        "region": region,
        "agency": agency,
        "jurisdiction": jurisdiction,
        "api_key": api_key,
        "look_back_days": look_back_days,
        "has_updated_filter": updated_filter,
        "window_days": window_days,
    }
    given = {option: value for option, value in options.items() if value not in ("", False)}
    add_data_source(name, "open311", mapping, given, interval, beside_demo=beside_demo)


@add.command()
@click.argument("name")
@common_options
def push(name: str, *, mapping: str, beside_demo: bool) -> None:
    """Take rows that are pushed over HTTP, and print the token by which they are: it is shown only now.

    Whoever has the token posts JSON, one object or a list of at most 1,000, with the mapping's columns.

    \b
    Example:
      curl -H "Authorization: Bearer TOKEN" -d '{"id": 17, "opened": "2026-01-06", …}' https://HOST/intake/NAME
    """
    from otklik.database.functions.pushed_rows import token_hash

    token = secrets.token_urlsafe(32)
    add_data_source(name, "push", mapping, {}, timedelta(seconds=1), token_hash(token), beside_demo=beside_demo)
    click.echo(token)
