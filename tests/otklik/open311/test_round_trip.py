"""Otklik reads what Otklik publishes: the data source of the kind `open311` on the public API."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from sqlalchemy import Connection, text
from starlette.applications import Starlette

from otklik.database.functions.open311_topics import publish_topics
from otklik.settings import OPEN311_PATH
from tests.support import factories
from tests.support.imports.data_sources import run_source
from tests.support.imports.export_files import query_rows
from tests.support.waiting import wait_for

NOW = datetime.now(UTC).replace(microsecond=0)
APPEALS_SQL = """
    SELECT topic.name, above.name, holder.name, status.is_open, received_at, deadline_at, closed_at, a.lat, a.lon, body
    FROM appeal AS a JOIN topic ON topic.id = topic_id LEFT JOIN topic AS above ON above.id = topic.parent_id
    JOIN organisation AS holder ON holder.id = holder_id JOIN status ON status.id = status_id
    JOIN territory AS region ON region.id = region_id WHERE region.code = '{}' ORDER BY received_at, holder.name"""


@contextmanager
def serving(app: Starlette) -> Iterator[str]:
    """The application on a port of this machine; yields the address of the API."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_for(lambda: server.started, "the server listens")
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}{OPEN311_PATH}"
    finally:
        server.should_exit = True
        thread.join()


def test_the_same_appeals_come_back_and_so_do_their_changes(
    url: str, connection: Connection, tmp_path: Path, app: Starlette
) -> None:
    factories.topic(connection, "roads.signs")
    publish_topics(connection, ["roads"], points=True, texts=True)
    for n in range(230):
        received_at = NOW - timedelta(days=100) + timedelta(hours=10 * n)
        factories.appeal(
            connection, topic=("roads.surface", "roads.signs")[n % 2], holder=f"office {n % 3}", number=f"N-{n}",
            received_at=received_at, deadline_at=received_at + timedelta(days=5), updated_at=received_at,
            closed_at=received_at + timedelta(hours=9) if n % 3 else None, lat=round(55 + n / 1000, 3),
            lon=round(37 + n / 500, 3), body=f"Hole {n}, “quoted”; über",
        )  # fmt: skip
    factories.appeal(connection, topic="roads.signs", regime="law59", holder="private")
    factories.territory(connection, "XB")
    published_sql = APPEALS_SQL.format("XA").replace("WHERE", "WHERE holder.name <> 'private' AND")
    since = f"{NOW - timedelta(days=120):%Y-%m-%d}"
    with serving(app) as address:
        options = (
            "--since",
            since,
            "--region",
            "XB",
            "--mapping",
            "open311",
            "--jurisdiction",
            "XA",
            "--updated-filter",
        )
        added = run_source(url, tmp_path, "add", "open311", "city", address, *options)
        assert added.exit_code == 0, added.output
        result = run_source(url, tmp_path, "run", "city")
        assert result.exit_code == 0, result.output
        assert "230 new, 0 changed" in result.stdout
        assert query_rows(url, APPEALS_SQL.format("XB")) == query_rows(url, published_sql)
        connection.execute(
            text("""UPDATE appeal SET closed_at = :now, updated_at = clock_timestamp(),
                    status_id = (SELECT id FROM status WHERE code = 'answered') WHERE number = 'N-0'"""),
            {"now": NOW},
        )
        assert "; 0 new, 1 changed" in run_source(url, tmp_path, "run", "city").stdout
    assert query_rows(url, APPEALS_SQL.format("XB")) == query_rows(url, published_sql)
