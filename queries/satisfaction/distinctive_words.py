"""Words that tell the appeals of badly rated answers from those of well rated ones.

The log-odds of a word in the one against the other over its standard deviation, with the words of both together as the
prior (B. L. Monroe, M. P. Colaresi and K. M. Quinn, 2008, "Fightin' Words", Political Analysis 16, 372-403, section
3.5.1). A word counts once an appeal, its forms together. Words that fewer than ten people wrote are left out, and so
are those that mostly begin with a capital letter: they might be somebody's name.
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
from otklik.database.transactions import frame
from queries.cache.background import later
from queries.core.date_ranges import latest
from queries.core.resolved_filters import cut
from queries.filters import Filters
from queries.metrics.metric import Z

LATEST = 4000  # appeals of either kind that are read, the last closed ones
FEWEST = 10
SHOWN = 12  # of either kind
PRIOR = 1000.0  # words that the prior weighs as
SHORTEST = 3
LOW, GOOD = 2, 4
# Kinds of tokens that are words, and parts of words with hyphens: PostgreSQL's default parser.
WORDS = (1, 2, 10, 11)


@later
def telling(filters: Filters) -> pd.DataFrame:
    """One row a word that tells: word, bad and good (appeals with it), z (above zero: of bad ratings); worst first.

    Only words that chance would set so far apart less than one time in twenty, at most twelve of either kind.
    """
    found = score(counts(filters))
    found = found[(found["bad"] + found["good"] >= FEWEST) & found["common"] & (found["z"].abs() > Z)]
    found = found.sort_values(["z", "word"], ascending=[False, True])
    ends = pd.concat([found[found["z"] > 0].head(SHOWN), found[found["z"] < 0].tail(SHOWN)])
    return ends[["word", "bad", "good", "z"]].reset_index(drop=True)


def counts(filters: Filters) -> pd.DataFrame:
    """One row a word by its stem: its commonest form, in how many appeals of bad and good ratings, whether no name."""
    low = _read(filters, appeal.c.rating <= LOW, bad=True)
    high = _read(filters, appeal.c.rating >= GOOD, bad=False)
    both = union_all(low, high).subquery("both")
    read = select(both).cte("read")
    token = func.ts_parse("default", read.c.body).table_valued("tokid", "token").lateral("token")
    word = func.lower(token.c.token)
    said = (
        select(read.c.id, read.c.bad, word.label("word"), func.bool_or(token.c.token == word).label("small"))
        .select_from(read.join(token, true()))
        .where(token.c.tokid.in_(WORDS), func.length(token.c.token) >= SHORTEST)
        .group_by(read.c.id, read.c.bad, word)
        .cte("said")
    )
    forms = select(said.c.word).distinct().cte("forms")
    lexemes = case(
        (
            forms.c.word.regexp_match("^[a-z]+$"),
            func.ts_lexize(literal_column("'english_stem'::regdictionary"), forms.c.word),
        ),
        else_=func.ts_lexize(literal_column("'russian_stem'::regdictionary"), forms.c.word),
    )
    # A stop word has no stem.
    stems = select(forms.c.word, func.array_to_string(lexemes, "").label("stem")).cte("stems")
    return frame(
        select(
            func.mode().within_group(said.c.word).label("word"),
            func.count(distinct(said.c.id)).filter(said.c.bad).label("bad"),
            func.count(distinct(said.c.id)).filter(~said.c.bad).label("good"),
            (func.count().filter(said.c.small) * 2 >= func.count()).label("common"),
        )
        .select_from(said.join(stems, stems.c.word == said.c.word))
        .where(stems.c.stem != "")
        .group_by(stems.c.stem)
    ).astype({"bad": "int64", "good": "int64", "common": bool})


def _read(filters: Filters, rated: ColumnElement[bool], *, bad: bool) -> Select[Any]:
    """The last closed appeals of the period that were rated so."""
    columns = [appeal.c.id, appeal.c.body]
    conditions = (rated, appeal.c.body.is_not(None))
    found = latest(cut(filters), "closed_at", filters.start, filters.end, columns, LATEST, *conditions).subquery()
    return select(found.c.id, found.c.body, literal(bad, Boolean).label("bad"))


def score(words: pd.DataFrame) -> pd.DataFrame:
    """The words with z. `words`: bad and good, how often each was said in the one and in the other."""
    bad, good = words["bad"].to_numpy(float), words["good"].to_numpy(float)
    total = bad.sum() + good.sum()
    prior = PRIOR * (bad + good) / total if total else bad
    odds = [np.log((said + prior) / (said.sum() + PRIOR - said - prior)) for said in (bad, good)]
    with np.errstate(divide="ignore"):
        deviation = np.sqrt(1 / (bad + prior) + 1 / (good + prior))
    return words.assign(z=(odds[0] - odds[1]) / deviation)
