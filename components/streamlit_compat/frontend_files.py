"""The files of Streamlit's frontend, compressed once when Otklik is installed: `python -m` this module does it.

A first page needs 4 to 8 MB of scripts, which Streamlit sends as they are: its middleware would compress them for each
request anew, so it leaves that to a proxy (`streamlit.web.server.starlette.starlette_gzip_middleware`). A centre's wall
screens and laptops often have none in between.
"""

from functools import partial
from pathlib import Path

import streamlit as st
from servestatic import ServeStaticASGI, compress
from starlette.middleware import Middleware

FRONTEND_FOLDER = Path(st.__file__).parent / "static" / "static"
"""Scripts, styles, fonts and pictures, whose names change with their content. Those compressed end in `.gz`."""
FRONTEND_PREFIX = "/static/"
"""The beginning of their addresses."""

# Browsers needn't ask again: another content has another name.
frontend_files = Middleware(
    partial(
        ServeStaticASGI,
        root=FRONTEND_FOLDER,
        prefix=FRONTEND_PREFIX,
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=False,
    )
)
"""Sends these files compressed to browsers that take it, and hands every other request on."""


def compress_frontend() -> None:
    """Write a compressed copy beside each file that gets smaller by it, in a few seconds."""
    compress.main(["--quiet", "--no-brotli", "--no-zstd", str(FRONTEND_FOLDER)])


if __name__ == "__main__":
    compress_frontend()
