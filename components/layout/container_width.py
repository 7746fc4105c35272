"""The width of a container in the browser: maps need it, since the server fits them to their size."""

import streamlit as st

DEFAULT_WIDTH = 840  # pixels, until the browser has measured
WIDTH_STEP = 20  # pixels

# The component measures itself, since it fills its container. Widths are rounded down to steps, so that a scrollbar
# that comes and goes starts no rerun.
_SCRIPT = f"""
export default function({{ parentElement, setStateValue }}) {{
  const element = parentElement.host ?? parentElement;
  let sentWidth = 0;
  const sendWidth = () => {{
    const width = Math.floor(element.getBoundingClientRect().width / {WIDTH_STEP}) * {WIDTH_STEP};
    if (width > 0 && width !== sentWidth) {{ sentWidth = width; setStateValue("width", width); }}
  }};
  const observer = new ResizeObserver(sendWidth);
  observer.observe(element);
  sendWidth();
  return () => observer.disconnect();
}}
"""


def container_width(key: str) -> int:
    """The width of the surrounding container in pixels; `DEFAULT_WIDTH` in the first run, before it is known."""
    measure = st.components.v2.component("otklik_width", js=_SCRIPT)
    result = measure(key=key, on_width_change=lambda: None)
    return int(result.get("width") or DEFAULT_WIDTH)
