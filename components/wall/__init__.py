"""The wall: a page of plain HTML, read from six metres, without a Streamlit session."""
