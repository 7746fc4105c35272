"""Groups of opinion of a discussion: those of ten people or more, by comments that ten of them reacted to."""

import numpy as np
import pytest
from sqlalchemy import Connection, text

from components.text.masked_text import masked_words
from queries.discussions.opinions import opinions, without_small_groups
from queries.statistics.opinion_groups import NO_GROUP
from tests.support.participation.discussions import comment, discussion
from tests.support.participation.planted_opinions import planted_reactions

REACTIONS = {1.0: "agree", -1.0: "disagree", 0.0: "pass"}


def discussed(connection: Connection, sizes: tuple[int, ...], comments: int = 12) -> int:
    """A discussion in which people of planted groups react to comments that are called by their number."""
    discussion_id = discussion(connection)
    ids = [comment(connection, discussion_id, "author", f"comment {number}") for number in range(comments)]
    reactions, _planted = planted_reactions(sizes, comments, given=0.9)
    rows = [
        {"comment": ids[column], "person": int(row), "reaction": REACTIONS[float(reactions[row, column])]}
        for row, column in np.argwhere(np.isfinite(reactions))
    ]
    connection.execute(
        text(
            "SELECT react_to_comment(:comment, sha256(convert_to(CAST(:person AS text), 'UTF8')), 'portal', NULL,"
            " :reaction)"
        ),
        rows,
    )
    return discussion_id


def test_planted_groups_are_shown_with_what_they_think(connection: Connection) -> None:
    found = opinions(discussed(connection, (25, 15)))
    assert list(found.groups["people"]) == [25, 15]
    assert found.people == 40
    assert set(found.representative["group"]) == {0, 1}
    # Each comment after the first two is agreed with by one group alone.
    for row in found.representative.to_dict("records"):
        assert abs(row["share"] - row["share_of_others"]) > 0.5 or row["reaction"] == "disagree"
        assert row["reacted"] >= 10
    assert {"comment 0", "comment 1"} <= set(
        found.consensus[found.consensus["reaction"] == "agree"]["comment"].map(masked_words)
    )


def test_a_small_group_is_shown_to_nobody(connection: Connection) -> None:
    found = opinions(discussed(connection, (30, 9)))
    assert found.groups.empty
    assert found.representative.empty
    assert len(found.consensus)


def test_a_discussion_without_reactions_has_no_groups(connection: Connection) -> None:
    discussion_id = discussion(connection)
    found = opinions(discussion_id)
    assert (found.people, len(found.groups), len(found.consensus)) == (0, 0, 0)
    comment(connection, discussion_id)
    assert opinions(discussion_id).groups.empty


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [((20, 15, 9), {0, 1}), ((20, 10), {0, 1}), ((20, 9), set()), ((9, 8), set()), ((30, 12, 11, 3), {0, 1, 2})],
)
def test_small_groups_are_as_if_in_none(sizes: tuple[int, ...], shown: set[int]) -> None:
    labels = without_small_groups(np.repeat(np.arange(len(sizes)), sizes))
    assert set(labels.tolist()) - {NO_GROUP} == shown
