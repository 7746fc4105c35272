"""A table or query of any database that SQLAlchemy reaches, read by a column that grows with each change.

One statement reads all rows since the last run, in one consistent snapshot where the database has them. Their order is
that of the column, so that the value of the last merged row is where an interrupted run goes on. Rows that others
commit late are caught by an overlap; what is read twice changes nothing.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, column, create_engine, or_, select, table, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from otklik.data_sources.cells import cells_of
from otklik.data_sources.kinds.column_values import earlier, from_json, is_in_future, to_json
from otklik.data_sources.model import DataSourceError
from otklik.data_sources.secrets import SecretValues, has_placeholders_only
from otklik.data_sources.source_run import Row, SourceRun, check_header
from otklik.intake.mapping.model import ImportMapping

DEFAULT_DRIVERS = {"mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql", "postgresql": "postgresql+psycopg"}
SNAPSHOT_LEVELS = {
    "postgresql": "REPEATABLE READ", "mysql": "REPEATABLE READ", "mariadb": "REPEATABLE READ", "oracle": "SERIALIZABLE",
}  # fmt: skip
"""The isolation by which a dialect reads from one snapshot; others are read as they are set up."""
CONNECT_ARGS: Mapping[str, Mapping[str, Any]] = {
    "psycopg": {"connect_timeout": 10, "tcp_user_timeout": 120_000, "application_name": "otklik"},
    # The server gives up on a reader that merges a batch for longer than a minute, unless it is told to wait.
    "pymysql": {
        "connect_timeout": 10, "read_timeout": 600, "init_command": "SET SESSION net_write_timeout = 600",
    },
}  # fmt: skip
SECRET_WORDS = ("password", "passwd", "pwd", "secret", "token", "odbc_connect")
"""Parts of the names of an address's parameters that hold a secret."""
FETCHED_ROWS = 1000
MAX_LISTED_COLUMNS = 30


class DatabaseReader:
    """Reads the rows of a database that have changed since the run before."""

    def __init__(self, options: Mapping[str, Any], mapping: ImportMapping, secrets: SecretValues) -> None:
        """`options`: address, password_file, table or query, column, overlap (docs/sources.md)."""
        self._options = options
        self._mapping = mapping
        self._secrets = secrets

    def test(self) -> str:
        """Read one row, and look whether the mapping's columns are there. Raises DataSourceError, BadFile."""
        with self._connected() as connection:
            result = connection.execute(self._statement(None).limit(1))
            header, row = list(result.keys()), result.first()
        check_header(header, self._mapping, "database")
        columns = ", ".join(header[:MAX_LISTED_COLUMNS])
        return f"The database can be read; {'it has rows' if row else 'it has no row'} with the columns {columns}."

    def read(self, run: SourceRun) -> None:
        """Merge the rows since the cursor. Raises DataSourceError, BadFile."""
        with self._connected() as connection:
            streaming = connection.execution_options(stream_results=True, max_row_buffer=FETCHED_ROWS)
            result = streaming.execute(self._statement(run.source.cursor))
            header = list(result.keys())
            position = self._column_position(header)
            last_value: Any = None

            def rows() -> Iterator[Row]:
                nonlocal last_value
                for row in result:
                    value = None if position is None else row[position]
                    if value is not None and not is_in_future(value):
                        last_value = value
                    yield cells_of(row)

            def cursor() -> Mapping[str, Any] | None:
                return None if last_value is None else {"column": self._options["column"], **to_json(last_value)}

            try:
                run.merge(header, rows(), cursor)
            finally:
                result.close()

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        engine = self._engine()
        try:
            with engine.connect() as connection:
                level = SNAPSHOT_LEVELS.get(engine.dialect.name)
                yield connection.execution_options(isolation_level=level) if level else connection
        except DBAPIError as error:
            raise DataSourceError(f"The database can't be read ({error.orig}).") from error
        except SQLAlchemyError as error:
            raise DataSourceError(f"The database can't be read ({error}).") from error
        finally:
            engine.dispose()

    def _engine(self) -> Engine:
        address = filled_address(parsed_address(self._options["address"]), self._secrets)
        if password_file := self._options.get("password_file"):
            address = address.set(password=self._secrets.of_file(Path(password_file)))
        try:
            driver = address.get_dialect().driver
            return create_engine(
                address, poolclass=NullPool, hide_parameters=True, connect_args=dict(CONNECT_ARGS.get(driver, {}))
            )
        except ImportError as error:
            raise DataSourceError(
                f"The driver of {address.drivername} isn't installed: install {error.name} where Otklik runs."
            ) from error
        except ArgumentError as error:
            raise DataSourceError("The address of the database can't be used.") from error

    def _statement(self, cursor: Mapping[str, Any] | None) -> Select[Any]:
        if query := self._options.get("query"):
            name = self._options.get("column") or self._mapping.all_columns()[0]
            source = text(query).columns(column(name)).subquery("source_rows")
            statement = select(text("source_rows.*")).select_from(source)
        else:
            schema, _, name = str(self._options["table"]).rpartition(".")
            statement = select(text("*")).select_from(table(name, schema=schema or None))
        if not self._options.get("column"):
            return statement
        growing: Any = column(self._options["column"])
        statement = statement.order_by(growing)
        if cursor is None or cursor.get("column") != self._options["column"]:
            return statement
        since = earlier(from_json(cursor), self._options["overlap"])
        return statement.where(or_(growing >= since, growing.is_(None)))

    def _column_position(self, header: list[str]) -> int | None:
        if not (name := self._options.get("column")):
            return None
        names = [column_name.casefold() for column_name in header]
        if name.casefold() not in names:
            raise DataSourceError(f"There is no column {name} in what is read: expected one of {', '.join(header)}.")
        return names.index(name.casefold())


def parsed_address(address: str) -> URL:
    """The parts of an address. Raises DataSourceError where it can't be used, or holds a secret itself."""
    try:
        url = make_url(address)
        url = url.set(drivername=DEFAULT_DRIVERS.get(url.drivername, url.drivername))
    except (ArgumentError, ValueError):
        # Without the cause, which quotes the address.
        raise DataSourceError(
            "The address can't be used: expected one such as postgresql://reader:${CITY_PASSWORD}@host/database."
        ) from None
    secret_values = [str(url.password or "")] + [
        value if isinstance(value, str) else " ".join(value)
        for name, value in url.query.items()
        if any(word in name.lower() for word in SECRET_WORDS)
    ]
    if any(value and not has_placeholders_only(value) for value in secret_values):
        raise DataSourceError(
            "The address holds a secret: name the variable that holds it in its place, such as ${CITY_PASSWORD}, or"
            " give a password file."
        )
    return url


def filled_address(url: URL, secrets: SecretValues) -> URL:
    """An address with the values of the variables that it names. Raises DataSourceError for one that isn't set."""
    query = {
        name: secrets.fill(value) if isinstance(value, str) else tuple(map(secrets.fill, value))
        for name, value in url.query.items()
    }
    return url.set(
        username=_filled(url.username, secrets),
        password=_filled(url.password, secrets),
        host=_filled(url.host, secrets),
        database=_filled(url.database, secrets),
        query=query,
    )


def _filled(part: object, secrets: SecretValues) -> str | None:
    return secrets.fill(str(part)) if part else None


def known_dialect(url: URL) -> bool:
    """Whether SQLAlchemy knows the kind of database, though its driver may not be installed."""
    try:
        url.get_dialect()
    except NoSuchModuleError:
        return False
    return True
