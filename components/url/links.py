"""Addresses of appeals and of the list that one came from, which the address of an appeal carries along."""

from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from components.url import query_params
from components.url.ignored_values import ignore
from components.url.page_filters import FILTER_PARAMS

VIEWER_PARAMS = ("lang", "as")
"""Query parameters that every link keeps: the language, and the person of the demo."""
PERIOD_PARAMS = ("period", "from", "to", "compare")
"""Query parameters of the days shown, and of those compared with."""
LIST_PARAMS = ("state", "stage", "age", "due", "q", "sort")
"""Query parameters of the list of open appeals besides the filters: its own criteria, and its order."""


def viewer_params() -> dict[str, str]:
    """The values of `VIEWER_PARAMS` in the current address."""
    return {name: st.query_params[name] for name in VIEWER_PARAMS if name in st.query_params}


def period_of_address() -> dict[str, str]:
    """The query parameters of the days shown, which a link to another part of the same page keeps."""
    return {name: st.query_params[name] for name in PERIOD_PARAMS if name in st.query_params}


def list_params(*, dropped: Collection[str] = (), **changes: str) -> dict[str, str]:
    """The query parameters of a list on another page: the filters of the address but its days, and the changes.

    `dropped`: filters that aren't taken along.
    """
    filters = {name: st.query_params[name] for name in FILTER_PARAMS if name in st.query_params}
    kept_filters = {name: value for name, value in filters.items() if name not in (*PERIOD_PARAMS, *dropped)}
    return kept_filters | changes | viewer_params()


def list_query() -> str:
    """The filters, criteria and order of the list in the current address, as a query string."""
    return urlencode(
        {name: st.query_params[name] for name in (*FILTER_PARAMS, *LIST_PARAMS) if name in st.query_params}
    )


def parse_list_query(query_string: str) -> dict[str, str]:
    """The parameters in a query string made by `list_query`; any that a list can't have are left out."""
    return {
        name: value
        for name, value in parse_qsl(query_string[:2000])
        if name in (*FILTER_PARAMS, *LIST_PARAMS) and query_params.is_storable(value)
    }


def check_list_query() -> None:
    """Name the list in the address of an appeal as ignored where a part of it, or all, is nothing that a list has."""
    query_string = st.query_params.get("list", "")
    parts = parse_qsl(query_string, keep_blank_values=True)
    if query_string and dict(parts) != parse_list_query(query_string):
        ignore("list", query_string)


def appeal_params(number: str, source: str, region: str, from_list: str = "") -> dict[str, str]:
    """The query parameters of an appeal's page; `from_list` is the `list_query` of the list that links to it."""
    return (
        {"number": number, "source": source, "region": region}
        | ({"list": from_list} if from_list else {})
        | viewer_params()
    )
