"""What stands differently on a phone and a tablet, decided by the browser: the server doesn't know its width.

Streamlit has no rules for widths of its own but that columns stand below one another on a phone.
"""

import streamlit as st

from otklik.i18n import _

FILTERS_KEY, TOGGLE_KEY, TERRITORY_BAR_KEY = "filters", "show-filters", "territory-bar"
HEADER_KEY = "page-header"
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
    /* One line for the search box, the languages, the bell and the person: these two are signs alone. */
    .st-key-{HEADER_KEY} [data-testid="stTextInput"] {{ min-width: 0; width: 100% }}
    .st-key-{HEADER_KEY} > :has([data-testid="stTextInput"]) {{ flex: 1 1 6rem; min-width: 6rem }}
    .st-key-{HEADER_KEY} [data-testid="stPopover"] button p, .st-key-report button p {{ font-size: 0 }}
    /* Of the two marks of a demo the head has a sign alone, and the line below none. Streamlit sizes marks inline. */
    .st-key-{HEADER_KEY} .stMarkdownBadge {{ font-size: 0 !important }}
    .st-key-{HEADER_KEY} .stMarkdownBadge [role="img"] {{ font-size: 1rem }}
    [data-testid="stMain"]:has(.st-key-{HEADER_KEY} .stMarkdownBadge) .st-key-demo-mark {{ display: none }}
    /* The switch of the filters stands at the end of the next line, that of the status or of the territory. */
    .st-key-{TOGGLE_KEY} {{ align-self: flex-end; width: fit-content; margin-bottom: -3.25rem; z-index: 1 }}
    .st-key-{TERRITORY_BAR_KEY} > :first-child, .st-key-status-line {{ padding-right: 7.5rem }}
    [data-testid="stMain"]:has(.st-key-{TERRITORY_BAR_KEY}) .st-key-status-line {{ padding-right: 0 }}
}}
@media (max-width: 640px) {{
    [data-testid="stMainBlockContainer"] {{ padding-top: 3.75rem; gap: 0.5rem }}
    .st-key-{HEADER_KEY} {{ gap: 0.25rem }}
    .st-key-{HEADER_KEY} > :has(h1) {{ flex: 1 1 70% }}
    .st-key-{HEADER_KEY} h1 {{ font-size: 1.4rem; padding: 0 }}
    .st-key-{HEADER_KEY} button {{ padding-inline: 0.35rem }}
    .st-key-{HEADER_KEY} [data-testid="stButtonGroup"] button p {{ font-size: 0.8rem }}
    .st-key-{TOGGLE_KEY} {{ margin-block: -0.5rem -3rem }}
    /* The map's choices in one line, which is scrolled. */
    .st-key-{TERRITORY_BAR_KEY} {{ gap: 0.25rem }}
    .st-key-{TERRITORY_BAR_KEY} > :last-child > * {{
        flex-wrap: nowrap; overflow-x: auto; max-width: calc(100vw - 2rem)
    }}
    .st-key-{TERRITORY_BAR_KEY} > :last-child > * > * {{ flex-shrink: 0 }}
    .st-key-status-line {{ gap: 0.25rem 0.5rem; font-size: 0.8rem }}
    .st-key-status-line p {{ font-size: 0.8rem }}
    .st-key-status-line > :has([data-testid="stCaptionContainer"]) {{ order: 1 }}
    .st-key-{ACTIONS_FIRST_KEY} > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] > :last-child {{
        order: -1
    }}
}}
/* A tile's name and figure are whole: the name on two lines if need be, the figure as large as there is room. */
[data-testid="stMetric"] {{ container-type: inline-size }}
[data-testid="stMetric"] [data-testid="stMetricLabel"] p {{ white-space: normal }}
[data-testid="stMetric"] [data-testid="stMetricValue"] {{ font-size: clamp(1.3rem, 17cqw, 2.5rem) }}
[data-testid="stMetric"] :has(> [data-testid="stMetricDelta"]) {{ flex-wrap: wrap }}
[data-testid="stMetric"] [data-testid="stMetricDeltaDescription"] p {{ white-space: normal }}
/* What a box has no room for ends in a sign; cell_titles shows the whole of it under the mouse. */
[data-testid="stMain"] input {{ text-overflow: ellipsis }}
/* The table's own buttons would cover the download above them. */
[data-testid="stElementToolbar"] {{ top: 0; right: 0 }}
</style>"""


def fit_narrow_screens() -> None:
    """Fit the page to narrow screens: filters behind one switch, less room around the head."""
    st.html(NARROW_CSS)


def filters_toggle() -> None:
    """A switch, on narrow screens only, that shows the filters."""
    st.toggle(_("Filters"), key=TOGGLE_KEY)
