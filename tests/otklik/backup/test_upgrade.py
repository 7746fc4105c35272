"""A data folder of an earlier major version of PostgreSQL, upgraded with every row, or left as it was."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from otklik.backup import cluster_copy
from otklik.backup.client_programs import restore_command
from otklik.backup.errors import UpgradeRefused
from otklik.backup.old_programs import old_bin_folder
from otklik.cli.main import otklik
from otklik.database.cubes.rollups import fold_cubes
from otklik.database.engine import database_engine
from otklik.database.migrate import migrate
from otklik.database.server import data_directory, exclusive
from otklik.database.server.binaries import BIN_FOLDER, server_user
from otklik.database.server.cluster import cluster_folder, cluster_major_version, earlier_cluster_folder
from otklik.database.server.embedded import make_data_folder, running_database
from otklik.errors import DatabaseUnavailable
from otklik.settings import Settings
from tests.support import factories
from tests.support.imports.export_files import query_rows
from tests.support.servers.databases import shared_temp_folder
from tests.support.servers.postgresql15 import make_cluster15, postgresql15_bin_folder

pytestmark = pytest.mark.second_server
TABLES_SQL = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder whose cluster PostgreSQL 15 has made, with appeals."""
    with shared_temp_folder() as folder:
        data = folder / "data"
        make_data_folder(data)
        unfinished = data / "cluster"
        unfinished.mkdir(mode=0o700)
        if user := server_user():
            os.chown(unfinished, *user)
        make_cluster15(unfinished, folder / "initdb.log")
        unfinished.rename(cluster_folder(data))
        with (
            exclusive.exclusive_use(data) as owner_lock,
            exclusive.running_server(data, postgresql15_bin_folder(), owner_lock) as url,
        ):
            migrate(url)
            engine = database_engine(url)
            with engine.begin() as connection:
                for _ in range(20):
                    factories.appeal(connection, topic="roads", holder="city")
            fold_cubes(url)
            with engine.begin() as connection:
                factories.appeal(connection, topic="roads", holder="city", body="Яма на дороге")
            engine.dispose()
        yield data


def upgrade(data: Path, *options: str | Path) -> Result:
    environment = {"DATABASE_URL": "", "OTKLIK_DATA": str(data)}
    return CliRunner(env=environment).invoke(otklik, ["upgrade", *(str(option) for option in options)])


def contents(url: str) -> dict[str, list[str]]:
    """The rows of each table of a database, but for those that a migration writes."""
    names = [str(name) for (name,) in query_rows(url, TABLES_SQL)]
    return {name: sorted(str(row) for (row,) in query_rows(url, f"SELECT t::text FROM {name} AS t")) for name in names}


def test_every_row_is_there_after_an_upgrade_and_the_old_database_until_it_is_not_wanted(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_folder=data, database_url=None)
    cluster, earlier_cluster = cluster_folder(data), earlier_cluster_folder(data)
    with pytest.raises(DatabaseUnavailable, match="run `otklik upgrade`"), running_database(settings):
        pass
    programs = postgresql15_bin_folder()
    with (
        exclusive.exclusive_use(data) as owner_lock,
        exclusive.running_server(data, programs, owner_lock) as url,
    ):
        before = contents(url)
    _check_refusals(data, programs, monkeypatch)
    assert cluster_major_version(cluster) == "15"
    assert not (data / "upgrade.unfinished").exists()
    # Being killed between the two last steps leaves it so, too.
    cluster.rename(earlier_cluster)
    with pytest.raises(DatabaseUnavailable, match="run `otklik upgrade`"), running_database(settings):
        pass
    assert not earlier_cluster.exists()
    assert "isn't upgraded" not in upgrade(data, "--remove-old").output

    cluster.rename(earlier_cluster)
    copied_programs = data / "binaries" / "15.1.0"
    copied_programs.mkdir(parents=True)
    done = upgrade(data, "--old-binaries", programs)
    assert done.exit_code == 0, done.output
    first, last = done.stdout.splitlines()
    assert first.startswith("The database is upgraded from PostgreSQL 15 to 18: ")
    assert last == f"The old one is in {earlier_cluster}; `otklik upgrade --remove-old` removes it once all is well."
    with running_database(settings) as url:
        after = contents(url)
    del before["region_change"], after["region_change"]
    assert after == before
    assert sum(len(rows) for name, rows in after.items() if name.startswith("appeal")) >= 21
    again = upgrade(data)
    assert again.stdout == "The database has the major version that this Otklik brings: there is nothing to upgrade.\n"
    assert cluster_major_version(earlier_cluster) == "15"
    # To go back, the old programs have to be there as long as the old database.
    assert copied_programs.exists()
    assert "MB are free again." in upgrade(data, "--remove-old").stdout
    assert not earlier_cluster.exists()
    with running_database(settings):
        assert not copied_programs.exists()
    assert upgrade(data, "--remove-old").stdout == "There is no database from before an upgrade.\n"


