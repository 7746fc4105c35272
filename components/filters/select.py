"""One choice of the filter bar: its options, its widget, its place in the address."""

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from components.filters import periods
from components.url import query_params
from otklik.i18n import _

INDENT = "\N{EN SPACE}"


def pick(  # noqa: PLR0913 -- the parts of one choice
    name: str,
    label: str,
    everything: str | None,
    options: pd.DataFrame,
    bad: list[str],
    *,
    usual: str = "",
    named: bool = False,
) -> str | None:
    """The chosen code, None for `everything`.

    `options` has a row an option: code, name and, in a tree, level and parent.
    Without `everything` the usual choice is the first option.
    """
    names = labels(options)
    if everything is not None:
        names = {"": everything} | names
    if not names:
        return None
    usual = usual if usual in names else next(iter(names))
    key = f"filter-{name}"
    st.session_state[key] = query_params.read(name, names, usual, bad)
    code: str = st.selectbox(
        label,
        list(names),
        format_func=names.__getitem__,
        key=key,
        label_visibility="visible" if named else "collapsed",
        on_change=remember,
        args=(name, key, usual),
    )
    return code or None


def labels(options: pd.DataFrame) -> dict[str, str]:
    """What to show for each code; a tree's levels stand indented."""
    codes, names = options["code"].tolist(), options["name"].tolist()
    if "parent" not in options:
        return dict(zip(codes, names, strict=True))
    shown: dict[str, str] = {}
    depths: dict[str | None, int] = {}
    for code, name, parent in zip(codes, names, options["parent"].tolist(), strict=True):
        depth = depths[code] = depths.get(parent, -1) + 1
        shown[code] = INDENT * depth + name
    return shown


def within(tree: pd.DataFrame, roots: tuple[str, ...]) -> pd.DataFrame:
    """The rows at and below these roots; every row where there are none."""
    if not roots:
        return tree
    inside = set(roots)
    for code, parent in zip(tree["code"], tree["parent"], strict=True):
        if parent in inside:
            inside.add(code)
    return tree[tree["code"].isin(inside)]


def remember(name: str, key: str, usual: str) -> None:
    """Write a choice into the address, or take it out when it is the usual one."""
    value = st.session_state[key]
    query_params.write(**{name: None if value == usual else value})
    if name == "period" and value != "range":
        query_params.write(**{"from": None, "to": None})


def pick_days(first: date, last: date, today: date, bad: list[str]) -> tuple[date, date, str]:
    """The half-open range of days and the name of its preset."""
    usual = periods.usual(last, today)
    if "from" in st.query_params and "period" not in st.query_params:
        query_params.write(period="range")
    presets = pd.DataFrame(
        {
            "code": list(periods.PRESETS),
            "name": [_(name) for name in periods.PRESETS.values()],
        }
    )
    preset = pick("period", _("Period"), None, presets, bad, usual=usual) or usual
    if preset != "range":
        return *periods.bounds(preset, first, today), preset
    start = query_params.read_day("from", bad) or today - timedelta(days=29)
    final = query_params.read_day("to", bad) or today
    final = max(start, final)
    st.session_state["filter-days"] = (start, final)
    st.date_input(
        _("Days"),
        key="filter-days",
        min_value=min(first, start),
        max_value=max(today, final),
        format="DD.MM.YYYY",
        label_visibility="collapsed",
        on_change=remember_days,
    )
    return start, final + timedelta(days=1), preset


def remember_days() -> None:
    """Write a free range into the address once both its ends are chosen."""
    days = st.session_state["filter-days"]
    if len(days) == 2:  # noqa: PLR2004 -- the first and the last
        query_params.write(**{"from": days[0].isoformat(), "to": days[1].isoformat()})
