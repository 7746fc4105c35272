"""Where a list and an appeal of it are: the address of one page within the address of another."""

from urllib.parse import parse_qsl, urlencode

import streamlit as st

from components.url.page_filters import FILTER_PARAMS

VIEWER_PARAMS = ("lang", "as")
"""Of every address: who looks, in which language."""
LIST_PARAMS = ("state", "stage", "age", "q", "sort")
"""What narrows and sorts the list of open appeals besides the filters."""


def viewer_params() -> dict[str, str]:
    """What goes along to every page."""
    return {name: st.query_params[name] for name in VIEWER_PARAMS if name in st.query_params}


def list_query() -> str:
    """The filters, choices and order of the list in the address, as one text."""
    return urlencode(
        {name: st.query_params[name] for name in (*FILTER_PARAMS, *LIST_PARAMS) if name in st.query_params}
    )


def parse_list_query(query_string: str) -> dict[str, str]:
    """Parse the text of `list_query` into parameters; parameters that no list has are left out."""
    return {name: value for name, value in parse_qsl(query_string[:2000]) if name in (*FILTER_PARAMS, *LIST_PARAMS)}


def appeal_params(number: str, source: str, region: str, from_list: str = "") -> dict[str, str]:
    """The address of an appeal; `within` is the list that one comes from."""
    return (
        {"number": number, "source": source, "region": region}
        | ({"list": from_list} if from_list else {})
        | viewer_params()
    )
