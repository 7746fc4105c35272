"""Results are what plain Python counts of the votes; small groups are neither shown nor to be worked out."""

from collections import Counter
from random import Random
from typing import Any

import numpy as np
import pytest
import streamlit
from sqlalchemy import Connection, text

from otklik.database.cubes.rollups import fold_cubes
from otklik.database.functions.votes import Answer, withdraw_vote
from otklik.small_numbers import MIN_PEOPLE, wilson_interval
from queries.core.territory_groups import ELSEWHERE, UNKNOWN
from queries.polls.counts import DIMENSIONS
from queries.polls.details import questions
from queries.polls.results import breakdown, results, votes_by_day
from queries.statistics.voting.figures import NO_ANSWER
from tests.support import factories
from tests.support.participation.polls import Question, close, poll, question, vote, voter_id

Votes = dict[int, tuple[dict[str, Any], list[Answer]]]


@pytest.fixture
def towns(connection: Connection) -> list[int]:
    return [factories.territory(connection, f"XA-{number}", "municipality") for number in range(3)]


def cast(connection: Connection, poll_id: int, asked: list[Question], towns: list[int], count: int) -> Votes:
    """Random votes, some changed and withdrawn; those that count, by the voter."""
    single, multiple, words = asked
    random = Random(count)  # noqa: S311 -- made-up votes
    votes: Votes = {}
    for number in range(count):
        voter = {
            "channel": random.choice(("portal", "app")),
            "municipality_id": random.choice((*towns, towns[0], towns[0], None)),
            "age_band": random.choice((0, 18, 35)),
            "sex": random.choice((0, 1, 1, 2, 2)),
        }
        answers: list[Answer] = []
        for _ in range(random.randint(1, 2)):
            answers = [Answer(multiple.id, option) for option in multiple.options if random.random() < 0.4]
            if random.random() < 0.9:
                answers.append(Answer(single.id, random.choice(single.options)))
            if random.random() < 0.2:
                answers.append(Answer(words.id, text="More"))
            vote(connection, poll_id, number, answers, **voter)
        votes[number] = voter, answers
        if random.random() < 0.1:
            withdraw_vote(connection, poll_id, voter_id(number))
            del votes[number]
    return votes


@pytest.fixture
def asked_poll(connection: Connection) -> tuple[int, list[Question]]:
    poll_id = poll(connection)
    return poll_id, [
        question(connection, poll_id, "single", "Yes", "No", "Nobody's"),
        question(connection, poll_id, "multiple", "Trees", "Benches"),
        question(connection, poll_id, "open"),
    ]


def test_results_are_what_python_counts(
    connection: Connection, url: str, towns: list[int], asked_poll: tuple[int, list[Question]]
) -> None:
    poll_id, asked = asked_poll
    votes = cast(connection, poll_id, asked, towns, 60)
    close(connection, poll_id)
    for _folded in range(2):
        rows = results(poll_id)
        chosen = Counter(
            (answer.question_id, answer.option_id or 0) for _voter, answers in votes.values() for answer in answers
        )
        single = asked[0].id
        chosen[single, NO_ANSWER] = len(votes) - sum(chosen[single, option] for option in asked[0].options)
        found = {(row["question_id"], row["option_id"]): row for row in rows.to_dict("records")}
        assert chosen[single, NO_ANSWER] > 0
        assert {key: row["ballots"] for key, row in found.items()} == {
            key: chosen[key] for key in (*found, *(key for key in chosen if chosen[key]))
        }
        for row in found.values():
            assert row["share"] == row["ballots"] / len(votes)
            assert (row["low"], row["high"]) == wilson_interval(row["ballots"], len(votes))
        # Each person is in one row of a single choice, and may be in several of a multiple one.
        assert rows[rows["question_id"] == single]["ballots"].sum() == len(votes)
        fold_cubes(url)
        streamlit.cache_data.clear()


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_breakdown_is_what_python_counts_where_it_shows_anything(
    connection: Connection, towns: list[int], asked_poll: tuple[int, list[Question]], dimension: str
) -> None:
    poll_id, asked = asked_poll
    votes = cast(connection, poll_id, asked, towns, 150)
    close(connection, poll_id)
    channels = {row.code: row.id for row in connection.execute(text("SELECT code, id FROM channel"))}

    def key_of(voter: dict[str, Any]) -> int:
        keys: dict[str, int] = {
            "territory": voter["municipality_id"] or UNKNOWN,
            "channel": channels[voter["channel"]],
            "age": voter["age_band"],
            "sex": voter["sex"],
        }
        return keys[dimension]

    sizes = Counter(key_of(voter) for voter, _answers in votes.values())
    chosen = Counter(
        (key_of(voter), answer.question_id, answer.option_id) for voter, answers in votes.values() for answer in answers
    )
    found = breakdown(poll_id, dimension, "en")
    assert set(found.groups["key"]) == set(sizes)
    shown_groups = found.groups[found.groups["ballots"].notna()]
    assert len(shown_groups) >= 2
    for key, ballots, share in zip(*(shown_groups[name] for name in ("key", "ballots", "share")), strict=True):
        assert (ballots, share) == (sizes[key], sizes[key] / len(votes))
        assert ballots >= MIN_PEOPLE
    shown = found.cells[found.cells["ballots"].notna()]
    assert len(shown) >= 2
    for row in shown.to_dict("records"):
        assert row["ballots"] == chosen[row["key"], row["question_id"], row["option_id"]] >= MIN_PEOPLE
        assert row["share"] == row["ballots"] / sizes[row["key"]]
        assert (row["low"], row["high"]) == wilson_interval(row["ballots"], sizes[row["key"]])
    assert asked[2].id not in set(found.cells["question_id"])


