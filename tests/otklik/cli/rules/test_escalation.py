"""`otklik escalation`, as the operator types it."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, text

from otklik.cli.main import otklik

LADDER = [
    "step moment after roles waits active",
    "untouched transfer 1d staff official yes yes",
    "risk risk 0d staff yes yes",
    "overdue deadline 0d staff official yes yes",
    "overdue_3 deadline 3d official manager yes yes",
    "overdue_10 deadline 10d manager administrator yes yes",
]


def run_command(url: str, *words: str) -> Result:
    return CliRunner(env={"DATABASE_URL": url}).invoke(otklik, ["escalation", *words])


def step_lines(url: str) -> list[str]:
    result = run_command(url, "list")
    assert result.exit_code == 0, result.output
    return [" ".join(line.split()) for line in result.stdout.splitlines()]


@pytest.fixture
def steps(connection: Connection) -> Iterator[Connection]:
    """What a test changes in the ladder is undone."""
    yield connection
    connection.execute(text("UPDATE escalation_step SET is_active = true, after = '3 days' WHERE code = 'overdue_3'"))


@pytest.mark.usefixtures("steps")
def test_the_ladder_from_first_to_last(url: str) -> None:
    assert step_lines(url) == [*LADDER, "", "Quiet hours: 22:00–08:00, by the clock of each region."]
    assert run_command(url, "set", "overdue_3", "--off", "--after", "90m").stderr == "The step overdue_3 is set.\n"
    new = ("--moment", "deadline", "--after", "-2d", "--role", "official", "--role", "manager", "--at-once")
    assert run_command(url, "set", "soon", *new).stderr == "The step soon is added.\n"
    assert run_command(url, "quiet", "21:30", "07:00").exit_code == 0
    assert step_lines(url) == [
        *LADDER[:3],
        "soon deadline -2d official manager no yes",
        "overdue deadline 0d staff official yes yes",
        "overdue_3 deadline 90m official manager yes no",
        LADDER[-1],
        "",
        "Quiet hours: 21:30–07:00, by the clock of each region.",
    ]


@pytest.mark.usefixtures("steps")
@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("set", "new"), 2, "The step new is new: say its --moment and a --role."),
        (
            ("set", "risk", "--role", "king"),
            2,
            "There is no role king: there are staff, manager, official, administrator.",
        ),
        (("set", "risk", "--after", "soon"), 2, "soon is no length of time: expected one such as 3d, 12h or 90m."),
        (("set", "risk", "--after", "-1d"), 1, "Only a deadline has a time before it"),
        (("set", "overdue", "--after", "999d"), 1, "the time after is at most 365 days"),
        (("quiet", "22", "late"), 2, "A time looks like 22:00."),
    ],
)
def test_a_mistake_is_answered_in_a_sentence(url: str, words: tuple[str, ...], code: int, message: str) -> None:
    result = run_command(url, *words)
    assert (result.exit_code, message in " ".join(result.stderr.split())) == (code, True)
    assert step_lines(url)[:-2] == LADDER
