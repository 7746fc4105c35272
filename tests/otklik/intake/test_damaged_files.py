"""A hundred damaged files: each import ends in a sentence or a summary, and the database is as promised."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from otklik.database.cubes.rollups import cube_differences
from otklik.intake.errors import BadFile
from otklik.intake.importer import import_file
from tests.support.imports.damaged_csv import CSV_FILES, PACKED_FILES
from tests.support.imports.damaged_files import MAPPING, DamagedFile
from tests.support.imports.damaged_workbooks import WORKBOOKS
from tests.support.imports.export_files import query_rows
from tests.support.servers.databases import migrated_database

DAMAGED_FILES = [*CSV_FILES, *PACKED_FILES, *WORKBOOKS]
STATE = (
    "SELECT (SELECT count(*) FROM appeal), (SELECT count(*) FROM event), (SELECT count(*) FROM topic),"
    " (SELECT count(*) FROM organisation), (SELECT count(*) FROM territory), (SELECT count(*) FROM source)"
)


@pytest.fixture(scope="module")
def shared_url() -> Iterator[str]:
    """One database for all files, whose figures agree with its appeals in the end."""
    with migrated_database() as url:
        yield url
        assert list(cube_differences(url)) == []


@pytest.fixture
def town_url(shared_url: str) -> Iterator[str]:
    """The database without an appeal."""
    yield shared_url
    with psycopg.connect(shared_url) as connection:
        # The history lets nobody delete from it.
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM event")
        connection.execute("SET session_replication_role = origin")
        connection.execute("DELETE FROM appeal")


def test_there_are_a_hundred_different_files() -> None:
    assert len({(file.name, file.content) for file in DAMAGED_FILES}) == len(DAMAGED_FILES) >= 100


@pytest.mark.parametrize("file", DAMAGED_FILES, ids=[f"{file.name}: {file.label}" for file in DAMAGED_FILES])
def test_a_damaged_file_ends_as_promised(town_url: str, tmp_path: Path, file: DamagedFile) -> None:
    (tmp_path / "town.toml").write_text(MAPPING)
    path = tmp_path / file.name
    path.write_bytes(file.content)
    [before] = query_rows(town_url, STATE)
    try:
        summary = import_file(town_url, path, str(tmp_path / "town.toml"))
    except BadFile as error:
        exit_code, message = 2, str(error)
        assert message.endswith(".")
        assert message.isprintable()
        assert len(message) < 700
        assert query_rows(town_url, STATE) == [before]
        assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted([file.name, "town.toml"])
    else:
        exit_code, message = summary.exit_code, "\n".join(summary.format_lines())
        assert (tmp_path / f"{file.name}.rejected.csv").exists() == (exit_code == 1)
    assert file.message in message
    assert exit_code == file.exit_code
    assert query_rows(town_url, "SELECT count(*) FROM appeal") == [(file.landed,)]
