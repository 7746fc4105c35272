"""Words that distinguish low ratings from high ones."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Connection

from otklik.text_analysis.terms import terms
from queries.filters import Filters
from queries.satisfaction import distinctive_words
from tests.support import factories

DAY = timedelta(days=1)
NOON = datetime(2024, 3, 10, 12, tzinfo=UTC)
MARCH = Filters(date(2024, 3, 1), date(2024, 4, 1))


def rated(
    connection: Connection,
    body: str | None,
    rating: int,
    times: int = 1,
    closed_at: datetime = NOON,
    topic: str = "roads",
) -> None:
    for _ in range(times):
        factories.appeal(
            connection, body=body, rating=rating, topic=topic, received_at=closed_at - DAY, closed_at=closed_at
        )


def test_terms_are_lemmas_and_pairs_without_function_words_and_names() -> None:
    found = [term.lemmas for term in terms("Огромную яму не заделали, а Сидорчук молчит. Без ответа!", {})]
    assert found == [
        ("огромный",),
        ("яма",),
        ("огромный", "яма"),
        ("заделать",),
        ("не", "заделать"),
        ("молчать",),
        ("ответ",),
        ("без", "ответ"),
    ]


def test_words_of_a_topic_that_is_rated_low_say_nothing_where_ratings_are_chance() -> None:
    """Null data: what is rated low depends on the topic alone, and so do the words; in 20 seeds nothing is found."""
    words = np.array(
        [*["вода", "труба", "мороз", "подъезд", "лифт", "двор"], *["снег", "лёд", "качели", "мусор", "бак", "дорога"]]
    )
    found = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        topics = rng.integers(0, 4, 600)
        bad = rng.random(600) < np.array([0.1, 0.3, 0.6, 0.9])[topics]
        bodies = [" ".join(rng.choice(np.roll(words, 3 * topic)[:6], 3)) for topic in topics]
        texts = pd.DataFrame({"body": bodies, "bad": bad, "topic_id": topics})
        found += not distinctive_words.distinctive_terms(texts, {}).empty
    assert found <= 1


def test_forms_of_a_word_are_counted_together_once_an_appeal() -> None:
    texts = pd.DataFrame(
        {"body": ["Огромная яма. Яму не заделали, ямы повсюду", "на дороге яма", "яму заделали"], "topic_id": 1}
    ).assign(bad=[True, True, False])
    rows = distinctive_words.term_scores(texts, {}).set_index("word")
    assert (rows["bad"]["яма"], rows["good"]["яма"]) == (2, 1)
    # Function words don't count.
    assert not {"на", "не"} & set(rows.index)


@pytest.mark.usefixtures("connection")
def test_english_words_have_their_own_stop_words_and_stems() -> None:
    body = "the street lights are broken and the light is out"
    stems = distinctive_words.english_stems(set(body.split()))
    texts = pd.DataFrame({"body": [body], "bad": [True], "topic_id": [1]})
    rows = distinctive_words.term_scores(texts, stems)
    assert rows.loc[~rows.index.str.contains(" "), "bad"].to_dict() == {"broken": 1, "light": 1, "street": 1}


def test_words_that_tell_are_shown_and_names_and_rare_words_are_not(connection: Connection) -> None:
    rated(connection, "снова отписка от чиновника Кракозяброва", 1, times=40)
    rated(connection, "спасибо, сделали дорогу", 5, times=40)
    rated(connection, "снова грязь", 1, times=5)
    rows = distinctive_words.distinctive_words(MARCH)
    assert set(rows.loc[rows["z"] > 0, "word"]) == {"снова", "отписка", "чиновника"}
    assert set(rows.loc[rows["z"] < 0, "word"]) == {"спасибо", "сделали", "дорогу"}
    assert rows["z"].is_monotonic_decreasing
    assert rows.set_index("word")["bad"]["снова"] == 45


def test_a_pair_is_shown_where_it_tells_more_than_its_words(connection: Connection) -> None:
    rated(connection, "яму не заделали", 1, times=40)
    rated(connection, "яму заделали", 5, times=40)
    assert distinctive_words.distinctive_words(MARCH)["word"].tolist() == ["не заделали", "яму заделали"]


def test_words_of_a_topic_that_is_rated_low_do_not_stand_for_it(connection: Connection) -> None:
    for rating, times in ((1, 20), (5, 10)):
        rated(connection, "холодно в доме", rating, times, topic="heat")
    for rating, times in ((1, 10), (5, 20)):
        rated(connection, "яма", rating, times)
    assert distinctive_words.distinctive_words(MARCH).empty


def test_it_keeps_to_the_period_and_to_the_filters(connection: Connection) -> None:
    rated(connection, "вчера", 1, times=20, closed_at=datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC))
    rated(connection, "грязь", 1, times=20, closed_at=datetime(2024, 3, 1, tzinfo=UTC))
    rated(connection, "чисто", 5, times=20)
    assert distinctive_words.distinctive_words(MARCH)["word"].tolist() == ["грязь", "чисто"]
    assert distinctive_words.distinctive_words(Filters(MARCH.start, MARCH.end, channel="app")).empty


@pytest.mark.usefixtures("connection")
def test_nothing_rated_tells_nothing() -> None:
    assert distinctive_words.distinctive_words(MARCH).empty
