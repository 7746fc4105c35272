"""Words that distinguish appeals with low ratings from appeals with high ratings.

The score z is the log-odds ratio of a word between the two groups, divided by its standard deviation, with the words of
both groups as the prior (B. L. Monroe, M. P. Colaresi and K. M. Quinn, 2008, "Fightin' Words", Political Analysis 16,
372-403, section 3.5.1). A word counts once per appeal, all its forms together. Words in fewer than ten appeals are left
out, and so are words that mostly begin with a capital letter: they may be a person's name.
"""

from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    case,
    distinct,
    func,
    literal,
    literal_column,
    select,
    true,
    union_all,
)

from otklik.database.tables import appeal
from otklik.database.transactions import query_dataframe
from otklik.small_numbers import Z_95
from queries.cache.background import background_timed
from queries.core.date_ranges import latest_appeals
from queries.core.resolved_filters import resolve
from queries.filters import Filters

MAX_APPEALS = 4000  # of either group, the last closed ones
MIN_APPEALS = 10
MAX_WORDS = 12  # of either group
PRIOR_WEIGHT = 1000.0  # in words
MIN_WORD_LENGTH = 3
MAX_BAD_RATING, MIN_GOOD_RATING = 2, 4
# The token types of PostgreSQL's default parser that are words, or parts of words with hyphens.
WORD_TOKEN_TYPES = (1, 2, 10, 11)


@background_timed
def distinctive_words(filters: Filters) -> pd.DataFrame:
    """One row per distinctive word: word, bad and good (appeals with it), z; typical of low ratings (z > 0) first.

    Only words whose z is significant at 5 %, at most twelve of either group.
    """
    scored = log_odds_scores(word_counts(filters))
    scored = scored[(scored["bad"] + scored["good"] >= MIN_APPEALS) & scored["common"] & (scored["z"].abs() > Z_95)]
    scored = scored.sort_values(["z", "word"], ascending=[False, True])
    both_ends = pd.concat([scored[scored["z"] > 0].head(MAX_WORDS), scored[scored["z"] < 0].tail(MAX_WORDS)])
    return both_ends[["word", "bad", "good", "z"]].reset_index(drop=True)


def word_counts(filters: Filters) -> pd.DataFrame:
    """One row per stem: word (its commonest form), bad and good (appeals with it), common (mostly not capitalised)."""
    low_rated = _rated_texts_query(filters, appeal.c.rating <= MAX_BAD_RATING, bad=True)
    high_rated = _rated_texts_query(filters, appeal.c.rating >= MIN_GOOD_RATING, bad=False)
    rated_texts = union_all(low_rated, high_rated).subquery("both")
    texts = select(rated_texts).cte("read")
    token = func.ts_parse("default", texts.c.body).table_valued("tokid", "token").lateral("token")
    word = func.lower(token.c.token)
    occurrences = (
        select(texts.c.id, texts.c.bad, word.label("word"), func.bool_or(token.c.token == word).label("small"))
        .select_from(texts.join(token, true()))
        .where(token.c.tokid.in_(WORD_TOKEN_TYPES), func.length(token.c.token) >= MIN_WORD_LENGTH)
        .group_by(texts.c.id, texts.c.bad, word)
        .cte("occurrences")
    )
    forms = select(occurrences.c.word).distinct().cte("forms")
    lexemes = case(
        (
            forms.c.word.regexp_match("^[a-z]+$"),
            func.ts_lexize(literal_column("'english_stem'::regdictionary"), forms.c.word),
        ),
        else_=func.ts_lexize(literal_column("'russian_stem'::regdictionary"), forms.c.word),
    )
    # A stop word has no stem.
    stems = select(forms.c.word, func.array_to_string(lexemes, "").label("stem")).cte("stems")
    return query_dataframe(
        select(
            func.mode().within_group(occurrences.c.word).label("word"),
            func.count(distinct(occurrences.c.id)).filter(occurrences.c.bad).label("bad"),
            func.count(distinct(occurrences.c.id)).filter(~occurrences.c.bad).label("good"),
            (func.count().filter(occurrences.c.small) * 2 >= func.count()).label("common"),
        )
        .select_from(occurrences.join(stems, stems.c.word == occurrences.c.word))
        .where(stems.c.stem != "")
        .group_by(stems.c.stem)
    ).astype({"bad": "int64", "good": "int64", "common": bool})


def _rated_texts_query(filters: Filters, rating_condition: ColumnElement[bool], *, bad: bool) -> Select[Any]:
    """One row per appeal with a text, of the last closed in the period that fulfil the condition: id, body, bad."""
    columns = [appeal.c.id, appeal.c.body]
    conditions = (rating_condition, appeal.c.body.is_not(None))
    closed_appeals = latest_appeals(
        resolve(filters), "closed_at", filters.start, filters.end, columns, MAX_APPEALS, *conditions
    ).subquery()
    return select(closed_appeals.c.id, closed_appeals.c.body, literal(bad, Boolean).label("bad"))


def log_odds_scores(counted_words: pd.DataFrame) -> pd.DataFrame:
    """The rows with z, the score of each word. `counted_words`: bad and good, appeals with the word in each group."""
    bad, good = counted_words["bad"].to_numpy(float), counted_words["good"].to_numpy(float)
    total = bad.sum() + good.sum()
    prior = PRIOR_WEIGHT * (bad + good) / total if total else bad
    log_odds = [
        np.log((occurrences + prior) / (occurrences.sum() + PRIOR_WEIGHT - occurrences - prior))
        for occurrences in (bad, good)
    ]
    with np.errstate(divide="ignore"):
        standard_deviation = np.sqrt(1 / (bad + prior) + 1 / (good + prior))
    return counted_words.assign(z=(log_odds[0] - log_odds[1]) / standard_deviation)
