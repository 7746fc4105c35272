"""`otklik report`."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click

from otklik.cli.connections import acting_as_viewer, migrated_database
from otklik.cli.console import progress_reporter, without_streamlit_warnings

FILE_SUFFIXES = (".pdf", ".xlsx")
ReportPeriod = tuple[str, date | None, date | None]
"""The name of a period, and a first and a last day that each win over it."""


@click.command()
@click.option("--territory", metavar="CODE", help="Such as RU-KHM; without it, all that the person sees.")
@click.option(
    "--period",
    default="28d",
    show_default=True,
    help="7d, 28d or 91d, which end with yesterday; today, month, quarter, year, 12m or all, which end with today.",
)
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), help="The first day, instead of a period.")
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]), help="The last day; today.")
@click.option("--topic", metavar="CODE", help="A topic and those below it.")
@click.option("--lang", "language", type=click.Choice(["en", "ru", "hr"]), default="en", show_default=True)
@click.option("--as", "email", metavar="EMAIL", help="Whose view the report has; without it, everything.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="FILE.pdf or FILE.xlsx.",
)
def report(  # noqa: PLR0913 -- one argument for each option
    *,
    territory: str | None,
    period: str,
    start: datetime | None,
    end: datetime | None,
    topic: str | None,
    language: str,
    email: str | None,
    output: Path,
) -> None:
    """Write the situation report of a territory and a period as PDF or XLSX.

    It shows what the screens show: figures against their targets and the period before, the map, charts, and the
    appeals that are overdue, without personal data.

    \b
    Example:
      otklik report --territory RU-KHM --period 91d --lang ru -o ugra.pdf
    """
    if output.suffix not in FILE_SUFFIXES:
        raise click.BadParameter("expected a file that ends in .pdf or .xlsx", param_hint="--output")
    report_period = period, start and start.date(), end and end.date()
    with migrated_database() as database_url, acting_as_viewer(database_url, email):
        output.write_bytes(
            report_bytes(report_period, {"territory": territory, "topic": topic, "language": language}, output.suffix)
        )


@without_streamlit_warnings()
def report_bytes(report_period: ReportPeriod, codes: dict[str, str | None], suffix: str) -> bytes:
    """The report's file. Raises BadParameter for an unknown period, ClickException for an unknown code.

    `codes` has a territory, a topic (each None for all) and a language; `suffix` is one of `FILE_SUFFIXES`.
    """
    from components.filters.periods import PRESET_LABELS, RunningDays, current_preset, preset_range
    from otklik.database.transactions import statement_timeout
    from otklik.i18n import set_language
    from otklik.reports.situation_file import make_report
    from queries import filter_options
    from queries.core.resolved_filters import resolve
    from queries.filters import Filters

    period, start, end = current_preset(report_period[0]), *report_period[1:]
    if period not in PRESET_LABELS or period == "range":
        raise click.BadParameter(f"expected one of {', '.join(name for name in PRESET_LABELS if name != 'range')}")
    set_language(codes["language"] or "en")
    statement_timeout.set(60.0)
    today = datetime.now(UTC).date()
    filters = Filters(today, today, **codes)  # type: ignore[arg-type]
    running = RunningDays(filter_options.first_running_day(filters), filter_options.last_running_day(filters, today))
    first, last = preset_range(period, filter_options.received_date_range()[0], running)
    data_start = filter_options.received_date_range(filters.territory)[0]
    filters = replace(
        filters,
        start=start or first,
        end=end + timedelta(days=1) if end else last,
        data_start=data_start,
        jurisdiction=filter_options.jurisdiction(filters.territory),
    )
    if not resolve(filters).territories:
        raise click.ClickException(f"There is no territory {codes['territory']} that this person sees.")
    if resolve(filters).topics == ():
        raise click.ClickException(f"There is no topic {codes['topic']}.")
    return make_report(suffix.removeprefix("."), filters, progress_reporter())
