"""`otklik deadlines`, as the operator types it."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, text

from otklik.cli.main import otklik
from tests.support import factories

RECEIVED = datetime(2026, 6, 1, 9, tzinfo=UTC)
WRONG = datetime(2026, 6, 30, 9, tzinfo=UTC)


def run_command(url: str, *words: str) -> Result:
    return CliRunner(env={"DATABASE_URL": url}).invoke(otklik, ["deadlines", *words])


@pytest.fixture
def appeals(connection: Connection) -> Connection:
    """Due by the rule `any`, thirty days on: 1 July 2026, a Wednesday."""
    for number, columns in {
        "A-EARLY": {"deadline_at": WRONG},
        "B-LATE": {"deadline_at": WRONG + timedelta(days=3)},
        "C-NONE": {},
        "D-HERE": {"deadline_at": WRONG, "set_here": ["deadline"]},
        "E-POS": {"deadline_at": WRONG, "source": "pos"},
        "F-DONE": {"deadline_at": WRONG, "closed_at": WRONG},
    }.items():
        factories.appeal(connection, number=number, received_at=RECEIVED, **columns)  # type: ignore[arg-type]
    return connection


def due(connection: Connection) -> list[str]:
    deadline_rows = connection.execute(text("SELECT number, deadline_at::date FROM appeal ORDER BY number"))
    return [f"{number} {day}" for number, day in deadline_rows]


def test_a_dry_run_says_what_would_change_and_changes_nothing(appeals: Connection, url: str) -> None:
    before = due(appeals)
    result = run_command(url, "--recompute", "--dry-run", "--show", "2")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "appeal   rule  was                      becomes",
        "A-EARLY  any   2026-06-30 09:00:00 UTC  2026-07-01 23:59:59 UTC",
        "B-LATE   any   2026-07-03 09:00:00 UTC  2026-07-01 23:59:59 UTC",
        "… and 1 more",
        "",
        "rule  changed  earlier  later  other",
        "any   3        1        1      1",
        "",
        "Deadlines that would change, none was changed: 3.",
    ]
    assert "3 open appeals looked at. Left alone: 1 that a person set here, 1 from other sources." in result.stderr
    assert due(appeals) == before


def test_recomputing_changes_them_once(appeals: Connection, url: str) -> None:
    assert "Deadlines changed: 3." in run_command(url, "--recompute").stdout
    right = ["A-EARLY 2026-07-01", "B-LATE 2026-07-01", "C-NONE 2026-07-01"]
    assert due(appeals) == [*right, "D-HERE 2026-06-30", "E-POS 2026-06-30", "F-DONE 2026-06-30"]
    assert run_command(url, "--recompute").stdout == "Every deadline is as the rules have it.\n"
    assert "Deadlines changed: 1." in run_command(url, "--recompute", "--source", "pos").stdout
    assert "E-POS 2026-07-01" in due(appeals)
    assert appeals.scalar(text("SELECT count(*) FROM event WHERE kind = 'note'")) == 4


@pytest.mark.usefixtures("connection")
def test_without_options_it_prints_the_rules(url: str) -> None:
    lines = [line.split() for line in run_command(url).stdout.splitlines()]
    assert [line[:4] for line in lines] == [
        ["rule", "country", "regime", "topic"],
        ["any", "any", "any", "any"],
        ["ru.fast", "RU", "fast", "any"],
        ["ru.law59", "RU", "law59", "any"],
        ["ru.law59.migration", "RU", "law59", "migration"],
        ["ru.ordinary", "RU", "ordinary", "any"],
        [],
        ["country", "regime", "last", "day"],
        ["any", "any", "next", "Regulation"],
        ["RU", "fast", "keep", "the"],
        ["RU", "law59", "previous", "59-FZ,"],
        ["RU", "ordinary", "keep", "the"],
    ]


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--dry-run",), 2, "--dry-run goes with --recompute."),
        (
            ("--recompute", "--source", "nobody"),
            1,
            "There is no source nobody: there are boston311, demo, otklik, pos.",
        ),
    ],
)
def test_a_mistake_is_answered_in_a_sentence(url: str, words: tuple[str, ...], code: int, message: str) -> None:
    result = run_command(url, *words)
    assert (result.exit_code, message in result.stderr) == (code, True)


def test_a_regime_is_set_to_move_a_last_day_off(connection: Connection, url: str) -> None:
    result = run_command(url, "--last-day", "RU.law59", "next", "--basis", "Order 45, 5.1.")
    assert result.exit_code == 0
    assert "RU       law59     next          Order 45, 5.1." in result.stdout
    assert "any      any       next" in result.stdout
    run_command(url, "--last-day", "any.fast", "previous", "--basis", "Ours.")
    settings = "SELECT country, regime, last_day, source FROM last_day_setting WHERE regime IN ('law59', 'fast')"
    assert {tuple(row) for row in connection.execute(text(settings))} == {
        (None, "fast", "previous", "Ours."),
        ("RU", "fast", "keep", "the Feedback Platform, whose planned dates are calendar days."),
        ("RU", "law59", "next", "Order 45, 5.1."),
    }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--last-day", "RU.law59", "next"], "--last-day and --basis go together."),
        (["--last-day", "law59", "next", "--basis", "x"], "There is no regime law59"),
        (["--last-day", "RU.law60", "next", "--basis", "x"], "There is no regime RU.law60"),
        (["--last-day", "RU.law59", "after", "--basis", "x"], "There is no rule after: it is keep, next or previous."),
    ],
)
def test_a_setting_that_can_not_be_is_refused(url: str, words: list[str], message: str) -> None:
    result = run_command(url, *words)
    assert result.exit_code != 0
    assert message in result.stderr
