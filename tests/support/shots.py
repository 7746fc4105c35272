"""Screenshots of every page, of a demo database: `make shots`.

All combinations of size, theme and language go to a folder to look through; those
of the README go to docs/screenshots.
"""

import shutil
import sys
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from components.layout.page import PAGES
from otklik.i18n import LANGUAGES
from tests.browser.conftest import FLAGS
from tests.support.paths import PROJECT
from tests.support.running import otklik, running
from tests.support.servers import open_folder

SIZES = ((1440, 900), (1920, 1080))
THEMES = ("light", "dark")
README = {("overview", 1920, "light", "en"): "overview.png"}
SHOWN = PROJECT / "docs" / "screenshots"
APPEALS = 200_000
PATIENCE = 60_000  # ms


def main() -> None:
    """Take them all; says where they are."""
    output_folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="otklik-shots-"))
    SHOWN.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium")
    assert chromium, "the screenshots need Chromium"
    with open_folder() as folder:
        result = otklik("demo", "--appeals", str(APPEALS), data=folder / "data")
        assert result.returncode == 0, result.stderr
        with running(folder / "data") as app, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
            for page, size, theme, language in product(PAGES, SIZES, THEMES, LANGUAGES):
                name = f"{page}-{size[0]}-{theme}-{language}.png"
                shot(browser, f"{app.address}/{page}?lang={language}", size, theme, output_folder / name)
                if readme_name := README.get((page, size[0], theme, language)):
                    shutil.copy(output_folder / name, SHOWN / readme_name)
            browser.close()
    sys.stdout.write(f"{output_folder}\n")


def shot(browser: Browser, address: str, size: tuple[int, int], theme: str, path: Path) -> None:
    """One screen as it stands once its charts are drawn."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if theme == "dark" else "light",
        timezone_id="Europe/Moscow",
    )
    page = context.new_page()
    page.goto(address)
    charts = page.get_by_test_id("stVegaLiteChart")
    expect(charts.first).to_be_visible(timeout=PATIENCE)
    for n in range(charts.count()):
        expect(charts.nth(n).locator("svg, canvas").first).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=PATIENCE)
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    main()
