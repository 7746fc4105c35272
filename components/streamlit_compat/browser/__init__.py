"""Scripts and styles in the browser that mend what Streamlit's frontend does or lacks."""
