"""Downloads that the browser can still fetch after other pages have refreshed themselves.

`st.download_button(data=<function>)` puts the file into Streamlit's media file manager and tells the browser its
address. The manager drops the file after the next two script runs of any session: where many screens refresh
themselves, that is a moment later, and the download ends in "404 Not Found". `st.download_button` has no option that
keeps a file longer; once it has, this module can go.
"""

from itertools import count

from streamlit import runtime

MAX_FILES = 64
"""How many files are kept at a time: the latest."""
MAX_STORED_BYTES = 16 * 2**20
"""The largest file that is kept, so that all of them stay within 1 GB of memory."""
_file_numbers = count()


def store_download(content: bytes, mime_type: str, file_name: str) -> None:
    """Keep a file for a download button whose `data` has just returned the same bytes under the same name.

    The manager names a file by a hash of its content, type and name, so that both are one file. It is kept at
    coordinates that no session gives up, until they are reused.
    """
    if len(content) > MAX_STORED_BYTES:
        return
    runtime.get_instance().media_file_mgr.add(
        content,
        mime_type,
        f"takeaway-{next(_file_numbers) % MAX_FILES}",
        file_name,
        is_for_static_download=True,
    )
