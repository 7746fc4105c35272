"""A backup made while rows are written, restored elsewhere: all of one moment, and right."""

import errno
import fcntl
import json
import os
import stat
import threading
import zipfile
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import Mock

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text

from otklik.backup.archive_reader import reading
from otklik.backup.audit_entries import Console
from otklik.backup.client_programs import client_bin_folder
from otklik.backup.database_state import count_differences
from otklik.backup.dump import BackupSummary, make_backup
from otklik.backup.errors import UnusableBackup
from otklik.backup.manifest import DUMP_NAME, MANIFEST_NAME
from otklik.backup.restore import RestoreSummary, check_room, check_version, restore_backup
from otklik.database.cubes.rollups import fold_cubes
from otklik.database.engine import database_engine
from otklik.errors import DatabaseUnavailable, DiskFull
from tests.support import factories
from tests.support.imports.export_files import query_rows
from tests.support.servers.databases import empty_database

RIGHTS_SQL = """
    SELECT c.oid::regclass::text, grantee::regrole::text, privilege_type FROM pg_class AS c, aclexplode(relacl)
    WHERE relnamespace::regnamespace::text IN ('public', 'report') AND grantee <> relowner AND NOT relispartition
    UNION ALL SELECT p.oid::regprocedure::text, grantee::regrole::text, privilege_type
    FROM pg_proc AS p, aclexplode(proacl)
    WHERE pronamespace = 'public'::regnamespace AND grantee <> proowner AND provolatile <> 'i'
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
    ORDER BY 1, 2, 3"""
CONSOLE = Console("anna", "office")
APPEALS_SQL = "SELECT number, received_at, closed_at, updated_at FROM appeal ORDER BY number"


class Writer(threading.Thread):
    """Receives appeals one after the other, and folds cubes in between, until it is stopped."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._engine: Engine = database_engine(url)
        self._url = url
        self.stopped, self.has_written = threading.Event(), threading.Event()

    def run(self) -> None:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            count = 0
            while not self.stopped.is_set():
                factories.appeal(connection, topic="roads", holder="city")
                count += 1
                if count % 10 == 0:
                    fold_cubes(self._url)
                    self.has_written.set()
        self._engine.dispose()


def backup(url: str, data: Path, path: Path) -> BackupSummary:
    return make_backup(url, data, path, ["OTKLIK_CONTACT"], CONSOLE)


def restore(path: Path, url: str, data: Path) -> RestoreSummary:
    with reading(path) as archive:
        check_version(archive.manifest, path)
        return restore_backup(archive, url, data, [], CONSOLE)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a file of each kind that a backup takes along, and one that it doesn't."""
    folder = tmp_path / "data"
    for name in ("boundaries/XA.geojson", "rejected/city/1.rejected.csv", "postgresql.log"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"content of {name}")
    return folder


def test_a_backup_made_under_writers_is_restored_with_every_row(
    url: str, connection: Connection, data: Path, tmp_path: Path
) -> None:
    mapping, gone = tmp_path / "city.toml", tmp_path / "gone.toml"
    mapping.write_text("# a mapping")
    for name, file in {"city": mapping, "town": gone}.items():
        connection.execute(
            text("INSERT INTO data_source (name, kind, mapping, options, run_every) VALUES (:name, 'folder', :file,"
                 " '{}', '1 minute')"),
            {"name": name, "file": str(file)},
        )  # fmt: skip
    path = tmp_path / "otklik.backup"
    writer = Writer(url)
    writer.start()
    try:
        writer.has_written.wait()
        first_count = connection.scalar(text("SELECT count(*) FROM appeal"))
        summary = backup(url, data, path)
        assert not writer.stopped.is_set()
    finally:
        writer.stopped.set()
        writer.join()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.glob(".*")] == []
    assert (summary.file_count, summary.missing_mappings) == (3, [gone])
    moment_count = sum(rows for name, rows in summary.database.row_counts.items() if name.startswith("public.appeal"))
    assert first_count
    assert moment_count >= first_count
    assert query_rows(url, "SELECT person, action, object FROM audit") == [
        ("console: anna", "backup made", f"file {path}")
    ]
    mapping.unlink()
    new_data = tmp_path / "new"
    with empty_database() as new_url:
        restored = restore(path, new_url, new_data)
        assert (restored.verification.problems, restored.verification.audit.entries) == ([], 0)
        misplaced = (
            f"A data source reads the mapping {mapping}, which isn't there as it was:"
            f" copy {new_data / 'restored-files' / '1-city.toml'} there."
        )
        assert restored.notes == [misplaced, "Set where it was backed up, and not here: OTKLIK_CONTACT."]
        rows = query_rows(new_url, APPEALS_SQL)
        assert len(rows) == moment_count
        # All of one moment: the first so many of those that came one after the other.
        assert set(rows) <= set(query_rows(url, APPEALS_SQL))
        assert query_rows(new_url, RIGHTS_SQL) == query_rows(url, RIGHTS_SQL)
        assert query_rows(new_url, "SELECT count(*) FROM region_change") == [(0,)]
        assert query_rows(new_url, "SELECT action, object, after ->> 'as_of' FROM audit") == [
            ("backup restored", f"file {path}", summary.made_at.isoformat(timespec="seconds"))
        ]
        # What comes next goes on from there.
        new_engine = database_engine(new_url)
        with new_engine.begin() as new_connection:
            factories.appeal(new_connection, topic="roads", holder="city")
        new_engine.dispose()
        with pytest.raises(UnusableBackup, match="isn't empty"):
            restore(path, new_url, new_data)
    files = {file.relative_to(new_data).as_posix(): file.read_text() for file in new_data.rglob("*") if file.is_file()}
    assert files == {
        "boundaries/XA.geojson": "content of boundaries/XA.geojson",
        "rejected/city/1.rejected.csv": "content of rejected/city/1.rejected.csv",
        "restored-files/1-city.toml": "# a mapping",
    }


