"""Groups of opinion in a discussion, without those that are too small to be shown, and what all agree with."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import text

from otklik.database.announcements import DISCUSSIONS_ANNOUNCEMENT
from otklik.database.transactions import query_dataframe
from otklik.masking.spans import TextPart
from otklik.small_numbers import MIN_PEOPLE
from queries.cache.background import background_live_with
from queries.discussions.masked_comments import masked_comment
from queries.statistics.opinion_groups import NO_GROUP, Labels, Reactions, opinion_groups
from queries.statistics.representative_comments import AGREE, consensus_comments, representative_comments
from queries.statistics.suppression import hidden_groups

REACTION_VALUES = {"agree": 1.0, "disagree": -1.0, "pass": 0.0}
MATRIX_SQL = "SELECT participant, comment_id, reaction FROM reaction_matrix(:discussion)"
TEXTS_SQL = "SELECT id, text FROM discussion_comment WHERE discussion_id = :discussion AND state = 'published'"
CONSENSUS_COLUMNS = ["comment", "reaction", "reacted", "share"]


class Opinions(NamedTuple):
    """Groups of at least ten people, whose comments at least ten people of the group reacted to.

    `groups`: group (from 0 on, by falling size), people, missing where a smaller one follows from it. `representative`:
    group, comment (its masked text), reaction (agree or disagree), reacted, share of these, share_of_others, the most
    telling first. `consensus`: comment, reaction, reacted, share. `people`: those who reacted at all.
    """

    groups: pd.DataFrame
    representative: pd.DataFrame
    consensus: pd.DataFrame
    people: int


@background_live_with(DISCUSSIONS_ANNOUNCEMENT)
def opinions(discussion_id: int) -> Opinions:
    """The groups of opinion of a discussion; no group where they can't be told apart or all are too small.

    Raises Counting on a page while they are found for the first time.
    """
    rows = query_dataframe(text(MATRIX_SQL).bindparams(discussion=discussion_id))
    matrix = rows.assign(value=rows["reaction"].map(REACTION_VALUES).astype("float64")).pivot_table(
        index="participant", columns="comment_id", values="value"
    )
    texts = query_dataframe(text(TEXTS_SQL).bindparams(discussion=discussion_id)).set_index("id")["text"]
    comment_texts = [masked_comment(str(comment)) for comment in texts.reindex(matrix.columns)]
    reactions = matrix.to_numpy(dtype=np.float64)
    divided = opinion_groups(reactions)
    labels = np.full(len(reactions), NO_GROUP) if divided is None else without_small_groups(divided.labels)
    return Opinions(
        _groups(labels),
        _representative(reactions, labels, comment_texts),
        _consensus(reactions, comment_texts),
        len(matrix),
    )


def without_small_groups(labels: Labels) -> Labels:
    """The labels, those of groups of fewer than ten people as if these were in none; none where one group is left."""
    sizes = np.bincount(labels[labels != NO_GROUP])
    shown = np.flatnonzero(sizes >= MIN_PEOPLE)
    if len(shown) < 2:  # noqa: PLR2004 -- opinions differ between two
        return np.full_like(labels, NO_GROUP)
    return np.where(np.isin(labels, shown), labels, NO_GROUP)


def _groups(labels: Labels) -> pd.DataFrame:
    sizes = np.bincount(labels[labels != NO_GROUP])
    if not len(sizes):
        return pd.DataFrame({"group": [], "people": pd.Series([], dtype="Int64")})
    rest = int((labels == NO_GROUP).sum())
    # How many are in no group follows from the others: it is hidden like a group.
    hidden = hidden_groups([*sizes, *([rest] if rest else [])], MIN_PEOPLE)
    people = pd.Series(sizes, dtype="Int64").mask(hidden[: len(sizes)])
    return pd.DataFrame({"group": range(len(sizes)), "people": people})


def _representative(reactions: Reactions, labels: Labels, comment_texts: list[tuple[TextPart, ...]]) -> pd.DataFrame:
    chosen = [found for found in representative_comments(reactions, labels) if found.reacted >= MIN_PEOPLE]
    rows = [
        (
            found.group,
            comment_texts[found.comment],
            "agree" if found.reaction == AGREE else "disagree",
            found.reacted,
            found.share,
            found.share_of_others,
        )
        for found in chosen
    ]
    return pd.DataFrame(rows, columns=["group", *CONSENSUS_COLUMNS, "share_of_others"])


def _consensus(reactions: Reactions, comment_texts: list[tuple[TextPart, ...]]) -> pd.DataFrame:
    rows = [
        (comment_texts[found.comment], "agree" if found.reaction == AGREE else "disagree", found.reacted, found.share)
        for found in consensus_comments(reactions)
        if found.reacted >= MIN_PEOPLE
    ]
    return pd.DataFrame(rows, columns=CONSENSUS_COLUMNS)
