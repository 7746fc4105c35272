"""`make schema`: write the schema that the migrations make, by which each start checks a database."""

from otklik.database.engine import database_engine
from otklik.database.migrate import upgrade
from otklik.database.schema import SCHEMA_FILE, schema_lines
from tests.support.servers.databases import empty_database


def migrated_schema() -> str:
    """The lines of a database that the migrations alone have made."""
    with empty_database() as url:
        engine = database_engine(url)
        with engine.connect().execution_options(no_parameters=True) as connection:
            upgrade(connection)
            lines = schema_lines(connection)
        engine.dispose()
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    SCHEMA_FILE.write_text(migrated_schema(), encoding="utf-8")