@pytest.mark.usefixtures("connection")
def test_a_damaged_cut_newer_or_misplaced_backup_changes_nothing(url: str, data: Path, tmp_path: Path) -> None:
    path = tmp_path / "otklik.backup"
    backup(url, data, path)
    whole = path.read_bytes()
    abandoned = tmp_path / ".other.otklik-unfinished"
    abandoned.write_text("of a backup that was killed")
    with abandoned.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        backup(url, data, tmp_path / "second.backup")
        assert abandoned.exists()
    backup(url, data, tmp_path / "third.backup")
    assert not abandoned.exists()
    with pytest.raises(UnusableBackup, match="exists already"):
        backup(url, data, path)
    with pytest.raises(UnusableBackup, match="is no folder"):
        backup(url, data, tmp_path / "nowhere" / "otklik.backup")
    with empty_database() as new_url:

        def refusal(content: bytes) -> str:
            damaged = tmp_path / "damaged.backup"
            damaged.write_bytes(content)
            with pytest.raises(UnusableBackup) as failure:
                restore(damaged, new_url, tmp_path / "new")
            return str(failure.value).replace(str(damaged), "FILE")

        middle = len(whole) // 2
        flipped = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
        assert refusal(flipped) == "FILE is damaged: what it holds isn't what was written to it. Use another one."
        for cut in (whole[:middle], whole[:-1], b"", b"a letter"):
            assert refusal(cut) == "FILE is no backup of Otklik, or its end is missing: use another one."
        for change in ({"format": 2}, {"format": 2, "database": {}}, {"database": {"migration": "9999"}}):
            assert "was made by a newer Otklik" in refusal(_with_manifest(path, tmp_path / "newer", change))
        other_member = {"members": {"../outside": {"size": 0, "sha256": ""}}}
        assert "is damaged" in refusal(_with_manifest(path, tmp_path / "outside", other_member))
        newer_server = {"database": {"server_version": 99}}
        assert "restore it to 99 or newer" in refusal(_with_manifest(path, tmp_path / "server", newer_server))
        with pytest.raises(UnusableBackup, match="There is no file"):
            restore(tmp_path / "nothing", new_url, tmp_path / "new")
        (tmp_path / "new" / "boundaries").mkdir(parents=True)
        (tmp_path / "new" / "boundaries" / "XA.geojson").write_text("another one")
        with pytest.raises(UnusableBackup, match="isn't what the backup holds"):
            restore(path, new_url, tmp_path / "new")
        assert query_rows(new_url, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == [
            (0,)
        ]
        with pytest.raises(UnusableBackup, match="nothing to back up"):
            backup(new_url, data, tmp_path / "empty.backup")
        with reading(path) as archive:
            huge = archive.manifest.database.model_copy(update={"size": 2**60})
            manifest = archive.manifest.model_copy(update={"database": huge})
        with pytest.raises(DiskFull, match="are free"):
            check_room(manifest, tmp_path / "new" / "data")
    assert not (tmp_path / "empty.backup").exists()


@pytest.mark.usefixtures("connection")
def test_what_fails_midway_leaves_nothing_and_can_be_repeated(
    url: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "otklik.backup"
    with monkeypatch.context() as patch:
        patch.setattr("otklik.backup.dump.dump_command", lambda bin_folder, **_: [bin_folder / "pg_dump", "--no-such"])
        with pytest.raises(DatabaseUnavailable, match="pg_dump failed"):
            backup(url, data, path)
    assert [file.name for file in tmp_path.iterdir()] == ["data"]
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", Mock(side_effect=OSError(errno.ENOSPC, "No space left on device")))
        with pytest.raises(DiskFull, match="is full: make room, or name a file on another disk"):
            backup(url, data, path)
    assert [file.name for file in tmp_path.iterdir()] == ["data"]
    assert query_rows(url, "SELECT count(*) FROM audit") == [(0,)]
    backup(url, data, path)
    with empty_database() as new_url, psycopg.connect(new_url, autocommit=True) as other:
        # A function isn't seen as something that the database holds already, and stops the dump.
        other.execute("CREATE FUNCTION audit_append(text, text, text, jsonb, jsonb) RETURNS bigint LANGUAGE sql"
                      " RETURN 1")  # fmt: skip
        with pytest.raises(DatabaseUnavailable, match="pg_restore failed"):
            restore(path, new_url, tmp_path / "new")
        assert query_rows(new_url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
        other.execute("DROP FUNCTION audit_append")
        assert restore(path, new_url, tmp_path / "new").verification.is_clean
        # A row that is lost is noticed.
        with reading(path) as archive:
            state = archive.manifest.database
        other.execute("DELETE FROM status WHERE id = (SELECT max(id) FROM status)")
        count = state.row_counts["public.status"]
        assert f"The table public.status has {count - 1} rows instead of {count}." in count_differences(other, state)
    with pytest.raises(DatabaseUnavailable, match="Debian's package is postgresql-client-99"):
        client_bin_folder(99)


def _with_manifest(path: Path, target: Path, change: Mapping[str, object]) -> bytes:
    """A backup with another manifest: a dict of `change` is merged into the manifest's."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        manifest = json.loads(source.read(MANIFEST_NAME))
        for name, value in change.items():
            manifest[name] = {**manifest[name], **value} if isinstance(value, dict) and value else value
        copy.writestr(DUMP_NAME, source.read(DUMP_NAME))
        for member in manifest["members"]:
            if member in source.namelist() and member != DUMP_NAME:
                copy.writestr(member, source.read(member))
        copy.writestr(MANIFEST_NAME, json.dumps(manifest))
    return target.read_bytes()
