"""What stands differently on a phone and a tablet, decided by the browser: the server doesn't know its width.

Streamlit has no rules for widths of its own but that columns stand below one another on a phone.
"""

import streamlit as st

from otklik.i18n import _

FILTERS_KEY, TOGGLE_KEY, TERRITORY_BAR_KEY = "filters", "show-filters", "territory-bar"
ACTIONS_FIRST_KEY = "actions-first"
"""Of the container of two columns, of which the second has the actions."""
NARROW_CSS = f"""<style>
@media (min-width: 901px) {{
    .st-key-{TOGGLE_KEY} {{ display: none }}
}}
@media (max-width: 900px) {{
    [data-testid="stMain"]:not(:has(.st-key-{TOGGLE_KEY} input:checked)) .st-key-{FILTERS_KEY} {{ display: none }}
    .st-key-{FILTERS_KEY} [data-testid="stHorizontalBlock"] {{ flex-wrap: wrap }}
    .st-key-{FILTERS_KEY} [data-testid="stColumn"] {{ min-width: 15rem }}
}}
@media (max-width: 640px) {{
    [data-testid="stMainBlockContainer"] {{ padding-top: 3.75rem; gap: 0.5rem }}
    .st-key-page-header {{ gap: 0.25rem }}
    .st-key-page-header h1 {{ font-size: 1.4rem; padding: 0 }}
    .st-key-page-header button {{ padding-inline: 0.35rem }}
    .st-key-page-header button p {{ font-size: 0.8rem }}
    /* Of the two marks of a demo the head has a sign alone, and the line below it none. */
    .st-key-page-header .stMarkdownBadge {{ font-size: 0 }}
    .st-key-page-header .stMarkdownBadge [role="img"] {{ font-size: 1rem }}
    [data-testid="stMain"]:has(.st-key-page-header .stMarkdownBadge) .st-key-demo-mark {{ display: none }}
    /* The switch of the filters stands at the end of the status line, where that is the next line. */
    .st-key-{TOGGLE_KEY} {{ margin-block: -0.5rem -1rem }}
    [data-testid="stMain"]:not(:has(.st-key-{TERRITORY_BAR_KEY})) .st-key-{TOGGLE_KEY} {{
        align-self: flex-end; width: fit-content; margin-bottom: -3rem; z-index: 1
    }}
    .st-key-status-line {{ gap: 0.25rem 0.5rem; font-size: 0.8rem }}
    .st-key-status-line p {{ font-size: 0.8rem }}
    .st-key-status-line > :has([data-testid="stCaptionContainer"]) {{ order: 1 }}
    .st-key-{ACTIONS_FIRST_KEY} > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] > :last-child {{
        order: -1
    }}
    /* A tile's name and figure are whole: the name on two lines if need be. */
    [data-testid="stMetric"] [data-testid="stMetricLabel"] p {{ white-space: normal }}
    [data-testid="stMetric"] [data-testid="stMetricValue"] {{ font-size: 1.6rem }}
}}
/* The table's own buttons would cover the download above them. */
[data-testid="stElementToolbar"] {{ top: 0; right: 0 }}
</style>"""


def fit_narrow_screens() -> None:
    """Fit the page to narrow screens: filters behind one switch, less room around the head."""
    st.html(NARROW_CSS)


def filters_toggle() -> None:
    """A switch, on narrow screens only, that shows the filters."""
    st.toggle(_("Filters"), key=TOGGLE_KEY)
