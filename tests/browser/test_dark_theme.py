"""What Streamlit writes in the primary colour, which is too dark for text on a dark background."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_exports import menu

pytestmark = pytest.mark.serial

MIN_CONTRAST = 4.5
"""Of text and background, by WCAG 2 (https://www.w3.org/TR/WCAG22/#contrast-minimum)."""
# A colour may be written in several ways: drawn, it is three bytes. The background is that of the nearest one with any.
CONTRAST = """(element) => {
    const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const luminance = (colour) => {
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
        const [red, green, blue] = [...context.getImageData(0, 0, 1, 1).data].map((byte) => byte / 255)
            .map((share) => share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    let behind = element;
    while (/, 0\\)|transparent/.test(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
    const lights = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor].map(luminance);
    return (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
}"""


def contrast(element: Locator) -> float:
    ratio: float = element.evaluate(CONTRAST)
    return ratio


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_button_without_a_frame_is_readable_under_the_mouse_and_while_its_popover_is_open(
    theme: str, page: Page
) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.goto("/overview?as=manager&lang=en")
    bell = page.locator(".st-key-bell").get_by_role("button")
    plain_colour = bell.evaluate("(element) => getComputedStyle(element).color")
    bell.hover()
    expect(bell).not_to_have_css("color", plain_colour)
    assert contrast(bell) >= MIN_CONTRAST
    bell.click()
    page.mouse.move(0, 400)
    expect(bell).to_have_attribute("aria-expanded", "true")
    assert contrast(bell) >= MIN_CONTRAST
    page.keyboard.press("Escape")
    # In a popover, which lies outside of the app in the page.
    menu(page, "Largest topics")
    entry = page.get_by_role("button", name="Rows (CSV)", exact=True)
    entry.hover()
    assert contrast(entry) >= MIN_CONTRAST
