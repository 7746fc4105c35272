"""`otklik sql`."""

import sys
from typing import TYPE_CHECKING

import click

from otklik.cli.connections import acting_as_viewer, migrated_database
from otklik.cli.console import without_streamlit_warnings

if TYPE_CHECKING:
    from otklik.benchmark.panels import Panel

# A superuser's statement could read the server's files and end what others run.
BECOME_READER_SQL = """
    SELECT set_config('role', rolname, true) FROM pg_roles
    WHERE rolname = 'otklik_reader' AND pg_has_role(oid, 'MEMBER')"""


@click.command()
@click.argument("statement", required=False)
@click.option(
    "--explain",
    "panel_id",
    is_flag=False,
    flag_value="",
    metavar="PAGE.PANEL",
    help="Print a panel's SQL with its plan instead; without a panel, the list of panels.",
)
@click.option("--territory", metavar="CODE", help="With --explain: the territory of the filters, such as RU-KHM.")
@click.option(
    "--days",
    type=click.IntRange(min=1),
    default=90,
    show_default=True,
    metavar="N",
    help="With --explain: the days of the filters up to today.",
)
def sql(statement: str | None, panel_id: str | None, territory: str | None, days: int) -> None:
    """Print the result of one SELECT as CSV.

    The statement runs in a read-only transaction, as a role that may read every table of the appeals database and
    nothing else of the server. report.appeals has one row an appeal, without personal data.

    With --explain PAGE.PANEL: every statement of a panel as the screens send it, with its values written into it,
    and its plan as a comment below: EXPLAIN (ANALYZE, BUFFERS) in the scope of somebody who sees everything.

    \b
    Examples:
      otklik sql "SELECT region, count(*) FROM report.appeals WHERE is_open GROUP BY 1"
      otklik sql --explain overview.by_day --territory RU-KHM --days 30
    """
    if panel_id is not None:
        if statement is not None:
            raise click.UsageError("--explain prints a panel's own statements: leave STATEMENT out.")
        _explain_panel(panel_id, territory, days)
    elif statement is None:
        raise click.UsageError("Missing argument 'STATEMENT'.")
    else:
        _run_statement(statement)


def _run_statement(statement: str) -> None:
    import psycopg

    from otklik.cli.failures import is_statement_refused
    from otklik.database.schema import READER_ROLE
    from otklik.database.server.data_directory import server_url
    from otklik.database.server.embedded import running_database
    from otklik.settings import read_settings

    settings = read_settings()
    # A server of one's own is only read; the embedded one may be new and has to have its tables.
    with running_database(settings) if settings.database_url else migrated_database() as database_url:
        reader_url = database_url if settings.database_url else server_url(settings.data_folder, user=READER_ROLE)
        try:
            _print_csv(reader_url, statement.strip().rstrip(";"))
        except psycopg.Error as error:
            if not is_statement_refused(error):
                raise
            raise _refused_statement(error.diag.message_primary or str(error)) from error


def _print_csv(database_url: str, statement: str) -> None:
    import psycopg
    from psycopg.pq import DiagnosticField, ExecStatus

    with psycopg.connect(database_url, application_name="otklik sql") as connection:
        connection.read_only = True
        connection.execute("SET LOCAL TIME ZONE 'UTC'")
        connection.execute(BECOME_READER_SQL)
        # Parsed by itself, it is one whole statement and can't reach out of the parentheses below.
        parsed = connection.pgconn.prepare(b"", statement.encode())
        if parsed.status != ExecStatus.COMMAND_OK:
            raise _refused_statement((parsed.error_field(DiagnosticField.MESSAGE_PRIMARY) or b"").decode())
        copy = b"COPY (\n%b\n) TO STDOUT (FORMAT csv, HEADER)" % statement.encode()
        out = sys.stdout.buffer
        try:
            with connection.cursor().copy(copy) as rows:
                for row in rows:
                    out.write(row)
        except psycopg.errors.SyntaxError as error:
            raise _refused_statement("only SELECT, WITH, VALUES and TABLE have a result to print") from error
        out.flush()


def _refused_statement(message: str) -> click.ClickException:
    return click.ClickException(f"The statement was refused: {message}.")


@without_streamlit_warnings()
def _explain_panel(panel_id: str, territory: str | None, days: int) -> None:
    from otklik.benchmark.explain import explain_panel
    from otklik.benchmark.panels import recent_filters
    from queries.core.resolved_filters import resolve

    panel = _panel(panel_id)
    with migrated_database() as database_url, acting_as_viewer(database_url):
        filters = recent_filters(territory, days)
        if not resolve(filters).territories:
            raise click.ClickException(f"There is no territory {territory}.")
        click.echo(f"-- {panel.id}: {territory or 'every territory'}, {filters.start} to {filters.end} (excluded)")
        for number, explained in enumerate(explain_panel(panel, filters), 1):
            click.echo(f"\n-- Statement {number}\n{explained.sql};\n")
            click.echo("\n".join(f"-- {line}" for line in explained.plan))


def _panel(panel_id: str) -> "Panel":
    """The panel with this id. Raises ClickException with all ids."""
    from otklik.benchmark.panels import PANELS

    panels = {panel.id: panel for panel in PANELS}
    if panel_id not in panels:
        message = f"There is no panel {panel_id}." if panel_id else "Say which panel: --explain PAGE.PANEL."
        raise click.ClickException("\n  ".join([message, *panels]))
    return panels[panel_id]
