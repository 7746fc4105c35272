"""Recording how many appeals were open and overdue at the end of each day."""

import psycopg


def record_day_stocks(database_url: str) -> None:
    """Record the last day of each region, from noon of the next one on; a job of the launcher.

    The database's function `record_day_stocks` does nothing where that is done, and waits for the next time while older
    appeals arrive.
    """
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT record_day_stocks()")