def _check_refusals(data: Path, programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs that don't fit, a data folder in use, and a copy that fails."""
    wrong = upgrade(data, "--old-binaries", data)
    assert wrong.exit_code == 1
    assert "has no PostgreSQL that can be run: --old-binaries has to name the folder" in wrong.stderr
    with monkeypatch.context() as patch, data_directory.users_lock_path(data).open("ab") as users_lock:
        patch.setattr(exclusive, "LOCK_TIMEOUT_SECONDS", 0.0)
        fcntl.flock(users_lock, fcntl.LOCK_SH)
        busy = upgrade(data, "--old-binaries", programs)
    assert (busy.exit_code, busy.stderr) == (3, f"Error: Another Otklik uses {data}: end it first.\n")
    with monkeypatch.context() as patch:
        patch.setattr(cluster_copy, "restore_command", lambda *given: [*restore_command(*given), "--no-such-option"])
        failed = upgrade(data, "--old-binaries", programs)
    assert failed.exit_code == 3
    assert "pg_restore failed" in failed.stderr
    with monkeypatch.context() as patch:
        patch.setattr(cluster_copy, "count_differences", lambda *_: ["The table public.topic is missing."])
        incomplete = upgrade(data, "--old-binaries", programs)
    assert incomplete.exit_code == 3
    assert "The copy isn't whole, and the old database stays: The table public.topic is missing." in incomplete.stderr


def test_programs_of_an_earlier_version_are_found_in_the_data_folder_or_named_in_the_refusal() -> None:
    with shared_temp_folder() as data:
        with pytest.raises(UpgradeRefused, match="Debian's package postgresql-7"):
            old_bin_folder(data, "7", None)
        folder = data / "binaries" / "7.4.1" / BIN_FOLDER
        folder.mkdir(parents=True)
        (folder / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 7.4'\n")
        (folder / "postgres").chmod(0o755)
        for parent in folder.parents[: len(BIN_FOLDER.parts) + 2]:
            parent.chmod(0o755)
        folder.chmod(0o755)
        assert old_bin_folder(data, "7", None) == folder
        assert old_bin_folder(data, "7", folder) == folder
        with pytest.raises(UpgradeRefused, match=r"has PostgreSQL 7: --old-binaries has to name .* of version 8\."):
            old_bin_folder(data, "8", folder)


def test_an_own_server_and_a_folder_without_a_database_are_not_for_upgrade(tmp_path: Path) -> None:
    environment = {"DATABASE_URL": "postgresql://otklik@db.example.org/otklik", "OTKLIK_DATA": str(tmp_path)}
    own = CliRunner(env=environment).invoke(otklik, ["upgrade"])
    assert (own.exit_code, own.stderr[:51]) == (1, "Error: DATABASE_URL names a server of your own: its")
    nothing = upgrade(tmp_path / "nowhere")
    assert nothing.stderr == (
        f"Error: There is no embedded database in {tmp_path / 'nowhere'}: set OTKLIK_DATA to its folder.\n"
    )
    cluster_folder(tmp_path).mkdir()
    (cluster_folder(tmp_path) / "PG_VERSION").write_text("99\n")
    newer = upgrade(tmp_path)
    assert newer.exit_code == 1
    assert newer.stderr.endswith("update Otklik.\n")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(data_directory.server_url(tmp_path))