def votes_of(connection: Connection, poll_id: int, asked: Question, sizes: dict[int, tuple[int, ...]]) -> None:
    """So many votes of each age for each option."""
    number = 0
    for band, by_option in sizes.items():
        for option, count in zip(asked.options, by_option, strict=True):
            for _ in range(count):
                vote(connection, poll_id, number, [Answer(asked.id, option)], age_band=band)
                number += 1
    close(connection, poll_id)


def test_what_is_hidden_does_not_follow_from_the_totals(connection: Connection) -> None:
    poll_id = poll(connection)
    single = question(connection, poll_id, "single", "Yes", "No", "Abstain")
    votes_of(connection, poll_id, single, {18: (20, 15, 3), 25: (25, 20, 12), 35: (30, 12, 11)})
    found = breakdown(poll_id, "age", "en")
    table = found.cells.pivot_table(index="key", columns="option_id", values="ballots", dropna=False).reindex(
        index=[18, 25, 35], columns=list(single.options)
    )
    # Hiding the three alone, 38 - 20 - 15 would give them away, and so would 26 - 12 - 11.
    naive = np.array([[20, 15, 3], [25, 20, 12], [30, 12, 11]]) < MIN_PEOPLE
    assert naive.sum() == 1
    hidden = table.isna().to_numpy()
    assert hidden[0, 2]
    assert (hidden.sum(axis=0)[hidden.any(axis=0)] >= 2).all()
    assert (hidden.sum(axis=1)[hidden.any(axis=1)] >= 2).all()
    assert list(found.groups["ballots"]) == [38, 57, 53]


def test_a_multiple_choice_hides_who_did_not_choose_too(connection: Connection) -> None:
    poll_id = poll(connection)
    multiple = question(connection, poll_id, "multiple", "Trees")
    for number in range(40):
        # All but three of the men; half of the women.
        is_man = number < 20
        answers = [Answer(multiple.id, multiple.options[0])] if (number >= 3 if is_man else number % 2) else []
        vote(connection, poll_id, number, answers, sex=1 if is_man else 2)
    close(connection, poll_id)
    found = breakdown(poll_id, "sex", "en")
    assert list(found.groups["ballots"]) == [20, 20]
    # Of 20 men 17 would say that three didn't; the women's 10 would give them away by the total.
    assert found.cells["ballots"].isna().all()


@pytest.mark.parametrize("count", [MIN_PEOPLE - 1, MIN_PEOPLE])
def test_few_votes_have_no_result(connection: Connection, count: int) -> None:
    poll_id = poll(connection)
    single = question(connection, poll_id, "single", "Yes")
    for number in range(count):
        vote(connection, poll_id, number, [Answer(single.id, single.options[0])])
    close(connection, poll_id)
    assert list(results(poll_id)["ballots"]) == ([count] if count == MIN_PEOPLE else [])
    assert votes_by_day(poll_id)["ballots"].sum() == count


def test_municipalities_are_put_together_one_step_below_the_polls_territory(connection: Connection) -> None:
    ids = {code: factories.territory(connection, code) for code in ("X", "XA", "XB")}
    towns = {code: factories.territory(connection, code, "municipality", code[:2]) for code in ("XA-1", "XA-2", "XB-1")}
    in_country = poll(connection, "X", number="P-X")
    in_region = poll(connection, "XA", number="P-XA")
    for poll_id in (in_country, in_region):
        for place, count in (("XA-1", 12), ("XA-2", 11), ("XB-1", 10), (None, 13)):
            for number in range(count):
                town = towns[place] if place else None
                vote(connection, poll_id, f"{place}-{number}", municipality_id=town)

        close(connection, poll_id)

    def sizes(poll_id: int) -> dict[int, int]:
        groups = breakdown(poll_id, "territory", "en").groups
        return dict(zip(groups["key"], groups["ballots"], strict=True))

    assert sizes(in_country) == {ids["XA"]: 23, ids["XB"]: 10, UNKNOWN: 13}
    assert sizes(in_region) == {towns["XA-1"]: 12, towns["XA-2"]: 11, ELSEWHERE: 10, UNKNOWN: 13}


def test_an_open_question_has_no_options(asked_poll: tuple[int, list[Question]]) -> None:
    rows = questions(asked_poll[0])
    assert list(rows["kind"]) == ["single", "single", "single", "multiple", "multiple", "open"]
    assert rows["option_id"].iloc[0] == asked_poll[1][0].options[0]
    assert rows["option_id"].iloc[-1] is None
