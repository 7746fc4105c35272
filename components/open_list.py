"""The list of open appeals, page by page: it stands still until the reader wants it as it is now."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from components import address, late, links, units
from components.live import empty
from components.plain import plain
from components.words import _, current, ngettext
from handling.operations import Case

Keys = tuple[tuple[int, int], ...]
WIDTHS = {
    "time": 165, "number": 120, "topic": 215, "territory": 150, "organisation": 240, "status": 125, "received": 115,
    "deadline": 115,
}  # fmt: skip
TALL = 560
MOST_IN_ADDRESS = 100
# A sign that differs in shape, and colours that differ in lightness and for colour-blind eyes (Okabe and Ito, 2008).
SIGNS = {"overdue": "▲", "at_risk": "◆", "within": "●", "closed": "✓"}
INK = {
    "overdue": "213, 94, 0, 0.55",
    "at_risk": "240, 228, 66, 0.4",
    "within": "0, 114, 178, 0.14",
    "closed": "128, 128, 128, 0.25",
}


@dataclass
class Standing:
    """A page as the reader has it before them, and what of the list they chose."""

    of: object = None
    keys: Keys = ()
    turn: int = 0
    chosen: dict[tuple[int, int], Case] = field(default_factory=dict)
    changed: bool = False
    is_told: bool = False
    drawn: tuple[object, Styler] | None = None
    was: tuple[str, str | None, str | None] | None = None


def place(of_list: str) -> tuple[str | None, str | None]:
    """The place in the list by the address: after, or before; another list than the last time begins anew."""
    held = standing()
    after, before = st.query_params.get("after"), st.query_params.get("before")
    if held.was is not None and held.was[0] != of_list and held.was[1:] == (after, before):
        address.write(after=None, before=None)
        after = before = None
    held.was = (of_list, after, before)
    return after, before


def standing() -> Standing:
    """The reader's page."""
    held: Standing = st.session_state.setdefault("queue-standing", Standing())
    return held


def keys(rows: pd.DataFrame) -> Keys:
    """The keys of rows."""
    return tuple((int(region), int(one)) for region, one in zip(rows["region_id"], rows["id"], strict=True))


def many(total: int, counted: int, most: int | None) -> None:
    """How many there are; of more than `counted` that they are more, of `most` hits that there may be others."""
    said = units.number(total) if total <= counted else _("more than {n}").format(n=units.number(counted))
    st.markdown(_("Open appeals in the list: **{n}**").format(n=said), width="content")
    if most is not None and total >= most:
        st.caption(_("At most {n} hits are listed: add a word.").format(n=units.number(most)), width="content")


def closed(rows: pd.DataFrame) -> None:
    """Closed appeals whose number was searched for: the list holds open ones alone."""
    for row in rows[rows["state"] == "closed"].to_dict("records"):
        said = _("A closed appeal has this number: {number}").format(number=plain(row["number"]))
        if st.button(said, key=f"closed-{row['region_id']}-{row['id']}", icon=":material/open_in_new:"):
            go(row)


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


def choice(cases: list[Case]) -> None:
    """How many are chosen, and choosing nothing."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_("Chosen: **{n}**").format(n=units.number(len(cases))), width="content")
        st.button(_("Choose nothing"), key="choose-nothing", type="tertiary", on_click=let_go)


def settle(held: Standing) -> None:
    """Run the whole page anew after a step that the list took."""
    if held.changed:
        held.changed = False
        st.rerun()


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
        said.append(ngettext("{n} new", "{n} new", new).format(n=units.number(new)))
    if gone:
        said.append(ngettext("{n} no longer here", "{n} no longer here", gone).format(n=units.number(gone)))
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


def table(rows: pd.DataFrame, held: Standing) -> None:
    """The rows to choose from and to open. `rows`: queries.waiting.rows of the page that stands."""
    ids = keys(rows)
    # Drawn anew only where rows may stand elsewhere: the reader's place and choice outlive a refresh.
    key = f"open-{held.turn}-{len(ids)}"

    def choose() -> None:
        places = st.session_state[key]["selection"]["rows"]
        here = {ids[at]: Case(ids[at][0], ids[at][1], rows["version"].iloc[at]) for at in places}
        keep(held, {one: case for one, case in held.chosen.items() if one not in ids} | here)

    st.dataframe(
        dressed(rows, held),
        key=key,
        hide_index=True,
        height="content" if len(rows) < 12 else TALL,  # noqa: PLR2004 -- what fits on a laptop's screen
        column_order=list(WIDTHS),
        column_config=columns(),
        on_select=choose,
        selection_mode="multi-row",
        selection_default={"selection": {"rows": [at for at, one in enumerate(ids) if one in held.chosen]}},
        alt=_("Open appeals, page by page"),
    )
    click = st.session_state.get("open-click")
    if click is not None and click["row"] < len(rows):
        go(rows.iloc[click["row"]])


def go(row: Any) -> None:  # noqa: ANN401 -- a row of a frame
    """Open the appeal of a row."""
    st.switch_page(
        "pages/appeal.py", query_params=links.appeal(row["number"], row["source"], row["region"], links.of_list())
    )


def keep(held: Standing, chosen: dict[tuple[int, int], Case]) -> None:
    """Remember what is chosen, in the address too."""
    held.chosen, held.changed = chosen, True
    told = ",".join(f"{region}-{one}" for region, one in list(chosen)[:MOST_IN_ADDRESS])
    address.write(selected=told or None)


def let_go() -> None:
    """Choose nothing."""
    held = standing()
    keep(held, {})
    held.turn += 1


def selected() -> Keys:
    """The keys that the address says are chosen."""
    pairs = [one.partition("-") for one in st.query_params.get("selected", "").split(",")[:MOST_IN_ADDRESS]]
    return tuple((int(region), int(one)) for region, _dash, one in pairs if region.isdecimal() and one.isdecimal())


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
    address.write(**dict.fromkeys(("after", "before")) | place)
    standing().changed = True


def dressed(rows: pd.DataFrame, held: Standing) -> Styler:
    """The rows in words, the state by sign, words and colour; built once a minute and page."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    tag = (tuple(rows["version"]), tuple(rows["state"]), held.keys, now, current())
    if held.drawn is not None and held.drawn[0] == tag:
        return held.drawn[1]
    shown = rows.assign(
        time=[
            f"{SIGNS[state]} {timed(at, state, now)}"
            for at, state in zip(rows["deadline_at"], rows["state"], strict=True)
        ],
        received=[units.moment(at) for at in rows["received_at"]],
        deadline=["—" if pd.isna(at) else units.moment(at) for at in rows["deadline_at"]],
    )
    marks = [f"background-color: rgba({INK[state]})" for state in rows["state"]]
    held.drawn = (tag, shown[list(WIDTHS)].style.apply(lambda _column: marks, subset=["time"]))
    return held.drawn[1]


def timed(at: datetime | None, state: str, now: datetime) -> str:
    """The time left or over, in words."""
    if state == "closed":
        return _("closed")
    if at is None or pd.isna(at):
        return _("no deadline")
    hours = (at - now).total_seconds() / 3600
    return late.over(-hours) if state == "overdue" else late.left(max(hours, 0))


def columns() -> dict[str, Any]:
    """What the columns are called, how wide they are; the number opens the appeal."""
    heads = late.columns()
    config = {name: st.column_config.TextColumn(heads[name]["label"], width=width) for name, width in WIDTHS.items()}
    return config | {"number": links.opener("open-click", heads["number"]["label"], WIDTHS["number"])}


def nothing() -> None:
    """Words where the list is empty."""
    empty(_("No open appeal stands in this list."))
