"""Running polls show their figures in steps of ten votes or more; a closed one shows all, and gives no vote away."""

import psycopg
import pytest
import streamlit
from sqlalchemy import Connection, text

from otklik.database.functions.votes import Answer
from otklik.launcher import poll_releases
from otklik.launcher.poll_releases import PollReleases, Shown, is_due, publish
from otklik.launcher.poll_states import State
from queries.polls.details import poll_by_number
from queries.polls.published import published_figures
from queries.polls.results import breakdown, results
from queries.statistics.voting.figures import Figure, Figures, with_complements
from tests.support.participation import poll_attack
from tests.support.participation.poll_attack import Attack, simulate_poll
from tests.support.participation.polls import Question, close, poll, question, show_running, vote

MALE, FEMALE = 1, 2


@pytest.fixture
def single(connection: Connection) -> Question:
    return question(connection, poll(connection), "single", "Yes", "No")


def poll_id(connection: Connection) -> int:
    return int(connection.execute(text("SELECT id FROM poll")).scalar_one())


def cast(connection: Connection, single: Question, first: int, count: int, **voter: object) -> None:
    """So many votes; each third one against."""
    for number in range(first, first + count):
        answer = Answer(single.id, single.options[number % 3 == 0])
        vote(connection, poll_id(connection), number, [answer], **voter)


def shown_ballots() -> int | None:
    one = poll_by_number("P-1", "en")
    assert one
    return one.shown_ballots


def test_each_state_is_shown_when_ten_more_have_voted(connection: Connection, url: str, single: Question) -> None:
    states = []
    for number in range(42):
        cast(connection, single, number, 1)
        show_running(url, poll_id(connection))
        shown = shown_ballots()
        rows = results(poll_id(connection))
        assert (0 if rows.empty else rows["ballots"].sum()) == (shown or 0)
        states.append(shown)
    assert states == [None] * 19 + [10] * 10 + [20] * 10 + [30] * 3
    close(connection, poll_id(connection))
    streamlit.cache_data.clear()
    assert results(poll_id(connection))["ballots"].tolist() == [28, 14]


def test_a_changed_or_withdrawn_vote_is_not_seen(connection: Connection, url: str, single: Question) -> None:
    cast(connection, single, 0, 60)
    show_running(url, poll_id(connection))
    before = published_figures(poll_id(connection), "all")
    assert shown_ballots() == 40
    vote(connection, poll_id(connection), 1, [Answer(single.id, single.options[1])])
    show_running(url, poll_id(connection))
    assert published_figures(poll_id(connection), "all").equals(before)


def test_a_group_is_shown_once_ten_more_of_it_have_voted(connection: Connection, url: str, single: Question) -> None:
    cast(connection, single, 0, 40, sex=MALE)
    cast(connection, single, 40, 40, sex=FEMALE)
    show_running(url, poll_id(connection))
    # Forty men and thirteen women of eighty; of the men none has come since.
    assert shown_ballots() == 53
    assert breakdown(poll_id(connection), "sex", "en").groups["ballots"].isna().all()
    cast(connection, single, 80, 30, sex=MALE)
    cast(connection, single, 110, 30, sex=FEMALE)
    show_running(url, poll_id(connection))
    assert breakdown(poll_id(connection), "sex", "en").groups["ballots"].tolist() == [40, 40]
    close(connection, poll_id(connection))
    streamlit.cache_data.clear()
    assert breakdown(poll_id(connection), "sex", "en").groups["ballots"].tolist() == [70, 70]


def test_the_job_finds_polls_with_new_votes_and_tells_open_pages(
    connection: Connection, url: str, single: Question
) -> None:
    cast(connection, single, 0, 21)
    job = PollReleases()
    job(url)
    assert shown_ballots() == 11
    streamlit.cache_data.clear()
    connection.execute(text("SELECT fold_polls()"))
    cast(connection, single, 21, 10)
    connection.execute(text("LISTEN otklik_announcements"))
    job(url)
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    assert [notice.payload for notice in driver.notifies(timeout=10, stop_after=1)] == ["polls"]
    connection.execute(text("UNLISTEN *"))
    assert shown_ballots() == 21


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_linear_programming_narrows_no_hidden_figure(seed: int) -> None:
    simulated = simulate_poll(seed)
    assert list(Attack(simulated).narrowed()) == []


def hide_small_alone(figures: Figures, _kinds: object, min_people: int) -> set[Figure]:
    """What somebody would hide who forgets that the others add up to the totals."""
    return {figure for figure, count in figures.items() if count.people < min_people}


def test_the_attack_breaks_what_hides_small_figures_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (poll_releases, poll_attack):
        monkeypatch.setattr(module, "hidden_figures", hide_small_alone)
    assert list(Attack(simulate_poll(4)).narrowed())


def test_a_step_that_hides_what_is_shown_waits_until_there_are_many_more_votes() -> None:
    size = Figure(0, 0, 1)
    shown, hides = {"sex": {size: Shown(20, 20)}}, {"sex": {size: Shown(None, 20)}}
    state = State(None, 100, {})
    assert not is_due(state, State(None, 149, {}), shown, hides)
    assert is_due(state, State(None, 150, {}), shown, hides)
    assert is_due(state, State(None, 110, {}), shown, {"sex": {size: Shown(30, 30)}})
    # What isn't shown yet may stay hidden.
    assert is_due(state, State(None, 110, {}), hides, hides)


def test_who_comes_later_decides_what_is_shown_now() -> None:
    kinds = {1: "single"}
    people = with_complements(
        {Figure(0, 0, 1): 30, Figure(1, 5, 1): 30, Figure(0, 0, 2): 20, Figure(1, 5, 2): 20}, kinds
    )
    state = State(None, 50, {"sex": people})
    few = {**people, Figure(0, 0, 1): 39}
    many = {figure: 2 * n for figure, n in people.items()}
    size = Figure(0, 0, 1)
    assert publish(state, State(None, 59, {"sex": few}), "sex", {}, kinds)[size] == Shown(None, 0)
    assert publish(state, State(None, 100, {"sex": many}), "sex", {}, kinds)[size] == Shown(30, 30)
