"""The database's own copy of the rights table, by which its functions decide."""

from sqlalchemy import Connection, text

from otklik.permissions import RIGHTS_BY_ROLE


def sync_role_rights(connection: Connection) -> None:
    """Make the table role_right equal to `otklik.permissions.RIGHTS_BY_ROLE`, on the owner's connection."""
    expected = {(role, right) for role, rights in RIGHTS_BY_ROLE.items() for right in rights}
    stored = {(role, right) for role, right in connection.execute(text("SELECT role, may FROM role_right"))}
    for statement, rows in {
        "DELETE FROM role_right WHERE role = :role AND may = :may": stored - expected,
        "INSERT INTO role_right VALUES (:role, :may)": expected - stored,
    }.items():
        for role, right in sorted(rows):
            connection.execute(text(statement), {"role": role, "may": right})
