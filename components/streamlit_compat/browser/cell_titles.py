"""The whole text of a table's cell or head, or of an input, while the mouse is over it, where it is shown cut.

Streamlit's table (glide-data-grid) is a canvas, and has a hint for heads with a `help` alone. Its hidden table for
screen readers has the data of the cells in sight, and the component behind the canvas tells which cell is at a point
of the screen. A hint for cells by Streamlit would replace this module: https://github.com/streamlit/streamlit/issues/7181.
"""

import streamlit as st

CELL_PADDING = 16  # pixels at the left and the right of a cell together

# The reference to the component outlives its renderings. Texts behind a sort key are those after the separator.
TITLE_SCRIPT = """
export default function() {
  const context = document.createElement("canvas").getContext("2d");
  const gridOf = (canvas) => {
    const key = Object.keys(canvas).find((name) => name.startsWith("__reactFiber$"));
    for (let fiber = canvas[key]; fiber; fiber = fiber.return) {
      if (fiber.ref?.current?.getMouseArgsForPosition) return fiber.ref.current;
    }
  };
  const textAt = (canvas, [column, row]) => {
    const cell = row < 0
      ? canvas.querySelector(`thead th:nth-child(${column + 1})`)
      : canvas.querySelector(`#glide-cell-${column}-${row}`);
    const text = (cell?.textContent ?? "").split("\\u00a0\\u00b7 ").at(-1);
    return canvas.closest('[data-testid="stVerticalBlock"]')?.wholeTexts?.[text] ?? text;
  };
  const isWider = (text, font, width) => {
    context.font = font;
    return context.measureText(text).width > width;
  };
  const cutTextOf = (input) => {
    const text = input.value || input.placeholder;
    const style = getComputedStyle(input);
    const room = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return isWider(text, style.font, room) ? text : "";
  };
  const cutTextUnder = (canvas, { clientX, clientY }) => {
    const place = gridOf(canvas)?.getMouseArgsForPosition(clientX, clientY);
    if (place?.kind !== "cell" && place?.kind !== "header") return "";
    const text = textAt(canvas, place.location);
    const font = `14px ${getComputedStyle(document.body).fontFamily}`;
    return isWider(text, font, place.bounds.width - PADDING) ? text : "";
  };
  const onMove = (event) => {
    const { target } = event;
    const isTable = target.dataset?.testid === "data-grid-canvas";
    if (!isTable && target.tagName !== "INPUT") return;
    const title = isTable ? cutTextUnder(target, event) : cutTextOf(target);
    if (target.title !== title) target.title = title;
  };
  document.addEventListener("pointermove", onMove, { capture: true, passive: true });
  return () => document.removeEventListener("pointermove", onMove, true);
}
""".replace("PADDING", str(CELL_PADDING))


def cell_titles() -> None:
    """Let every table and input of the page show the whole text under the mouse, where that is cut."""
    st.components.v2.component("otklik_cell_titles", js=TITLE_SCRIPT)(key="cell-titles")
