"""What `otklik doctor` finds: well in a good installation, and each thing that isn't."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, text

from otklik.backup.audit_entries import Console
from otklik.backup.dump import make_backup
from otklik.cli.main import otklik
from otklik.database import schema
from otklik.database.cubes.rollups import fold_cubes
from otklik.doctor import clock, data, versions
from otklik.doctor.disk import disk_findings
from otklik.doctor.examination import examine
from otklik.doctor.finding import Finding, Health
from otklik.doctor.service import service_findings
from otklik.settings import Settings
from tests.support import factories
from tests.support.servers.databases import empty_database


class Screens(BaseHTTPRequestHandler):
    """Screens with current figures, or without the database."""

    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def screens_url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Screens)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def findings_by_check(url: str, folder: Path) -> dict[str, Finding]:
    return {finding.check: finding for finding in examine(Settings(database_url=url, data_folder=folder))}


def unwell(url: str, folder: Path) -> dict[str, tuple[str, str]]:
    """Check -> health and message of what isn't well, besides that nothing serves."""
    return {
        name: (finding.health, finding.message)
        for name, finding in findings_by_check(url, folder).items()
        if finding.health is not Health.OK and name != "service"
    }


def run(url: str, folder: Path, *options: str) -> Result:
    return CliRunner(env={"DATABASE_URL": url, "OTKLIK_DATA": str(folder)}).invoke(otklik, ["doctor", *options])


def test_a_good_installation_is_well_and_each_fault_of_its_data_is_found(
    url: str, connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = findings_by_check(url, tmp_path)
    assert unwell(url, tmp_path) == {}
    assert good["backup"].message == "There are no appeals to back up yet."
    assert good["data sources"].message == "0 of 0 are read and bring what they usually do."
    assert "0 facts wait" in good["folding"].message
    assert all(finding.advice for finding in good.values() if finding.health is not Health.OK)

    factories.appeal(connection, topic="roads", holder="city")
    assert unwell(url, tmp_path) == {"backup": ("watch", "No backup was ever made by `otklik backup`.")}
    embedded = Settings(database_url=None, data_folder=tmp_path)
    assert [finding.health for finding in data.backup_findings(connection, embedded)] == ["act"]
    make_backup(url, tmp_path / "data", tmp_path / "otklik.backup", [], Console("anna", "office"))
    assert unwell(url, tmp_path) == {}
    with monkeypatch.context() as patch:
        patch.setattr(data, "WATCH_BACKUP_AGE", timedelta())
        assert unwell(url, tmp_path)["backup"][0] == "watch"
        patch.setattr(data, "ACT_BACKUP_AGE", timedelta())
        assert unwell(url, tmp_path) == {"backup": ("watch", "The last one is 0 minutes old.")}
        assert [finding.health for finding in data.backup_findings(connection, embedded)] == ["act"]

    # Facts that nobody has folded for two minutes, or two hours.
    for hours, health in ((1 / 30, "watch"), (2, "act")):
        connection.execute(
            text("UPDATE region_change SET changed_at = now() - CAST(:age AS interval)"),
            {"age": timedelta(hours=hours)},
        )
        found_health, message = unwell(url, tmp_path)["folding"]
        assert found_health == health
        assert f"the oldest for {'2 hours' if hours == 2 else '2 minutes'}: figures are right" in message
    fold_cubes(url)
    assert unwell(url, tmp_path) == {}

    insert = "INSERT INTO data_source (name, kind, mapping, options, run_every, added_at, failure_count, error) VALUES "
    connection.execute(
        text(insert + "('city', 'folder', 'pos', '{}', '1 minute', now() - interval '2 days', 0, ''),"
             " ('town', 'folder', 'pos', '{}', '1 minute', now() - interval '2 days', 3, 'The folder is gone.')")
    )  # fmt: skip
    sources = [finding for finding in examine(Settings(database_url=url, data_folder=tmp_path))
               if finding.check == "data sources"]  # fmt: skip
    since = f"{datetime.now(UTC) - timedelta(days=2):%Y-%m-%d}"
    assert [(finding.health, finding.message.partition(since)[0]) for finding in sources] == [
        ("watch", "city is silent for longer than usual: nothing new since "),
        ("act", "town can't be read since "),
    ]
    assert sources[1].message.endswith("UTC: The folder is gone.")
    connection.execute(text("UPDATE data_source SET is_paused = true"))

    connection.execute(text("UPDATE open_place_folded SET appeals = appeals + 1"))
    health, message = unwell(url, tmp_path)["figures"]
    assert health == "act"
    assert message.endswith("cells of open appeals differ from the appeals.")
    connection.execute(text("UPDATE open_place_folded SET appeals = appeals - 1"))
    connection.execute(text("SET session_replication_role = replica"))
    connection.execute(text("UPDATE audit SET action = 'nothing'"))
    connection.execute(text("SET session_replication_role = DEFAULT"))
    assert unwell(url, tmp_path)["audit"] == ("act", "It breaks at entry 1: it was changed.")


@pytest.mark.usefixtures("connection")
def test_versions_rights_clocks_and_the_command(
    url: str, connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.territory(connection)
    with monkeypatch.context() as patch:
        patch.setattr(versions, "latest_migration", lambda: "9999")
        patch.setattr("otklik.doctor.examination.latest_migration", lambda: "9999")
        health, message = unwell(url, tmp_path)["migration"]
        assert (health, message[-26:]) == ("watch", ", and this Otklik at 9999.")
        patch.setattr(versions, "is_known_migration", lambda _: False)
        assert unwell(url, tmp_path)["migration"][0] == "act"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "missing_lines", lambda _: ["grant SELECT ON TABLE a", "b", "c", "d"])
        assert unwell(url, tmp_path) == {
            "schema": ("act", "The database lacks grant SELECT ON TABLE a, b, c and 1 more.")
        }
    with monkeypatch.context() as patch:
        patch.setattr(versions, "screens_database_url", lambda _: url)
        assert unwell(url, tmp_path) == {"rights": ("act", "The screens' role sees every row, whoever looks.")}
        patch.setattr(versions, "screens_database_url", lambda _: "postgresql://nobody@127.0.0.1:1/nothing")
        assert unwell(url, tmp_path)["rights"][1].startswith("The screens can't reach the database (")
    with monkeypatch.context() as patch:
        patch.setattr(clock, "OFFSET_SQL", "SELECT CASE WHEN :moment < now() OR :zone = '' THEN 1 ELSE 2 END")
        assert unwell(url, tmp_path) == {"time zones": ("act", "Server and machine have different rules for UTC.")}

    class SlowClock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override] # noqa: ARG003
            return datetime.now(UTC) - timedelta(seconds=45)

    with monkeypatch.context() as patch:
        patch.setattr(clock, "datetime", SlowClock)
        assert unwell(url, tmp_path) == {
            "clock": ("act", "The server's clock and this machine's differ by 45 seconds.")
        }

    shown = run(url, tmp_path)
    assert shown.exit_code == 0
    assert f"watch  service          No `otklik run` serves from {tmp_path}.\n" in shown.stdout
    assert "→ Start it, unless it serves on another machine" in shown.stdout
    as_json = json.loads(run(url, tmp_path, "--json").stdout)
    assert as_json["health"] == "watch"
    assert {found["check"] for found in as_json["findings"]} >= {"versions", "migration", "disk", "backup", "rights"}
    with empty_database() as new_url:
        assert unwell(new_url, tmp_path)["migration"][0] == "watch"


