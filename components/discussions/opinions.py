"""Groups of opinion: how many people each has, by which comments it differs, and what nearly all agree with."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from components.layout.empty_state import empty_state
from components.panel_contents import ShownTable, add_content
from components.tables.columns import COLUMNS
from components.text.discussion_text import REACTION_LABELS, group_name
from components.text.escape import escape_markdown
from components.text.masked_text import masked_words
from otklik.i18n import _, formats, ngettext
from otklik.small_numbers import MIN_PEOPLE

if TYPE_CHECKING:
    from queries.discussions.opinions import Opinions

REPRESENTATIVE_COLUMNS = ("group", "people", "comment", "reaction", "reacted", "share", "share_of_others")
CONSENSUS_COLUMNS = ("comment", "reaction", "reacted", "share")
SHARES = frozenset(("share", "share_of_others"))
COLOURS = {"agree": "green", "disagree": "red"}


def opinion_groups(opinions: "Opinions") -> None:
    """A column each group, with its most telling comments."""
    groups, comments = opinions.groups, opinions.representative
    if groups.empty:
        message = _("No groups of opinion of {n} people or more can be told apart.")
        empty_state(message.format(n=formats.number(MIN_PEOPLE)))
        return
    add_content(_exported(groups, comments))
    for column, group in zip(st.columns(len(groups)), groups.to_dict("records"), strict=True):
        with column:
            st.markdown(f"**{group_name(group['group'])}** · {_people(group['people'])}")
            of_group = comments[comments["group"] == group["group"]]
            if of_group.empty:
                empty_state(_("Too few of them reacted to the same comments."))
            for row in of_group.to_dict("records"):
                _opinion(row, _("the others: {share}").format(share=formats.percent(row["share_of_others"])))
    if groups["people"].isna().any():
        message = _("—: left out, so that no group of fewer than {n} people can be recognised or worked out.")
        st.caption(message.format(n=formats.number(MIN_PEOPLE)))
    st.caption(
        _(
            "As in Polis: people who agree and disagree with the same comments are a group; shown are the comments by"
            " which it differs most. Shares are of those in the group who reacted. A group of fewer than {n} people"
            " isn't shown. Who takes part isn't who lives here."
        ).format(n=formats.number(MIN_PEOPLE))
    )


def consensus_list(opinions: "Opinions") -> None:
    """The comments that surely more than half of those who reacted agree or disagree with."""
    rows = opinions.consensus
    if rows.empty:
        empty_state(_("There is no comment yet that surely most agree or disagree with."))
        return
    titles = {key: COLUMNS[key].heading() for key in CONSENSUS_COLUMNS}
    exported = rows.assign(
        comment=rows["comment"].map(masked_words),
        reaction=[_(REACTION_LABELS[reaction]) for reaction in rows["reaction"]],
    )
    add_content(ShownTable(exported, titles, SHARES))
    for row in rows.to_dict("records"):
        reacted = ngettext("of {n} who reacted", "of {n} who reacted", row["reacted"])
        _opinion(row, reacted.format(n=formats.number(row["reacted"])))


def _opinion(row: Mapping[Any, Any], comparison: str) -> None:
    label = _(REACTION_LABELS[row["reaction"]])
    share = formats.percent(row["share"])
    with st.container(gap=None):
        st.markdown(escape_markdown(masked_words(row["comment"])))
        st.caption(f":{COLOURS[row['reaction']]}[{label}: **{share}**] · {comparison}")


def _people(people: int | None) -> str:
    if pd.isna(people):
        return "—"
    return ngettext("{n} person", "{n} people", people).format(n=formats.number(people))


def _exported(groups: pd.DataFrame, comments: pd.DataFrame) -> ShownTable:
    """A row a group and comment, for files."""
    titles = {key: COLUMNS[key].heading() for key in REPRESENTATIVE_COLUMNS}
    rows = comments.merge(groups, on="group", how="left")
    rows = rows.assign(
        comment=rows["comment"].map(masked_words),
        group=[group_name(group) for group in rows["group"]],
        reaction=[_(REACTION_LABELS[reaction]) for reaction in rows["reaction"]],
    )
    return ShownTable(rows[list(REPRESENTATIVE_COLUMNS)], titles, SHARES)
