"""Words that distinguish low ratings from high ones."""

from datetime import UTC, date, datetime, timedelta
from math import log, sqrt

import pandas as pd
import pytest
from sqlalchemy import Connection

from queries.filters import Filters
from queries.satisfaction import distinctive_words
from tests.support import factories

DAY = timedelta(days=1)
NOON = datetime(2024, 3, 10, 12, tzinfo=UTC)
MARCH = Filters(date(2024, 3, 1), date(2024, 4, 1))


def rated(connection: Connection, body: str | None, rating: int, times: int = 1, closed_at: datetime = NOON) -> None:
    for _ in range(times):
        factories.appeal(connection, body=body, rating=rating, received_at=closed_at - DAY, closed_at=closed_at)


def test_z_is_the_formula_of_the_paper_written_out() -> None:
    rows = distinctive_words.log_odds_scores(pd.DataFrame({"bad": [30, 70], "good": [10, 190]}))
    a = 1000 * 40 / 300
    odds = log((30 + a) / (100 + 1000 - 30 - a)) - log((10 + a) / (200 + 1000 - 10 - a))
    assert rows["z"][0] == pytest.approx(odds / sqrt(1 / (30 + a) + 1 / (10 + a)))
    assert rows["z"][1] < 0 < rows["z"][0]


def test_forms_of_a_word_are_counted_together_once_an_appeal(connection: Connection) -> None:
    rated(connection, "Огромная яма. Яму не заделали, ямы повсюду", 1)
    rated(connection, "на дороге яма", 2)
    rated(connection, "яму заделали", 5)
    rated(connection, "ямой довольны", 3)
    rated(connection, None, 1)
    rows = distinctive_words.word_counts(MARCH).set_index("word")
    assert (rows["bad"]["яма"], rows["good"]["яма"]) == (2, 1)
    # Stop words don't count.
    assert not {"на", "не"} & set(rows.index)


def test_english_words_have_their_own_stop_words_and_stems(connection: Connection) -> None:
    rated(connection, "the street lights are broken and the light is out", 1)
    rows = distinctive_words.word_counts(MARCH).set_index("word")
    assert "the" not in rows.index
    assert rows["bad"].to_dict() == {"broken": 1, "light": 1, "street": 1}


def test_words_that_tell_are_shown_and_names_and_rare_words_are_not(connection: Connection) -> None:
    rated(connection, "снова отписка от чиновника Сидорчука", 1, times=40)
    rated(connection, "спасибо, сделали дорогу", 5, times=40)
    rated(connection, "снова грязь", 1, times=5)
    rows = distinctive_words.distinctive_words(MARCH)
    assert set(rows.loc[rows["z"] > 0, "word"]) == {"снова", "отписка", "чиновника"}
    assert set(rows.loc[rows["z"] < 0, "word"]) == {"спасибо", "сделали", "дорогу"}
    assert rows["z"].is_monotonic_decreasing
    assert rows.set_index("word")["bad"]["снова"] == 45


def test_it_keeps_to_the_period_and_to_the_filters(connection: Connection) -> None:
    rated(connection, "вчера", 1, closed_at=datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC))
    rated(connection, "сегодня", 1, closed_at=datetime(2024, 3, 1, tzinfo=UTC))
    assert distinctive_words.word_counts(MARCH)["word"].tolist() == ["сегодня"]
    assert distinctive_words.word_counts(Filters(MARCH.start, MARCH.end, channel="app")).empty


@pytest.mark.usefixtures("connection")
def test_nothing_rated_tells_nothing() -> None:
    assert distinctive_words.distinctive_words(MARCH).empty
