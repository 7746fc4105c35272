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

from otklik.i18n import LANGUAGES
from otklik.pages import PAGES
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.support.paths import PROJECT_ROOT
from tests.support.servers.databases import shared_temp_folder
from tests.support.servers.running_app import run_otklik, running_app

SIZES = ((1440, 900), (1920, 1080))
THEMES = ("light", "dark")
README_SHOTS = {("overview", 1920, "light", "en"): "overview.png"}
SCREENSHOTS_FOLDER = PROJECT_ROOT / "docs" / "screenshots"
APPEAL_COUNT = 200_000
TIMEOUT_MS = 60_000  # ms


def main() -> None:
    """Take them all; says where they are."""
    output_folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="otklik-shots-"))
    SCREENSHOTS_FOLDER.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium")
    assert chromium, "the screenshots need Chromium"
    with shared_temp_folder() as folder:
        result = run_otklik("demo", "--appeals", str(APPEAL_COUNT), data=folder / "data")
        assert result.returncode == 0, result.stderr
        with running_app(folder / "data") as app, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
            for page, size, theme, language in product(PAGES, SIZES, THEMES, LANGUAGES):
                name = f"{page}-{size[0]}-{theme}-{language}.png"
                take_screenshot(browser, f"{app.url}/{page}?lang={language}", size, theme, output_folder / name)
                if readme_name := README_SHOTS.get((page, size[0], theme, language)):
                    shutil.copy(output_folder / name, SCREENSHOTS_FOLDER / readme_name)
            browser.close()
    sys.stdout.write(f"{output_folder}\n")


def take_screenshot(browser: Browser, url: str, size: tuple[int, int], theme: str, path: Path) -> None:
    """One screen as it stands once its charts are drawn."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if theme == "dark" else "light",
        timezone_id="Europe/Moscow",
    )
    page = context.new_page()
    page.goto(url)
    charts = page.get_by_test_id("stVegaLiteChart")
    expect(charts.first).to_be_visible(timeout=TIMEOUT_MS)
    for n in range(charts.count()):
        expect(charts.nth(n).locator("svg, canvas").first).to_be_visible(timeout=TIMEOUT_MS)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=TIMEOUT_MS)
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    main()
