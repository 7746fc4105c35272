"""Names of topics as lists show them: with the topic above where a name alone says little."""

import re

import pandas as pd

from queries.cache.live import reference_data
from queries.core.reference import dimension_members

CATCH_ALL_PATTERN = re.compile(
    r"\b(others?|misc|miscellaneous|unspecified|general (request|comments?)"
    r"|проч(ее|ие|ая)|ин(ое|ые)|друг(ое|ие)|ostalo|razno)\b",
    re.IGNORECASE,
)
"""Names of topics that take whatever fits nowhere else, in any language."""
MAX_VAGUE_WORDS = 2
"""Names of up to so many words mostly say what, and not of what: “Entire building”, “Residence”."""


@reference_data
def topic_labels(language: str) -> pd.Series:
    """The label of each topic, by its id: its name, and the topic above in brackets where the name alone says little.

    That is where several topics have it, for catch-all topics such as “other”, and for names of one or two words.
    """
    rows = dimension_members("topic", language)
    names = rows["name"].astype(object)
    parent_names = names.reindex(rows["parent_id"]).set_axis(rows.index)
    is_vague = names.duplicated(keep=False) | names.map(_is_vague)
    return names.where(parent_names.isna() | ~is_vague, names + " (" + parent_names + ")")


def _is_vague(name: str) -> bool:
    return bool(CATCH_ALL_PATTERN.search(name)) or len(name.split()) <= MAX_VAGUE_WORDS
