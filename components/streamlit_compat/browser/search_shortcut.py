"""The key that puts the cursor into the search box of the page's head.

Streamlit's `shortcut` is for buttons and takes no punctuation, and no call moves the focus. One that does would
replace this module: https://github.com/streamlit/streamlit/issues/3899.
"""

import streamlit as st

# The key of "/" writes "." in a Russian layout. Nothing happens while somebody types elsewhere.
SHORTCUT_SCRIPT = """
export default function({ data }) {
  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key !== "/" && !(event.code === "Slash" && event.key === ".")) return;
    const typedInto = event.composedPath()[0];
    if (typedInto.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(typedInto.tagName)) return;
    const input = document.querySelector(`.st-key-${data} input`);
    if (!input) return;
    event.preventDefault();
    input.focus();
    input.select();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}
"""


def focus_by_slash(key: str) -> None:
    """Let `/` put the cursor into the text input with this key."""
    st.components.v2.component("otklik_search_shortcut", js=SHORTCUT_SCRIPT)(data=key, key=f"slash-{key}")
