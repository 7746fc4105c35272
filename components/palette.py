"""The colours of the theme by name, for drawing outside of charts, and the one colour of each state of an appeal."""

import streamlit as st

# Names for the colours of `chartCategoricalColors` in .streamlit/config.toml, in their order.
PALETTE = ["received", "closed", "usual", "ink", "bad", "good", "muted"]

STATE_COLOURS: dict[str, tuple[str, float]] = {
    "overdue": ("bad", 1),
    "at_risk": ("closed", 0.6),
    "within": ("received", 0.85),
    "no_deadline": ("muted", 0.6),
    "closed": ("muted", 0.6),
}
"""By state: a name of `PALETTE`, and the opacity of an area. They differ in lightness too, for readers who can't tell
orange from red.
"""
TINT_OPACITIES = {"overdue": 0.3, "at_risk": 0.22, "within": 0.1, "no_deadline": 0.08, "closed": 0.16}
"""Of a cell's background, on which a text has to be read."""


def css_colour(name: str, opacity: float = 1) -> str:
    """A colour of `PALETTE` as CSS, for the theme in which the browser shows the page."""
    hex_colour = st.get_option(f"theme.{current_theme()}.chartCategoricalColors")[PALETTE.index(name)]
    red, green, blue = (int(hex_colour[offset : offset + 2], 16) for offset in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def state_colour(state: str) -> str:
    """The colour of a state's areas and legends, as CSS. Raises KeyError for an unknown state."""
    return css_colour(*STATE_COLOURS[state])


def state_tint(state: str, strength: float = 1) -> str:
    """The colour of a state's cells, as CSS: that of its areas, fainter. `strength` above 1 darkens it."""
    return css_colour(STATE_COLOURS[state][0], round(TINT_OPACITIES[state] * strength, 3))


def link_colour() -> str:
    """The colour of what leads somewhere, as CSS."""
    return str(st.get_option(f"theme.{current_theme()}.linkColor"))


def current_theme() -> str:
    """The theme in which the browser shows the page: `light` or `dark`."""
    return "dark" if st.context.theme.type == "dark" else "light"
