"""Choosing the new holder: of one appeal from ranked organisations, of several by groups with a proposal each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import streamlit as st

from components.actions.holder_text import holder_label, workload_text
from components.text.escape import clean_line, escape_markdown
from otklik.actions.model import AppealVersion, RankedHolder
from otklik.i18n import _, formats, ngettext

if TYPE_CHECKING:
    from components.actions.fields import FieldOptions
    from otklik.actions.holder_ranking import AppealId, HolderOptions

MAX_GROUPS_SHOWN = 8
MAX_TOPICS_NAMED = 3


@dataclass
class HolderChoices:
    """What a person chose for the appeals of a form; proposals for the others. `read_for`: what the options are of."""

    read_for: object = None
    options: "HolderOptions | None" = None
    chosen: "dict[AppealId, str]" = field(default_factory=dict)

    def holder_of(self, appeal_id: "AppealId") -> str | None:
        """The code of the organisation that the appeal is to go to, None while there is none."""
        return self.chosen.get(appeal_id) or (self.options.proposals.get(appeal_id) if self.options else None)


def holder_input(
    field_options: "FieldOptions", appeals: Sequence[AppealVersion], language: str, key: str
) -> dict[str, Any] | None:
    """The new holder of one appeal, which nothing preselects; the new holders of several, by group."""
    choices: HolderChoices = st.session_state.setdefault(f"{key}-choices", HolderChoices())
    # Read once for a selection, so that groups and their order stand still while a person works on them.
    if choices.read_for != (read_for := (tuple(appeals), language)):
        choices.options, choices.read_for = field_options.holder_options(appeals, language), read_for
        choices.chosen = {key: code for key, code in choices.chosen.items() if key in choices.options.appeals}
    options = choices.options
    if options is None or not options.ranked():
        st.warning(_("No other organisation in your territories may take these appeals."), icon=":material/info:")
        return None
    if len(appeals) == 1:
        holder = _holder_selectbox(_("New responsible organisation"), options.ranked(), None, f"{key}-holder")
        return {"holder": holder.candidate.code} if holder else None
    _group_inputs(choices, options, key)
    _single_appeals_input(choices, options, key)
    positions: dict[str, list[int]] = {}
    for position, appeal in enumerate(appeals):
        if code := choices.holder_of((appeal.region_id, appeal.id)):
            positions.setdefault(code, []).append(position)
    return {"holders": positions} if positions else None


def _holder_selectbox(
    label: str,
    ranked_holders: Sequence[RankedHolder],
    code: str | None,
    key: str,
    on_change: Any = "rerun",  # noqa: ANN401 -- as Streamlit has it
) -> RankedHolder | None:
    """Ranked organisations to choose from, the chosen one with its whole name and workload below."""
    holders = {holder.candidate.code: holder for holder in ranked_holders}
    codes = list(holders)
    if st.session_state.get(key) not in holders:
        st.session_state.pop(key, None)
    selected_code: str | None = st.selectbox(
        label,
        codes,
        index=codes.index(code) if code in holders else None,
        format_func=lambda option: holder_label(holders[option]),
        placeholder=_("Choose an organisation: the best suited comes first"),
        key=key,
        on_change=on_change,
    )
    selected = holders.get(selected_code) if selected_code else None
    if selected:
        name, why = (escape_markdown(part) for part in holder_label(selected).rsplit(" · ", 1))
        st.caption(f"**{name}**: {why} · {escape_markdown(workload_text(selected))}")
    return selected


def _group_inputs(choices: HolderChoices, options: "HolderOptions", key: str) -> None:
    """A box for each new holder with its appeals, those without one first, then the largest."""
    groups: dict[str | None, list[AppealId]] = {}
    for appeal_id in options.appeals:
        groups.setdefault(choices.holder_of(appeal_id), []).append(appeal_id)
    ordered = sorted(groups.items(), key=lambda group: (group[0] is not None, -len(group[1]), group[0] or ""))
    note = _(
        "Proposals follow who closed such appeals there in the last 90 days, those with room first. "
        "You can change each of them."
    )
    st.caption(note)
    shows_all = len(ordered) <= MAX_GROUPS_SHOWN or st.toggle(
        _("Show all {n} groups").format(n=formats.number(len(ordered))), key=f"{key}-all-groups"
    )
    for code, appeal_ids in ordered if shows_all else ordered[:MAX_GROUPS_SHOWN]:
        _group_input(choices, options, code, appeal_ids, f"{key}-group-{code or ''}")


def _group_input(
    choices: HolderChoices, options: "HolderOptions", code: str | None, appeal_ids: "list[AppealId]", key: str
) -> None:
    def choose_for_group() -> None:
        # The widget goes with its group: were there one of this code again, it would begin with that code.
        if chosen_code := st.session_state.pop(key, None):
            choices.chosen |= dict.fromkeys(appeal_ids, chosen_code)

    count = ngettext("{n} appeal", "{n} appeals", len(appeal_ids)).format(n=formats.number(len(appeal_ids)))
    label = _("{appeals} to").format(appeals=count) if code else _("{appeals} without a proposal").format(appeals=count)
    topic_counts = Counter(options.appeals[appeal_id].topic for appeal_id in appeal_ids)
    topics = [
        f"{escape_markdown(topic)} ({formats.number(n)})" for topic, n in topic_counts.most_common(MAX_TOPICS_NAMED)
    ]
    if len(topic_counts) > MAX_TOPICS_NAMED:
        topics.append("…")
    with st.container(border=True, gap="small"):
        holder = _holder_selectbox(label, options.ranked(appeal_ids), code, key, choose_for_group)
        notes = [", ".join(topics)]
        if holder and holder.takes_count < len(appeal_ids):
            notes.append(_("It may take {n} of the {all} chosen.").format(n=holder.takes_count, all=len(appeal_ids)))
        st.caption(" · ".join(notes))


def _single_appeals_input(choices: HolderChoices, options: "HolderOptions", key: str) -> None:
    """Appeals chosen one by one, which another organisation gets than their group."""
    appeals_key, holder_key = f"{key}-single", f"{key}-single-holder"

    def choose_for_appeals() -> None:
        if chosen_code := st.session_state.get(holder_key):
            choices.chosen |= dict.fromkeys(st.session_state[appeals_key], chosen_code)
            st.session_state[appeals_key], st.session_state[holder_key] = [], None

    with st.expander(_("Change single appeals"), icon=":material/rule:"):
        appeal_ids = st.multiselect(
            _("Appeals"),
            list(options.appeals),
            format_func=lambda appeal_id: _appeal_label(choices, options, appeal_id),
            placeholder=_("Choose by number or topic"),
            key=appeals_key,
        )
        _holder_selectbox(
            _("Give them to"), options.ranked(appeal_ids) if appeal_ids else [], None, holder_key, choose_for_appeals
        )


def _appeal_label(choices: HolderChoices, options: "HolderOptions", appeal_id: "AppealId") -> str:
    """`UG-12 · Cold radiators → Utilities`."""
    appeal = options.appeals[appeal_id]
    code = choices.holder_of(appeal_id)
    holder = clean_line(options.candidates[code].name) if code in options.candidates else "—"
    return f"{clean_line(appeal.number)} · {clean_line(appeal.topic)} → {holder}"
