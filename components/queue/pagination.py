"""A page of a list that stands still until the reader wants it anew: where it is, and what is chosen of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from components.url import query_params
from otklik.actions.operations import Case
from otklik.i18n import _, formats, ngettext

Keys = tuple[tuple[int, int], ...]
MOST_IN_ADDRESS = 100


@dataclass
class Standing:
    """A page as the reader has it before them, and what of the list they chose."""

    of: object = None
    keys: Keys = ()
    turn: int = 0
    chosen: dict[tuple[int, int], Case] = field(default_factory=dict)
    changed: bool = False
    is_told: bool = False
    was: tuple[str, str | None, str | None] | None = None
    widget: str = ""


def standing() -> Standing:
    """The reader's page."""
    held: Standing = st.session_state.setdefault("queue-standing", Standing())
    return held


def place(of_list: str) -> tuple[str | None, str | None]:
    """The place in the list by the address: after, or before; another list than the last time begins anew."""
    held = standing()
    after, before = st.query_params.get("after"), st.query_params.get("before")
    if held.was is not None and held.was[0] != of_list and held.was[1:] == (after, before):
        query_params.write(after=None, before=None)
        after = before = None
    held.was = (of_list, after, before)
    return after, before


def keys(rows: pd.DataFrame) -> Keys:
    """The keys of rows."""
    return tuple((int(region), int(one)) for region, one in zip(rows["region_id"], rows["id"], strict=True))


def page(of: object, now: Keys) -> Standing:
    """The page that is shown: `now` for another list or place than before (`of`), else the one that stands."""
    held = standing()
    if held.of != of:
        held.of, held.keys, held.turn = of, now, held.turn + 1
    return held


def news(held: Standing, rows: pd.DataFrame, now: Keys, size: int) -> None:
    """What would be different if the page were drawn as it is now, and the button for it."""
    gone = len(held.keys) - len(rows) + int(rows["state"].eq("closed").sum())
    stayed = [at for at, one in enumerate(now) if one in held.keys]
    # Those that only move up from the next page are no news.
    reach = now if len(held.keys) < size else now[: stayed[-1] if stayed else len(now)]
    new = sum(one not in held.keys for one in reach)
    if not new and not gone:
        return
    said = []
    if new:
        said.append(ngettext("{n} new", "{n} new", new).format(n=formats.number(new)))
    if gone:
        said.append(ngettext("{n} no longer here", "{n} no longer here", gone).format(n=formats.number(gone)))
    st.button(
        f"**{' · '.join(said)}** — {_('Show the list as it is now')}",
        icon=":material/refresh:",
        key="renew",
        on_click=renew,
        args=(held, now),
    )


def renew(held: Standing, now: Keys) -> None:
    """Let the page be what it is now; what is chosen stays so."""
    held.keys, held.turn = now, held.turn + 1


def settle(held: Standing) -> None:
    """Run the whole page anew after a step that the list took."""
    if held.changed:
        held.changed = False
        st.rerun()


def chosen() -> list[Case]:
    """The appeals that are chosen."""
    return list(standing().chosen.values())


def remembered(told: Callable[[Keys], pd.DataFrame]) -> None:
    """Choose, once a visit, what the address says is chosen."""
    held = standing()
    if not held.is_told:
        held.is_told = True
        if wanted := selected():
            found = told(wanted)
            cases = zip(keys(found), found["version"], strict=True)
            held.chosen = {one: Case(one[0], one[1], version) for one, version in cases}
            held.turn += 1
            st.rerun()


def selected() -> Keys:
    """The keys that the address says are chosen."""
    pairs = [one.partition("-") for one in st.query_params.get("selected", "").split(",")[:MOST_IN_ADDRESS]]
    return tuple((int(region), int(one)) for region, _dash, one in pairs if region.isdecimal() and one.isdecimal())


def choice(cases: list[Case]) -> None:
    """How many are chosen, and choosing nothing."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_("Chosen: **{n}**").format(n=formats.number(len(cases))), width="content")
        st.button(_("Choose nothing"), key="choose-nothing", type="tertiary", on_click=let_go)


def keep(held: Standing, chosen: dict[tuple[int, int], Case]) -> None:
    """Remember what is chosen, in the address too."""
    held.chosen, held.changed = chosen, True
    told = ",".join(f"{region}-{one}" for region, one in list(chosen)[:MOST_IN_ADDRESS])
    query_params.write(selected=told or None)


def let_go() -> None:
    """Choose nothing."""
    held = standing()
    keep(held, {})
    held.turn += 1


def turns(before: str | None, after: str | None, *, at_first: bool) -> None:
    """To the page before and after; each a place in the order, None where there is none."""
    ways: tuple[tuple[str, str, str, dict[str, str | None] | None], ...] = (
        ("first", _("First page"), ":material/first_page:", None if at_first else {}),
        ("before", _("Previous page"), ":material/chevron_left:", {"before": before} if before else None),
        ("after", _("Next page"), ":material/chevron_right:", {"after": after} if after else None),
    )
    with st.container(horizontal=True, gap="small"):
        for name, label, icon, place in ways:
            st.button(
                label,
                icon=icon,
                key=f"turn-{name}",
                type="tertiary",
                disabled=place is None,
                on_click=turn,
                args=(place or {},),
            )


def turn(place: dict[str, str | None]) -> None:
    """To a place in the list; the whole page runs anew."""
    query_params.write(**dict.fromkeys(("after", "before")) | place)
    standing().changed = True
