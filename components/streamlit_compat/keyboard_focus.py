"""Reaching the rows of a table by keyboard, wherever the pointer is."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

# Streamlit's table takes no key that moves in it once the pointer was somewhere else on the page: it is told that the
# pointer is on its first row, and then that it has the focus. Never while a button of the mouse is down: that is a
# click, of which the table knows. A table may have the focus before this is there.
_SCRIPT = """
export default function() {
  let pressed = false;
  const press = () => { pressed = true; };
  const lift = () => { pressed = false; };
  const arrive = (event) => {
    if (!pressed && event.isTrusted) reach(event.target);
  };
  const reach = (table) => {
    if (table.dataset?.testid !== "data-grid-canvas") return;
    const { left, top } = table.getBoundingClientRect();
    const there = { bubbles: true, clientX: left + 60, clientY: top + 50 };
    table.dispatchEvent(new PointerEvent("pointermove", there));
    setTimeout(() => {
      if (document.activeElement === table) table.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
    }, 50);
  };
  const heard = { pointerdown: press, pointerup: lift, pointercancel: lift, focusin: arrive };
  for (const [name, hear] of Object.entries(heard)) document.addEventListener(name, hear, true);
  reach(document.activeElement);
  return () => { for (const [name, hear] of Object.entries(heard)) document.removeEventListener(name, hear, true); };
}
"""


@contextmanager
def keyboard_focus(key: str) -> Iterator[None]:
    """Draw tables in this, and their rows and those of all others on the page are reached by keyboard."""
    with st.container(gap=None):
        yield
        st.components.v2.component("otklik_keyboard", js=_SCRIPT)(key=f"keyboard-{key}")
