"""What on a page stands outside of it, is cut, or lies over something else, as a browser has laid it out.

The texts of HTML and of charts are looked at in the page; those of tables, which Streamlit draws on a canvas, while
they are drawn. Maps are drawn by the graphics card and are not looked at.
"""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.support.waiting import wait_for

FOLDER = Path(__file__).parent
FIND_FAULTS = (FOLDER / "layout_check.js").read_text(encoding="utf-8")
RECORD_CANVAS_TEXTS = (FOLDER / "canvas_texts.js").read_text(encoding="utf-8")
# Settled: nothing to load or count (an hourglass keeps its place), and four frames in turn with everything in place.
SETTLE = """() => new Promise((resolve) => {
  let before = "", count = 0;
  const look = () => {
    const app = document.querySelector('[data-testid="stApp"]');
    const isReady = document.querySelector("h1") && app?.dataset.testScriptState === "notRunning"
      && !document.querySelector('[data-testid="stSkeleton"]') && document.fonts.status === "loaded"
      && !document.querySelector('[aria-label^="hourglass_top"]');
    const places = [...document.querySelectorAll('svg.marks, canvas, [data-testid="stMain"] > *')].map((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return `${left} ${top} ${width} ${height}`;
    }).join();
    count = isReady && places === before ? count + 1 : 0;
    before = places;
    count < 4 ? requestAnimationFrame(look) : resolve();
  };
  look();
})"""
# Tiles, tables, charts, maps and their legends; the morning's figures, an appeal's deadline, and the audit's state.
FIRST_FIGURE_TOP = """() => Math.min(...[...document.querySelectorAll(
  ["stMetric", "stDataFrame", "stVegaLiteChart", "stDeckGlJsonChart"].map((id) => `[data-testid="${id}"]`)
    .concat(".colour-legend", ".st-key-due-figures", ".st-key-appeal-head", ".st-key-audit-chain")
    .concat(".st-key-problem-board", ".st-key-problem-head")
    .concat(".st-key-poll-board", ".st-key-poll-head")
    .concat(".st-key-discussion-board", ".st-key-discussion-head").join()
)].filter((element) => element.checkVisibility()).map((element) => element.getBoundingClientRect().top))"""


def record_canvas_texts(page: Page) -> None:
    """Let what the page draws on canvases be looked at; before it is opened."""
    page.add_init_script(RECORD_CANVAS_TEXTS)


def resize(page: Page, width: int, height: int) -> None:
    """Give the page another size, and wait until it is laid out."""
    page.evaluate("globalThis.canvasTexts?.clear()")
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(SETTLE)


def layout_faults(page: Page) -> list[str]:
    """The kind of each fault with the text concerned; of an open page."""
    faults: list[dict[str, Any]] = page.evaluate(FIND_FAULTS)
    return list(dict.fromkeys(f"{fault['kind']}: {fault['text']}" for fault in faults))


def lasting_layout_faults(page: Page, seconds: float = 8) -> list[str]:
    """The faults that are still there when the time has passed: a live page may be laid out again at any moment."""
    faults: list[str] = []

    def is_clean() -> bool:
        faults[:] = layout_faults(page)
        return not faults

    try:
        wait_for(is_clean, "a clean layout", seconds)
    except AssertionError:
        return faults
    return []


def first_figure_top(page: Page) -> float:
    """The pixels from the top of the window to the first figure; infinite without one."""
    top: float = page.evaluate(FIRST_FIGURE_TOP)
    return top
