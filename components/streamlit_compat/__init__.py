"""Every way around something that Streamlit or pandas doesn't offer.

Each module says what is missing upstream and what would replace it, and has a test in tests/components/streamlit_compat
that fails once a new version changes what it relies on. Only these modules import Streamlit's internals (ruff's
TID251; the few exceptions are listed in pyproject.toml).
"""
