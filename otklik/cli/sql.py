"""`otklik sql`."""

import sys

import click

from otklik.settings import read_settings


@click.command()
@click.argument("statement")
def sql(statement: str) -> None:
    """Print the answer to one SELECT as CSV.

    The statement runs in a read-only transaction. report.appeals has one row an appeal, without personal data.

    \b
    Example:
      otklik sql "SELECT region, count(*) FROM report.appeals WHERE is_open GROUP BY 1"
    """
    import psycopg

    from otklik.cli.connection import migrated_database
    from otklik.database.server.embedded import running_database

    settings = read_settings()
    # A server of one's own is only read; the embedded one may be new and has to have its tables.
    with running_database(settings) if settings.database_url else migrated_database() as database_url:
        try:
            _print_csv(database_url, statement.strip().rstrip(";"))
        except psycopg.OperationalError:
            raise  # the database went away: nothing is wrong with the statement
        except psycopg.Error as error:
            raise _refused_statement(error.diag.message_primary or str(error)) from error


def _print_csv(database_url: str, statement: str) -> None:
    import psycopg
    from psycopg.pq import DiagnosticField, ExecStatus

    with psycopg.connect(database_url, application_name="otklik sql") as connection:
        connection.read_only = True
        connection.execute("SET LOCAL TIME ZONE 'UTC'")
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
            raise _refused_statement("only SELECT, WITH, VALUES and TABLE have an answer to print") from error
        out.flush()


def _refused_statement(message: str) -> click.ClickException:
    return click.ClickException(f"The statement was refused: {message}.")