def test_a_database_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    nothing = run("", tmp_path / "data")
    assert nothing.exit_code == 1
    assert f"act    database  There is no database in {tmp_path / 'data'}.\n" in nothing.stdout
    assert not (tmp_path / "data").exists()
    away = run("postgresql://otklik@127.0.0.1:1/otklik", tmp_path)
    assert away.exit_code == 1
    assert "act    database  The server at DATABASE_URL can't be reached (" in away.stdout


def test_the_disk_of_the_data_folder(connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data_folder=tmp_path, database_url=None)

    def health(total: int, free: int) -> Health:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(total, total - free, free))  # noqa: SLF001
        disk, _log = disk_findings(connection, settings)
        return disk.health

    assert [health(10**12, free) for free in (5 * 10**11, 5 * 10**10, 10**10)] == ["ok", "watch", "act"]
    assert health(10**9 // 2, 10**9 // 2) == "act"


def test_the_screens_that_serve(screens_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data_folder=tmp_path)
    (tmp_path / "screens.url").write_text(screens_url)
    assert [finding.message for finding in service_findings(settings)] == [
        f"{screens_url} answers with current figures."
    ]
    monkeypatch.setattr(Screens, "status", 503)
    assert [finding.message for finding in service_findings(settings)] == [
        f"{screens_url} answers, and shows old figures since it can't reach the database."
    ]
    (tmp_path / "screens.url").write_text("http://127.0.0.1:1")
    (away,) = service_findings(settings)
    assert (away.health, away.message) == (
        "act",
        "`otklik run` should serve on http://127.0.0.1:1, where nobody answers.",
    )
