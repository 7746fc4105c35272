"""How wide a place on the page is: a map has to know, since it is fitted before it is sent."""

import streamlit as st

DEFAULT_WIDTH = 840  # pixels, until the browser has told
WIDTH_STEP = 20

# Measures itself, who fills what it stands in; a scrollbar that comes and goes must not start a run.
_SCRIPT = f"""
export default function({{ parentElement, setStateValue }}) {{
  const place = parentElement.host ?? parentElement;
  let told = 0;
  const tell = () => {{
    const wide = Math.floor(place.getBoundingClientRect().width / {WIDTH_STEP}) * {WIDTH_STEP};
    if (wide > 0 && wide !== told) {{ told = wide; setStateValue("width", wide); }}
  }};
  const watch = new ResizeObserver(tell);
  watch.observe(place);
  tell();
  return () => watch.disconnect();
}}
"""


def container_width(key: str) -> int:
    """The width of the container this is called in, in pixels; `USUAL` on the first run."""
    measure = st.components.v2.component("otklik_width", js=_SCRIPT)
    result = measure(key=key, on_width_change=lambda: None)
    return int(result.get("width") or DEFAULT_WIDTH)
