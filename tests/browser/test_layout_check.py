"""What finds faults in a layout finds each of them, planted in a small page, and none where there are none."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.screens.layout_check import layout_faults, record_canvas_texts

FaultsOf = Callable[[str], list[str]]
STYLE = """<!doctype html><style>
  body { margin: 0; font: 16px sans-serif }
  .at { margin: 0; position: absolute }
  .cut { width: 60px; overflow: hidden; white-space: nowrap }
</style>"""
CHART = '<div data-testid="stVegaLiteChart"><svg class="marks" width="200" height="50">{texts}</svg></div>'
TABLE = """<canvas width="300" height="40"></canvas><script>
  const context = document.querySelector("canvas").getContext("2d");
  context.font = "14px sans-serif";
  context.save();
  context.beginPath();
  context.rect(10, 0, {width}, 40);
  context.clip();
  context.fillText("Department of housing", 14, 20);
  context.restore();
</script>"""
FAULTS = {
    "page overflow": '<div style="width: 2000px">wide</div>',
    "text outside": '<p style="position: fixed; left: 370px; margin: 0">outside</p>',
    "texts overlap": '<p class="at" style="top: 0">first</p><p class="at" style="top: 6px">second</p>',
    "text cut": '<div class="cut">Department of housing</div>',
    "text cut below": '<div style="height: 20px; overflow: hidden">two<br>lines</div>',
    "cut text without its whole": '<div class="cut" style="text-overflow: ellipsis">Department of housing</div>',
    "word broken": '<div style="width: 60px; overflow-wrap: anywhere">Satisfaction</div>',
    "input cut": '<input style="width: 60px" value="Department of housing">',
    "texts of a chart overlap": CHART.format(texts='<text x="5" y="20">1,234</text><text x="25" y="22">87 %</text>'),
    "text outside its chart": CHART.format(texts='<text x="190" y="20">1,234</text>'),
    "table text cut": TABLE.format(width=60),
}
CLEAN = f"""
  <div style="width: 70px; overflow-wrap: anywhere">re-opened twice</div>
  <h1>Overview</h1><p>Two lines of<br>text</p>
  <div class="cut" style="text-overflow: ellipsis" title="Department of housing">Department of housing</div>
  <input style="width: 60px; text-overflow: ellipsis" title="Department of housing" value="Department of housing">
  <input value="housing">
  <div style="position: absolute; top: 400px; height: 30px; overflow: hidden"><div style="height: 100%; overflow: auto">
    scrolled<br>down to<br>line by line</div></div><p class="at" style="top: 432px">below the scroller</p>
  <div style="width: 80px; overflow-x: auto"><div style="width: 900px">scrolled to</div></div>
  <span style="position: absolute; width: 1px; height: 1px; overflow: hidden">for screen readers</span>
  <p style="position: absolute; top: 16px; opacity: 0">hidden</p>
  {CHART.format(texts='<text x="5" y="20">1,234</text><text x="60" y="20">87 %</text>')}
  {TABLE.format(width=250)}
"""


@pytest.fixture
def faults_of(browser: Browser) -> Iterator[FaultsOf]:
    """Lays a page out at the width of a phone, and gives what is wrong with it."""
    page = browser.new_page(viewport={"width": 390, "height": 800})
    record_canvas_texts(page)
    page.goto("about:blank")

    def find(html: str) -> list[str]:
        page.set_content(STYLE + html)
        return layout_faults(page)

    yield find
    page.close()


@pytest.mark.parametrize("kind", FAULTS)
def test_a_planted_fault_is_found(kind: str, faults_of: FaultsOf) -> None:
    assert [fault.partition(":")[0] for fault in faults_of(FAULTS[kind])] == [kind]


def test_what_lies_below_the_window_is_looked_at_too(faults_of: FaultsOf) -> None:
    page = (
        '<div data-testid="stMain" style="height: 700px; overflow: auto"><div style="height: 2000px">{text}</div></div>'
    )
    lines = [f'<p class="at" style="top: {top}px">line</p>' for top in (1500, 1506)]
    assert faults_of(page.format(text="".join(lines))) == ["texts overlap: stMain: line | line"]


def test_nothing_is_found_where_all_is_in_its_place(faults_of: FaultsOf) -> None:
    assert faults_of(CLEAN) == []
