"""Connections by which strangers reach the database: as a role that reads no table of appeals."""

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from otklik.database.engine import APP_ROLE, current_database_url, database_engine, restricted_url
from otklik.errors import DatabaseUnavailable


def public_engine(role: str, user_name: str) -> sqlalchemy.Engine:
    """An engine at the screens' address with another role; `user_name` says in errors what it is for.

    On the embedded server it connects as that role itself; elsewhere it is the session's. A connection that may read
    appeals is refused. Raises DatabaseUnavailable.
    """
    url = current_database_url()
    own_url = url.replace(f"postgresql://{APP_ROLE}@/", f"postgresql://{role}@/")
    new_engine = database_engine(own_url if own_url != url else restricted_url(url, role))

    def check_reads_nothing(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("SELECT has_table_privilege('public.appeal', 'SELECT')")
        if cursor.fetchone() != (False,):
            connection.close()
            raise DatabaseUnavailable(f"The {user_name} has more rights than it may have: run otklik migrate.")
        connection.rollback()

    event.listen(new_engine, "connect", check_reads_nothing)
    return new_engine
