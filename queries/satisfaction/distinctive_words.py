"""Words and pairs of words that distinguish appeals with low ratings from those with high ratings, within each topic.

A term counts once per appeal, all its forms together. Comparing within topics keeps words of a topic that is rated low
from standing for it. Of all terms tested, at most 5 % of those shown are chance. Terms in fewer than ten appeals are
left out, and so are names of persons and places, and terms that mostly begin with a capital letter within a sentence.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable
from typing import Any

import pandas as pd
from sqlalchemy import ARRAY, Boolean, ColumnElement, Select, Text, func, literal, literal_column, select, union_all

from otklik.database.tables import appeal, given_rating
from otklik.database.transactions import query_columns, query_dataframe
from otklik.text_analysis.terms import latin_words, terms
from queries.cache.background import background_timed
from queries.core.date_ranges import latest_appeals
from queries.core.resolved_filters import resolve
from queries.filters import Filters
from queries.statistics.false_discovery import MAX_FALSE_DISCOVERIES, false_discovery_rates
from queries.statistics.stratified_association import mantel_haenszel

MAX_APPEALS = 4000  # of either group, the last rated ones
MIN_APPEALS = 10
MAX_WORDS = 12  # of either group
MAX_BAD_RATING, MIN_GOOD_RATING = 2, 4
COLUMNS = ["word", "bad", "good", "odds_ratio", "z"]


@background_timed
def distinctive_words(filters: Filters) -> pd.DataFrame:
    """One row per distinctive term: word, bad and good (appeals with it), odds_ratio, z; low ratings (z > 0) first.

    At most twelve of either group. `odds_ratio` and `z`: queries.statistics.stratified_association.mantel_haenszel.
    """
    low_rated = _rated_texts_query(filters, given_rating.c.rating <= MAX_BAD_RATING, bad=True)
    high_rated = _rated_texts_query(filters, given_rating.c.rating >= MIN_GOOD_RATING, bad=False)
    texts = query_dataframe(select(union_all(low_rated, high_rated).subquery("both"))).astype({"bad": bool})
    return distinctive_terms(texts, english_stems({word for text in texts["body"] for word in latin_words(text)}))


def distinctive_terms(texts: pd.DataFrame, stems: dict[str, str]) -> pd.DataFrame:
    """The rows of `distinctive_words`, from texts with body, bad and topic_id, and the stems of their Latin words."""
    scored = term_scores(texts, stems)
    tested = scored[(scored["bad"] + scored["good"] >= MIN_APPEALS) & scored["common"]]
    found = tested[false_discovery_rates(tested["p"].to_numpy(float)) <= MAX_FALSE_DISCOVERIES]
    found = found.loc[_without_repetitions(found)].sort_values(["z", "word"], ascending=[False, True])
    both_ends = pd.concat([found[found["z"] > 0].head(MAX_WORDS), found[found["z"] < 0].tail(MAX_WORDS)])
    return both_ends[COLUMNS].reset_index(drop=True)


def term_scores(texts: pd.DataFrame, stems: dict[str, str]) -> pd.DataFrame:
    """One row per term, indexed by its lemmas joined by a space: those of `mantel_haenszel`, word and common.

    `word` is its commonest form; `common` says that it doesn't mostly look like a name.
    """
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    capitalised: Counter[str] = Counter()
    rows: list[tuple[str, int]] = []
    for position, text in enumerate(texts["body"]):
        seen: set[Hashable] = set()
        for term in terms(text, stems):
            lemmas = " ".join(term.lemmas)
            if lemmas not in seen:
                seen.add(lemmas)
                rows.append((lemmas, position))
                forms[lemmas][term.words] += 1
                capitalised[lemmas] += term.is_capitalised
    occurrences = pd.DataFrame(rows, columns=["term", "text"])
    scores = mantel_haenszel(occurrences, texts[["bad", "topic_id"]].reset_index(drop=True))
    return scores.assign(
        word=[forms[lemmas].most_common(1)[0][0] for lemmas in scores.index],
        common=[capitalised[lemmas] * 2 <= forms[lemmas].total() for lemmas in scores.index],
    )


def _without_repetitions(found: pd.DataFrame) -> list[str]:
    """The terms without pairs that say no more than one of their words, and words that a stronger pair contains."""
    kept: list[str] = []
    strength = found["z"].abs().round(6)
    for term in sorted(found.index, key=lambda term: (-strength[term], " " in term, term)):
        words = set(term.split(" "))
        contained = (set(other.split(" ")) for other in kept)
        if not any(words < other_words or other_words < words for other_words in contained):
            kept.append(term)
    return kept


def _rated_texts_query(filters: Filters, rating_condition: ColumnElement[bool], *, bad: bool) -> Select[Any]:
    """One row per rating of an appeal with a text, of the last given in the period that fulfil the condition."""
    columns = [appeal.c.body, appeal.c.topic_id]
    conditions = (rating_condition, appeal.c.body.is_not(None))
    rated_appeals = latest_appeals(
        resolve(filters), "rated_at", filters.start, filters.end, columns, MAX_APPEALS, *conditions
    ).subquery()
    return select(rated_appeals.c.body, rated_appeals.c.topic_id, literal(bad, Boolean).label("bad"))


def english_stems(words: set[str]) -> dict[str, str]:
    """The English stem of each word, "" for a stop word."""
    if not words:
        return {}
    word = func.unnest(literal(sorted(words), ARRAY(Text))).column_valued("word")
    lexemes = func.ts_lexize(literal_column("'english_stem'::regdictionary"), word)
    columns = query_columns(select(word.label("word"), func.array_to_string(lexemes, "").label("stem")))
    return dict(zip(columns["word"], columns["stem"], strict=True))
