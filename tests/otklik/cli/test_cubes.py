"""The commands that check the cubes and make them anew."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, text

from otklik.cli.main import otklik
from otklik.database.cubes.rollups import cube_differences, fold_cubes
from tests.support import factories


def run(url: str, command: str) -> Result:
    return CliRunner(env={"DATABASE_URL": url}).invoke(otklik, [command])


@pytest.fixture
def appeals(connection: Connection, url: str) -> Connection:
    factories.appeal(connection, topic="roads", holder="city", channel="app", regime="law59")
    fold_cubes(url)
    return connection


@pytest.mark.usefixtures("appeals")
def test_no_difference_is_one_sentence(url: str) -> None:
    result = run(url, "verify")
    assert (result.exit_code, result.stdout) == (
        0,
        "Every cell of every cube agrees with the appeals, votes and comments.\n",
    )
    assert result.stderr == "Counting everything again …\n"


def test_a_difference_is_printed_by_codes_and_ends_with_1(appeals: Connection, url: str) -> None:
    appeals.execute(
        text(
            "UPDATE cube_topic_folded SET received = received + 2, late = late - 1 WHERE territory_id = 2 AND span = 1"
        )
    )
    appeals.execute(text("DELETE FROM open_intake_folded WHERE territory_id = 1"))
    result = run(url, "verify")
    day = appeals.scalar(text("SELECT day FROM cube_topic_folded WHERE span = 1 LIMIT 1"))
    assert result.exit_code == 1
    lines = [line.split("  ") for line in result.stdout.splitlines()]
    assert [[part.strip() for part in line if part.strip()] for line in lines] == [
        ["cube", "cell", "cube minus truth"],
        ["cube_topic", f"territory XA, day {day}, topic roads", "received +2, late -1"],
        [
            "open_intake",
            f"territory X, channel app, regime law59, received {day}, risk infinity, deadline infinity",
            "appeals -1",
        ],
    ]
    assert "2 cells differ" in result.stderr


def test_a_rebuild_mends_what_differs(appeals: Connection, url: str) -> None:
    appeals.execute(text("UPDATE cube_place_folded SET received = received + 2"))
    result = run(url, "rebuild")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "Rebuilding the cubes …\nThe cubes are rebuilt from the appeals, votes and comments.\n"
    assert list(cube_differences(url)) == []
    assert run(url, "verify").exit_code == 0


def test_a_cell_of_what_is_not_there_any_more_is_told_by_its_id(appeals: Connection, url: str) -> None:
    appeals.execute(text("UPDATE cube_holder_folded SET holder_id = 77777 WHERE territory_id = 2"))
    assert "organisation with id 77777" in run(url, "verify").stdout


def test_a_recorded_day_that_can_not_be_is_printed_and_ends_with_1(appeals: Connection, url: str) -> None:
    appeals.execute(
        text("INSERT INTO day_stock VALUES ((SELECT id FROM territory WHERE code = 'XA'), '2024-03-31', 1, 0)")
    )
    result = run(url, "verify")
    assert result.exit_code == 1
    assert [line.split() for line in result.stdout.splitlines()[-1:]] == [
        ["XA", "2024-03-31", "1", "0", "not", "a", "recorded", "day"]
    ]
    assert "Recorded days of territories that can't have been so: 1." in result.stderr
