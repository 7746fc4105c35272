"""Reaching the rows of a table with the keyboard, wherever the mouse pointer is, and pressing its buttons.

Streamlit's table (glide-data-grid) moves its focus ring only from a cell that the pointer was on last: after a click
elsewhere on the page, Tab focuses the table and arrow keys do nothing. So the script tells a table that gets the focus
that the pointer is over its first row, and then that it has got the focus. A table that starts at its first cell by
itself would replace this module; Streamlit tracks the keyboard access of tables only in part
(https://github.com/streamlit/streamlit/issues/13332).

The buttons of a `ButtonColumn` hear the mouse alone. So Enter on one of its cells is told to the server by this script.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import streamlit as st

# Not while a mouse button is down: the focus then comes from a click, which the table handles itself. A table may have
# the focus before this script runs, so it is looked at once at the start.
FOCUS_SCRIPT = """
const FOCUS_DELAY = 300;
export default function({ data, parentElement, setTriggerValue }) {
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
  // The table moves the focus among its hidden cells up to 200 ms after the ring on the screen.
  const onKey = (event) => {
    if (data.heading === null || event.key !== "Enter" || event.target.dataset?.testid === undefined) return;
    const block = (parentElement.host ?? parentElement).closest('[data-testid="stVerticalBlock"]');
    if (!block.contains(event.target) || !event.target.closest('[data-testid="data-grid-canvas"]')) return;
    setTimeout(() => {
      const cell = document.activeElement.closest?.("td");
      if (!cell || !block.contains(cell)) return;
      const heads = cell.closest("table").tHead.rows[0].cells;
      if (heads[cell.cellIndex].textContent !== data.heading) return;
      setTriggerValue("pressed", { row: cell.parentElement.ariaRowIndex - 2, label: cell.textContent });
    }, FOCUS_DELAY);
  };
  const listeners = {
    keydown: onKey, pointerdown: onPointerDown, pointerup: onPointerUp, pointercancel: onPointerUp, focusin: onFocus,
  };
  for (const [name, listener] of Object.entries(listeners)) document.addEventListener(name, listener, true);
  focusFirstRow(document.activeElement);
  // For the hints of cells: see cell_titles.
  (parentElement.host ?? parentElement).closest('[data-testid="stVerticalBlock"]').wholeTexts = data.wholeTexts;
  return () => {
    for (const [name, listener] of Object.entries(listeners)) document.removeEventListener(name, listener, true);
  };
}
"""


@contextmanager
def keyboard_focus(
    key: str,
    button_heading: str | None = None,
    on_press: Callable[[], None] | None = None,
    whole_texts: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Draw a table in this block; its rows, and those of every other table of the page, are reached by keyboard.

    `button_heading`: the heading of the column whose cells are buttons; `on_press` is called back after Enter on one,
    and finds in `pressed_cell` which. `whole_texts`: of buttons with a shortened label, the whole text by the label.
    """
    with st.container(gap=None):
        yield
        st.components.v2.component("otklik_keyboard", js=FOCUS_SCRIPT)(
            key=f"keyboard-{key}",
            data={"heading": button_heading, "wholeTexts": dict(whole_texts or {})},
            on_pressed_change=on_press or (lambda: None),
        )


def pressed_cell(key: str) -> dict[str, Any]:
    """The cell on which Enter was pressed: its row as shown, from 0, and its label. For the callback alone."""
    cell: dict[str, Any] = st.session_state[f"keyboard-{key}"]["pressed"]
    return cell
