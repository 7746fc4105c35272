"""Going back to where somebody was on a page: the browser's Back brings the scroll position with it.

Streamlit draws the page that Back leads to from its top, in an element that the browser keeps no positions for. So the
script remembers them for each address, without the appeal that was opened from it, and brings one back until somebody
scrolls, at most for some seconds. A restoration by Streamlit would replace this module.
"""

SCROLL_SCRIPT = """
function keepScroll() {
  if (window.otklikKeepsScroll) return;
  window.otklikKeepsScroll = true;
  let restoring = null;
  const stop = () => { clearInterval(restoring); restoring = null; };
  const key = () => {
    const params = new URLSearchParams(location.search);
    for (const name of ["number", "source", "region", "list"]) params.delete(name);
    return `otklik-scroll ${location.pathname}?${params}`;
  };
  document.addEventListener("scroll", ({ target }) => {
    if (restoring === null && target.dataset?.testid === "stMain") sessionStorage.setItem(key(), target.scrollTop);
  }, true);
  for (const name of ["wheel", "pointerdown", "touchstart", "keydown"]) document.addEventListener(name, stop, true);
  window.addEventListener("popstate", () => {
    const position = Number(sessionStorage.getItem(key()) ?? 0);
    const end = Date.now() + 30_000;
    stop();
    restoring = setInterval(() => {
      const main = document.querySelector('[data-testid="stMain"]');
      if (main && main.scrollHeight - main.clientHeight >= position) main.scrollTop = position;
      if (Date.now() > end) stop();
    }, 100);
  });
}
"""
"""Defines `keepScroll`, which does all this for the tab, however often it is called."""
