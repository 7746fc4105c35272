"""`otklik load`."""

import asyncio

import click

from otklik.cli.connections import migrated_database
from otklik.cli.console import without_streamlit_warnings
from otklik.pages import METRIC_ROLES, PAGES


@click.command()
@click.option("--viewers", type=click.IntRange(min=1), default=10, show_default=True, metavar="N", help="How many.")
@click.option(
    "--seconds",
    type=click.FloatRange(min=10),
    default=60.0,
    show_default=True,
    metavar="S",
    help="How long they stay after the last one has arrived.",
)
@click.option(
    "--arrive",
    type=click.FloatRange(min=0),
    default=0.0,
    metavar="S",
    help="Over how many seconds they arrive; all at once if not given.",
)
@click.option(
    "--page",
    type=click.Choice(["wall", *(page.id for page in PAGES.values() if page.listed and page.roles >= METRIC_ROLES)]),
    default="overview",
    show_default=True,
    help="What they look at.",
)
@click.option("--query", default="", metavar="QUERY", help="Filters, as in the page's address: `territory=RU-KHM`.")
@click.option(
    "--rate",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    metavar="R",
    help="Changes per second that the simulator makes meanwhile, in demo data alone; 0 for none.",
)
@click.option("--url", metavar="URL", help="Where the screens are; those of this data folder if not given.")
@click.option("--cookies", default="", metavar="COOKIES", help="The Cookie header of a viewer, where one signs in.")
@without_streamlit_warnings()
def load(  # noqa: PLR0913, PLR0917 -- the options of a command
    viewers: int, seconds: float, arrive: float, page: str, query: str, rate: float, url: str | None, cookies: str
) -> None:
    """Open a page many times over, as browsers do, and measure what its viewers get.

    Speaks the browser's protocols with a running Otklik (`otklik run`) and draws nothing. Every five seconds
    it adds an appeal to the demo data, and measures how long each viewer waits for that change. It prints
    one table: time until the first picture, from commit to viewer, bytes, errors, and what the server uses
    of this machine.
    """
    from otklik.launcher.app_server import running_app_url
    from otklik.load.connections import Site
    from otklik.load.run import WALL_PAGE, LoadPlan, run_load
    from otklik.settings import read_settings
    from otklik.simulator.simulate import NoDemoData

    url = url or running_app_url(read_settings().data_folder)
    if url is None:
        raise click.ClickException("No screens answer here: start `otklik run` first, or give their --url.")
    # Of today, so that what arrives meanwhile is in the figures.
    query = "&".join(part for part in ("lang=en", "" if page == WALL_PAGE else "period=today", query) if part)
    plan = LoadPlan(Site(url.rstrip("/"), cookies), page, query, viewers, arrive, seconds, rate)
    try:
        if rate:
            with migrated_database() as database_url:
                measurements, usage = asyncio.run(run_load(plan, database_url))
        else:
            measurements, usage = asyncio.run(run_load(plan, None))
    except NoDemoData as error:
        raise click.ClickException(f"{error} With --rate 0 nothing is changed.") from error
    except OSError as error:
        raise click.ClickException(f"The screens at {url} don't answer: {error}.") from error
    click.echo("\n".join(measurements.table_lines(viewers, usage)))
    if measurements.errors:
        raise SystemExit(1)
