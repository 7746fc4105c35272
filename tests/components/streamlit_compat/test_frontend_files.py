"""Streamlit's scripts are sent compressed to browsers that take it, and kept for good."""

import gzip

import pytest
from starlette.responses import PlainTextResponse

from components.streamlit_compat.frontend_files import FRONTEND_FOLDER, FRONTEND_PREFIX, frontend_files
from tests.support.servers.asgi import Response, run_in_event_loop, send_request

app = frontend_files.cls(PlainTextResponse("from Streamlit"), *frontend_files.args, **frontend_files.kwargs)


def get(path: str, encodings: bytes = b"gzip, deflate, br") -> Response:
    """The response to a browser that takes these encodings."""
    return run_in_event_loop(lambda: send_request(app, path, headers={b"accept-encoding": encodings}))


@pytest.mark.parametrize("pattern", ["js/index.*.js", "css/*.css"])
def test_each_script_and_style_of_the_frontend_is_sent_compressed_and_kept_for_good(pattern: str) -> None:
    files = list(FRONTEND_FOLDER.glob(pattern))
    assert files
    for file in files:
        if file.stat().st_size < 1000:
            continue
        response = get(FRONTEND_PREFIX + file.relative_to(FRONTEND_FOLDER).as_posix())
        assert response.headers["content-encoding"] == "gzip"
        assert "immutable" in response.headers["cache-control"]
        assert "Accept-Encoding" in response.headers["vary"]
        assert gzip.decompress(response.body) == file.read_bytes()


def test_a_browser_that_takes_no_compressed_files_has_them_as_they_are() -> None:
    largest_script = max(FRONTEND_FOLDER.glob("js/*.js"), key=lambda file: file.stat().st_size)
    response = get(f"{FRONTEND_PREFIX}js/{largest_script.name}", b"identity")
    assert "content-encoding" not in response.headers
    assert response.body == largest_script.read_bytes()


@pytest.mark.parametrize("path", ["/queue", "/static/none.js", "/static/../index.html", "/static/js/../../index.html"])
def test_all_else_is_left_to_streamlit(path: str) -> None:
    assert get(path).body == b"from Streamlit"
