"""Every hostile text in each kind of place that reads Markdown, and in `st.text`, for tests/browser/test_hostile.py."""

import streamlit as st

from components.text.escape import clean_text, escape_markdown
from tests.support.screens.hostile_texts import HOSTILE_TEXTS

for n, text in enumerate(HOSTILE_TEXTS):
    with st.container(key=f"bold-{n}"):
        st.markdown(f"**{escape_markdown(text)}**")
    with st.container(key=f"middle-{n}"):
        st.markdown(f":small[a {escape_markdown(text)} b]")
    with st.container(key=f"caption-{n}"):
        st.caption(escape_markdown(text))
    with st.container(key=f"notice-{n}"):
        st.success(escape_markdown(text))
    with st.container(key=f"label-{n}"):
        st.button(escape_markdown(text), key=f"button-{n}")
    with st.container(key=f"metric-{n}"):
        st.metric(escape_markdown(text), "")
    with st.container(key=f"choice-{n}"):
        st.checkbox(escape_markdown(text), key=f"checkbox-{n}")
    with st.container(key=f"text-{n}"):
        st.text(clean_text(text))
