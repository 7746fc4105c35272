"""Every way around Streamlit or pandas internals, each with its reason."""
