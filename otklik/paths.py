"""Folders of the installation: Otklik runs from its checkout."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
"""The folder with `app.py`, `pages/` and `.streamlit/`."""
