"""Skeletons that stand still in the browsers of tests.

A skeleton is the grey box where something is still to come. It pulses at sixty frames a second, each put together by
the processor where there is no graphics card: on a machine of two cores, that took half the time of opening a page.
"""

from playwright.sync_api import BrowserContext

STILL_SKELETONS_SCRIPT = """{
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("[data-testid=stSkeleton], [data-testid=stSkeleton] * { animation: none !important }");
    document.adoptedStyleSheets.push(sheet);
}"""


def keep_skeletons_still(context: BrowserContext) -> None:
    """Let no skeleton pulse on the pages that a browser context opens from now on."""
    context.add_init_script(STILL_SKELETONS_SCRIPT)
