"""Every hostile text in each kind of place that reads Markdown, and in `st.text`, for tests/browser/test_hostile.py."""

import streamlit as st

from components.text.escape import clean, plain
from tests.support.hostile import TEXTS

for n, text in enumerate(TEXTS):
    with st.container(key=f"bold-{n}"):
        st.markdown(f"**{plain(text)}**")
    with st.container(key=f"middle-{n}"):
        st.markdown(f":small[a {plain(text)} b]")
    with st.container(key=f"caption-{n}"):
        st.caption(plain(text))
    with st.container(key=f"notice-{n}"):
        st.success(plain(text))
    with st.container(key=f"label-{n}"):
        st.button(plain(text), key=f"button-{n}")
    with st.container(key=f"metric-{n}"):
        st.metric(plain(text), "")
    with st.container(key=f"choice-{n}"):
        st.checkbox(plain(text), key=f"checkbox-{n}")
    with st.container(key=f"text-{n}"):
        st.text(clean(text))
