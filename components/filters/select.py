"""The select boxes of the filter bar, and their values in the address."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

import pandas as pd
import streamlit as st

from components.filters import periods
from components.streamlit_compat.url_widget import is_stale, url_widget_key
from components.url import query_params
from components.url.choice import write_choice
from components.url.ignored_values import ignore
from otklik.i18n import _

MAX_EMPTY_DAYS = timedelta(days=365)
"""From the first to the last day of a range without data."""
EARLIEST_DAY = date(1900, 1, 1)
ONE_DAY = timedelta(days=1)
INDENT = "\N{EN SPACE}"


def filter_selectbox(  # noqa: PLR0913 -- most have a default
    param: str,
    label: str,
    all_label: str | None,
    options: pd.DataFrame,
    *,
    default: str = "",
    show_label: bool = False,
    former_codes: Mapping[str, str] = MappingProxyType({}),
) -> str | None:
    """Draw a select box and return the chosen code; None for no restriction.

    `options`: one row an option, with code and name, and in a tree with parent. `all_label` is the label of the option
    without a restriction; without one, the default (or else the first option) is preselected. `former_codes`: codes
    that stand in older addresses, and those of the options that took their place.
    """
    label_by_code = indented_labels(options)
    if all_label is not None:
        label_by_code = {"": all_label} | label_by_code
    if not label_by_code:
        query_params.check(**{param: ()})
        return None
    default = default if default in label_by_code else next(iter(label_by_code))
    code_in_address = query_params.read(param, {*label_by_code, *former_codes}, default)
    key = url_widget_key(f"filter-{param}", former_codes.get(code_in_address, code_in_address), label_by_code)
    code: str = st.selectbox(
        label,
        list(label_by_code),
        format_func=label_by_code.__getitem__,
        key=key,
        label_visibility="visible" if show_label else "collapsed",
        on_change=write_filter_param,
        args=(param, key, default),
    )
    return code or None


def indented_labels(options: pd.DataFrame) -> dict[str, str]:
    """The label of each code; in a tree, indented by its depth."""
    codes, names = options["code"].tolist(), options["name"].tolist()
    if "parent" not in options:
        return dict(zip(codes, names, strict=True))
    label_by_code: dict[str, str] = {}
    depths: dict[str | None, int] = {}
    for code, name, parent in zip(codes, names, options["parent"].tolist(), strict=True):
        depth = depths[code] = depths.get(parent, -1) + 1
        label_by_code[code] = INDENT * depth + name
    return label_by_code


def subtree(tree: pd.DataFrame, roots: tuple[str, ...]) -> pd.DataFrame:
    """The rows of these codes and of all below them; all rows if no codes are given."""
    if not roots:
        return tree
    codes = set(roots)
    for code, parent in zip(tree["code"], tree["parent"], strict=True):
        if parent in codes:
            codes.add(code)
    return tree[tree["code"].isin(codes)]


def write_filter_param(param: str, key: str, default: str) -> None:
    """Write a filter's value into the address; another period removes the days of a free range."""
    is_preset = param == "period" and st.session_state.get(key) != "range"
    write_choice(param, key, default, ("from", "to") if is_preset else ())


def period_filter(first_day: date, last_day: date, running: periods.RunningDays) -> tuple[date, date, str]:
    """Draw the choice of a period; returns its first day, the day after its last one, and the preset's code."""
    today = running.last
    default = periods.default_preset(last_day, today)
    if "from" in st.query_params and "period" not in st.query_params:
        query_params.write(period="range")
    presets = pd.DataFrame(
        {
            "code": list(periods.PRESET_LABELS),
            "name": [_(name) for name in periods.PRESET_LABELS.values()],
        }
    )
    preset = (
        filter_selectbox("period", _("Period"), None, presets, default=default, former_codes=periods.FORMER_PRESETS)
        or default
    )
    if preset != "range":
        _ignore_days()
        return *periods.preset_range(preset, first_day, running), preset
    start, end_day = read_day_range(first_day, max(last_day, today), running)
    key = url_widget_key("filter-days", (start, end_day))
    st.date_input(
        _("Days"),
        key=key,
        min_value=min(first_day, start),
        max_value=max(today, end_day),
        format="DD.MM.YYYY",
        label_visibility="collapsed",
        on_change=write_day_params,
        args=(key,),
    )
    return start, end_day + ONE_DAY, preset


def read_day_range(first_day: date, last_day: date, running: periods.RunningDays) -> tuple[date, date]:
    """The days in the address, both included and cut to those from the first to the last that have data.

    A range before the first is shown as it is, empty, up to a year. Days in the wrong order, after the last or before
    1900 are ignored and named; those of the default preset take their place.
    """
    default_start, default_end = periods.preset_range(periods.DEFAULT_PRESET, first_day, running)
    start, end_day = (query_params.read_day(name) for name in ("from", "to"))
    end_day = end_day or (max(running.last, start) if start else default_end - ONE_DAY)
    start = start or default_start
    if start > end_day or start > last_day or end_day < EARLIEST_DAY:
        _ignore_days()
        return default_start, default_end - ONE_DAY
    if end_day < first_day:
        return max(start, end_day - MAX_EMPTY_DAYS), end_day
    return max(start, first_day), min(end_day, last_day)


def _ignore_days() -> None:
    for name in ("from", "to"):
        if name in st.query_params:
            ignore(name, st.query_params[name])


def write_day_params(key: str) -> None:
    """Write the days of a free range into the address once both are chosen; `key`: the widget's."""
    days: tuple[date, ...] = () if is_stale(key) else st.session_state[key]
    if len(days) > 1:
        query_params.write(**{"from": days[0].isoformat(), "to": days[1].isoformat()})
