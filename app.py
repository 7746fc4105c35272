"""The frame: which pages there are, in the viewer's language."""

import streamlit as st

from components import frame
from components.words import _, preferred, use

use(preferred())
page = st.navigation(
    [st.Page(f"pages/{name}.py", title=_(title), help=_(about)) for name, (title, about) in frame.PAGES.items()],
    position="top",
)
page.run()
