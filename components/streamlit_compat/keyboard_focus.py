"""Reaching the rows of a table with the keyboard, wherever the mouse pointer is.

Streamlit's table (glide-data-grid) moves its focus ring only from a cell that the pointer was on last: after a click
elsewhere on the page, Tab focuses the table and arrow keys do nothing. So the script tells a table that gets the focus
that the pointer is over its first row, and then that it has got the focus. A table that starts at its first cell by
itself would replace this module; Streamlit tracks the keyboard access of tables only in part
(https://github.com/streamlit/streamlit/issues/13332).
"""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

# Not while a mouse button is down: the focus then comes from a click, which the table handles itself. A table may have
# the focus before this script runs, so it is looked at once at the start.
FOCUS_SCRIPT = """
export default function() {
  let isPointerDown = false;
  const onPointerDown = () => { isPointerDown = true; };
  const onPointerUp = () => { isPointerDown = false; };
  const onFocus = (event) => {
    if (!isPointerDown && event.isTrusted) focusFirstRow(event.target);
  };
  const focusFirstRow = (table) => {
    if (table.dataset?.testid !== "data-grid-canvas") return;
    const { left, top } = table.getBoundingClientRect();
    const firstRow = { bubbles: true, clientX: left + 60, clientY: top + 50 };
    table.dispatchEvent(new PointerEvent("pointermove", firstRow));
    setTimeout(() => {
      if (document.activeElement === table) table.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
    }, 50);
  };
  const listeners = {
    pointerdown: onPointerDown, pointerup: onPointerUp, pointercancel: onPointerUp, focusin: onFocus,
  };
  for (const [name, listener] of Object.entries(listeners)) document.addEventListener(name, listener, true);
  focusFirstRow(document.activeElement);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) document.removeEventListener(name, listener, true);
  };
}
"""


@contextmanager
def keyboard_focus(key: str) -> Iterator[None]:
    """Draw a table in this block; its rows, and those of every other table of the page, are reached by keyboard."""
    with st.container(gap=None):
        yield
        st.components.v2.component("otklik_keyboard", js=FOCUS_SCRIPT)(key=f"keyboard-{key}")
