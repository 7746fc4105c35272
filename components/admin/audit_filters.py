"""Which entries of the audit to show: a row of choices whose state is the address, and the steps through the pages."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, TypeVar

import pandas as pd
import streamlit as st

from components.admin.audit_labels import action
from components.filters.select import pick, pick_days
from components.layout.panel import today, zone
from components.text.escape import line, plain
from components.url import query_params
from otklik.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping

S = TypeVar("S")
NOBODY = "0"
NAMES = ("period", "from", "to", "by", "action", "object", "text", "before", "after", "entry")
PLACE = ("before", "after", "entry")


def bar(people: "Mapping[int, str]", actions: list[str], first: datetime | None, build: Callable[..., S]) -> S:
    """What the viewer chose, as `build` (queries.audit.Sought) takes it; unknown values are ignored with a note."""
    bad: list[str] = []
    when, who, what, whom, said, back = st.columns([3.2, 3.4, 3.4, 2.8, 2.8, 0.9], gap="xsmall")
    with when:
        start, end = days(first, bad)
    with who:
        names = {str(number): line(name) for number, name in people.items()}
        by = listed("by", _("Who"), _("Everybody"), {**names, NOBODY: _("Console, or nobody signed in")}, bad)
    with what:
        done = listed("action", _("What"), _("All actions"), {name: action(name) for name in actions}, bad)
    with whom:
        of = typed("object", _("Of what: person 5"))
    with said:
        text = typed("text", _("Text in it"))
    back.button(
        "",
        icon=":material/restart_alt:",
        help=_("Reset the filters"),
        type="tertiary",
        on_click=lambda: query_params.write(**dict.fromkeys(NAMES)),
        key="reset",
        disabled=not any(name in st.query_params for name in NAMES),
    )
    if bad:
        st.caption(_("Not known here, and ignored: {values}").format(values=", ".join(map(plain, bad))))
    chosen = build(start=start, end=end, person=int(by) if by else None, action=done, object=of, text=text)
    # Other entries: their first page.
    if st.session_state.setdefault("sought", chosen) != chosen:
        st.session_state["sought"] = chosen
        query_params.write(**dict.fromkeys(PLACE))
    return chosen


def days(first: datetime | None, bad: list[str]) -> tuple[datetime | None, datetime | None]:
    """The half-open period, from midnight to midnight in the viewer's zone."""
    here, now = zone(), today()
    begun = first.astimezone(here).date() if first else now
    start, end, preset = pick_days(min(begun, now), now, now, bad)
    if preset == "all":
        return None, None
    return midnight(start), midnight(end)


def midnight(day: date) -> datetime:
    """The first moment of a day in the viewer's zone."""
    return datetime.combine(day, time(), zone())


def listed(name: str, label: str, everything: str, options: dict[str, str], bad: list[str]) -> str | None:
    """One choice of a list."""
    rows = pd.DataFrame({"code": list(options), "name": list(options.values())})
    return pick(name, label, everything, rows, bad)


def typed(name: str, label: str) -> str | None:
    """A text of one's own."""
    key = f"typed-{name}"
    st.session_state[key] = st.query_params.get(name, "")

    def keep() -> None:
        query_params.write(**{name: st.session_state[key].strip() or None})

    found = st.text_input(
        label, key=key, placeholder=label, label_visibility="collapsed", max_chars=200, on_change=keep
    )
    return found.strip() or None


def number(name: str) -> int | None:
    """A number in the address."""
    told = st.query_params.get(name, "")
    return int(told) if told.isdecimal() and len(told) < 19 else None  # noqa: PLR2004 -- digits of a bigint


def steps(ids: list[int], *, older: bool, newer: bool) -> None:
    """Buttons to the entries before and after those shown."""
    with st.container(horizontal=True, gap="small"):
        last, first = (str(ids[-1]), str(ids[0])) if ids else (None, None)
        step("newest", _("Newest"), newer, before=None, after=None)
        step("newer", _("Newer"), newer and bool(ids), before=None, after=first)
        step("older", _("Older"), older and bool(ids), before=last, after=None)


def step(name: str, label: str, there: bool, **to: str | None) -> None:  # noqa: FBT001 -- whether there is such a page
    """One step."""
    st.button(label, disabled=not there, on_click=lambda: query_params.write(entry=None, **to), key=f"step-{name}")
