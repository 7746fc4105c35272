"""Reloading a page that Streamlit's frontend has given up.

After an error in the browser, such as one for a fragment whose place is gone
(https://github.com/streamlit/streamlit/issues/15084), the frontend removes everything from the page. In front of a wall
screen nobody reloads it. Streamlit can't be told to; a frontend that recovers by itself would replace this module.
"""

RELOAD_DELAY_MS = 1000

RELOAD_SCRIPT = f"""
const reloadIfGivenUp = () => setTimeout(() => {{
  if (!document.querySelector("[data-testid=stApp]")) location.reload();
}}, {RELOAD_DELAY_MS});
const reloadWhenGivenUp = () => {{
  if (window.otklikGuarded) return;
  window.otklikGuarded = true;
  window.addEventListener("error", reloadIfGivenUp);
}};
"""
"""JavaScript for the top of a component's module: `reloadWhenGivenUp()` watches the page from then on, once."""
