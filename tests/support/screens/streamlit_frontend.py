"""The JavaScript of the installed Streamlit, as browsers get it."""

from functools import cache
from pathlib import Path

import streamlit as st


@cache
def frontend_scripts() -> str:
    """All scripts of the frontend, one after the other."""
    folder = Path(st.__file__).with_name("static") / "static" / "js"
    scripts = sorted(folder.glob("*.js"))
    assert scripts, f"no scripts in {folder}"
    return "\n".join(script.read_text(encoding="utf-8") for script in scripts)
