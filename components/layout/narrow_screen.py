"""What stands differently on a phone and a tablet, mostly by rules of style, which the browser decides on.

Streamlit has no rules for widths of its own but that columns stand below one another on a phone. Tables are drawn with
widths from the server: for them the browser tells whether it is a phone.
"""

import streamlit as st

from otklik.i18n import _

FILTERS_KEY, TOGGLE_KEY, TERRITORY_BAR_KEY = "filters", "show-filters", "territory-bar"
HEADER_KEY = "page-header"
STATUS_KEY, PERIOD_KEY, DAYS_KEY = "status-line", "status-period", "status-days"
MAP_CHOICES_KEY = "map-choices"
"""Of the container of the map's choices, which stand below the map on a phone."""
MAP_AND_LIST_KEY = "map-and-list"
"""Of the container of a map and the list beside it, which stands below on a tablet: beside it, values have no room."""
NEIGHBOUR_KEYS = ("previous", "next")
"""Of the buttons to the appeals before and after one."""
ACTIONS_FIRST_KEY = "actions-first"
"""Of the container of two columns, of which the second has the actions."""
PHONE_STATE, IS_PHONE_STATE = "phone-detector", "is-phone"
DETECTOR_SCRIPT = """
export default function({ data, setStateValue }) {
  const query = matchMedia("(max-width: 640px)");
  let known = data.isPhone;
  const tell = () => { if (query.matches !== known) { known = query.matches; setStateValue("phone", known); } };
  query.addEventListener("change", tell);
  tell();
  return () => query.removeEventListener("change", tell);
}
"""
NARROW_CSS = f"""<style>
:has(> .st-key-{DAYS_KEY}) {{ display: none }}
@media (min-width: 901px) {{
    .st-key-{TOGGLE_KEY} {{ display: none }}
}}
@media (max-width: 900px) {{
    [data-testid="stMain"]:not(:has(.st-key-{TOGGLE_KEY} input:checked)) .st-key-{FILTERS_KEY} {{ display: none }}
    .st-key-{FILTERS_KEY} [data-testid="stHorizontalBlock"] {{ flex-wrap: wrap }}
    .st-key-{FILTERS_KEY} [data-testid="stColumn"] {{ min-width: 15rem }}
    .st-key-{MAP_AND_LIST_KEY} [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"]) {{ flex-wrap: wrap }}
    .st-key-{MAP_AND_LIST_KEY} [data-testid="stColumn"] {{ min-width: 100% }}
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
    .st-key-{TERRITORY_BAR_KEY} > :first-child, .st-key-{STATUS_KEY} {{ padding-right: 7.5rem }}
    [data-testid="stMain"]:has(.st-key-{TERRITORY_BAR_KEY}) .st-key-{STATUS_KEY} {{ padding-right: 0 }}
}}
@media (max-width: 640px) {{
    [data-testid="stMainBlockContainer"] {{ padding-top: 3.75rem }}
    [data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"] {{ gap: 0.5rem }}
    .st-key-{HEADER_KEY} {{ gap: 0.25rem }}
    .st-key-{HEADER_KEY} > :has(h1) {{ flex: 1 1 70% }}
    .st-key-{HEADER_KEY} h1 {{ font-size: 1.4rem; padding: 0 }}
    .st-key-{HEADER_KEY} button {{ padding-inline: 0.35rem }}
    .st-key-{HEADER_KEY} [data-testid="stButtonGroup"] button p {{ font-size: 0.8rem }}
    .st-key-{TOGGLE_KEY} {{ margin-block: 0 -2.5rem }}
    /* Less room around a panel's title. */
    [data-testid="stVerticalBlock"]:has(> [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"]
        > [data-testid="stElementContainer"] h4) {{ gap: 0.25rem; padding-block: 0.5rem }}
    /* Of the territories, the one above and the chosen one; what the map shows is chosen with the filters. */
    .st-key-{TERRITORY_BAR_KEY} {{ gap: 0.25rem }}
    .st-key-{TERRITORY_BAR_KEY} > :first-child > * {{ gap: 0 0.4rem }}
    .st-key-{TERRITORY_BAR_KEY} > :first-child button {{ min-height: 1.5rem; padding-block: 0 }}
    .st-key-{TERRITORY_BAR_KEY} > :first-child p {{ font-size: 0.8rem }}
    .st-key-{TERRITORY_BAR_KEY} > :first-child > * > :nth-last-child(n + 4) {{ display: none }}
    [data-testid="stMain"]:not(:has(.st-key-{TOGGLE_KEY} input:checked))
        .st-key-{TERRITORY_BAR_KEY} > :last-child {{ display: none }}
    :has(> .st-key-{MAP_CHOICES_KEY}) {{ order: 1 }}
    /* The days have a line of their own, below the time of the data and the switch of the filters. */
    .st-key-{STATUS_KEY} {{ gap: 0.25rem 0.5rem; padding-right: 0 }}
    .st-key-{STATUS_KEY} p {{ font-size: 0.8rem }}
    .st-key-{STATUS_KEY} .stMarkdownBadge {{ font-size: 0 !important }}
    .st-key-{STATUS_KEY} .stMarkdownBadge [role="img"] {{ font-size: 1rem }}
    .st-key-{STATUS_KEY} > :has([data-testid="stCaptionContainer"]) {{ order: 1; flex: 1 0 100% }}
    /* What they are compared with comes with the filters. */
    [data-testid="stMain"]:has(.st-key-{TOGGLE_KEY} input:not(:checked)) {{
        :has(> .st-key-{DAYS_KEY}) {{ display: block }}
        :has(> .st-key-{PERIOD_KEY}) {{ display: none }}
    }}
    /* The page's menus stand beside the days, below the switch of the filters. */
    :has(> .st-key-{STATUS_KEY}) ~ * {{ align-self: flex-end }}
    :has(> .st-key-{STATUS_KEY}) ~ * :is(a, button) {{ min-height: 1.5rem; padding-block: 0 }}
    {", ".join(f".st-key-{key} button p" for key in NEIGHBOUR_KEYS)} {{ font-size: 0 }}
    [data-testid="stVerticalBlock"]:has(> [data-testid="stElementContainer"] > [data-testid="stMetric"]) {{
        padding: 0.75rem
    }}
    [data-testid="stMetric"] [data-testid="stMetricLabel"] p {{ font-size: 0.8rem }}
    .st-key-{ACTIONS_FIRST_KEY} > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] > :last-child {{
        order: -1
    }}
}}
/* A panel's menu stays beside its title, however long that is. */
[data-testid="stHorizontalBlock"]:has(> [data-testid="stElementContainer"] h4) {{ flex-wrap: nowrap }}
[data-testid="stHorizontalBlock"] > [data-testid="stElementContainer"]:has(h4) {{ flex: 1 1 0; min-width: 0 }}
[data-testid="stHorizontalBlock"]:has(> [data-testid="stElementContainer"] h4) button {{ min-height: 2rem }}
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


def phone_detector() -> None:
    """Have the browser tell once in a session whether it is as narrow as a phone, and each time that this changes."""
    detect = st.components.v2.component("otklik_phone", js=DETECTOR_SCRIPT)
    result = detect(key=PHONE_STATE, data={"isPhone": is_phone()}, on_phone_change=lambda: None)
    if (value := result.get("phone")) is not None:
        st.session_state[IS_PHONE_STATE] = bool(value)


def is_phone() -> bool:
    """Whether the page is as narrow as a phone; False until the browser has told."""
    return bool(st.session_state.get(IS_PHONE_STATE, False))


def filters_toggle() -> None:
    """A switch, on narrow screens only, that shows the filters."""
    st.toggle(_("Filters"), key=TOGGLE_KEY)
