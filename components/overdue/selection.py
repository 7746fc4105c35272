"""A list of late appeals to choose from: what is chosen is kept by its key, whatever the list does meanwhile."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import pandas as pd
import streamlit as st

from components.layout.panel import empty
from components.streamlit_compat.styler_cache import settled
from components.tables import late_appeals
from otklik.actions.operations import AT_ONCE, Case
from otklik.i18n import _, formats, ngettext

State = Literal["overdue", "at_risk", "untouched"]
WIDTHS = {"time": 160, "number": 112, "topic": 165, "territory": 120, "organisation": 260, "status": 110}
TALL = 455
Ids = tuple[tuple[int, int], ...]


@dataclass
class Choice:
    """What is chosen of one list, with the versions that were seen; while anything is, the list stands still."""

    of: Hashable
    cases: dict[tuple[int, int], Case] = field(default_factory=dict)
    rows: pd.DataFrame | None = None
    turn: int = 0
    changed: bool = False
    widget: str = ""


def choice(key: str, of: Hashable = None) -> Choice:
    """The choice under a key; another list (`of`) begins with none."""
    held: Choice | None = st.session_state.get(key)
    if held is None or (of is not None and held.of != of):
        held = st.session_state[key] = Choice(of, turn=held.turn + 1 if held else 0)
    return held


def chosen(key: str) -> list[Case]:
    """The appeals that are chosen."""
    return list(choice(key).cases.values())


def let_go(key: str) -> None:
    """Choose nothing, and let the list move on."""
    held = choice(key)
    held.cases, held.rows, held.changed, held.turn = {}, None, True, held.turn + 1


def choosing(rows: pd.DataFrame, state: State, key: str) -> None:
    """The list, and what is chosen of it; runs the page anew after a choice. `rows`: queries.overdue.late."""
    held = choice(key)
    if held.cases and held.rows is not None:
        rows = held.rows
    held.rows = rows
    if rows.empty:
        empty(late_appeals.nothing(state))
        return
    ids: Ids = tuple(zip(rows["region_id"], rows["id"], strict=True))
    _bar(held, rows, ids, key)
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    # Another list is another widget: a click on what was drawn before can't choose what stands there now.
    widget = held.widget = f"{key}-{held.turn}-{hash(ids) & 0xFFFFFFFF:x}"

    def pick() -> None:
        # The browser may still tell of the list before, which knows nothing of what was chosen since.
        if widget == held.widget:
            _take(held, rows, ids, st.session_state[widget]["selection"]["rows"])

    st.dataframe(
        settled(lambda: late_appeals.dressed(rows, now, list(WIDTHS)), "late", rows, now),
        key=widget,
        hide_index=True,
        height="content" if len(rows) < 12 else TALL,  # noqa: PLR2004 -- what fits on a laptop's screen
        column_order=list(WIDTHS),
        column_config=_columns(),
        on_select=pick,
        selection_mode="multi-row",
        selection_default={"selection": {"rows": [at for at, one in enumerate(ids) if one in held.cases]}},
        alt=_("Late appeals to choose from, the most urgent first"),
    )
    if held.changed:
        held.changed = False
        st.rerun()


def _take(held: Choice, rows: pd.DataFrame, ids: Ids, places: list[int]) -> None:
    versions = list(rows["updated_at"])
    held.cases = {ids[at]: Case(int(ids[at][0]), int(ids[at][1]), versions[at]) for at in places}
    held.rows, held.changed = rows, True


def _bar(held: Choice, rows: pd.DataFrame, ids: Ids, key: str) -> None:
    """How many are chosen, and choosing the first so many at once."""

    def take(many: int) -> None:
        _take(held, rows, ids, list(range(many)))
        held.turn += 1

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        n = len(held.cases)
        said = ngettext("**{n}** chosen of {all}", "**{n}** chosen of {all}", n)
        st.markdown(said.format(n=formats.number(n), all=_all(len(rows))), width="content")
        many: int = st.number_input(
            _("How many"), 1, len(rows), min(40, len(rows)), key=f"{key}-many", width=110, label_visibility="collapsed"
        )
        st.button(
            _("Choose the first {n}").format(n=formats.number(many)), on_click=take, args=(many,), key=f"{key}-first"
        )
        st.button(_("Choose all"), on_click=take, args=(len(rows),), key=f"{key}-all")
        st.button(_("Let go"), on_click=let_go, args=(key,), key=f"{key}-none", disabled=not n)
    if n:
        st.caption(_("The list stands still while something is chosen; who changed an appeal meanwhile is respected."))


def _all(n: int) -> str:
    return _("the first {n}").format(n=formats.number(n)) if n == AT_ONCE else formats.number(n)


def _columns() -> dict[str, Any]:
    heads = late_appeals.columns()
    return {name: st.column_config.TextColumn(heads[name]["label"], width=width) for name, width in WIDTHS.items()}
