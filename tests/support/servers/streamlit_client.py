"""A visitor without a browser: opens a page over Streamlit's websocket and keeps all bytes that the server sends."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from playwright.sync_api import Cookie
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

TIMEOUT = 60.0
"""Seconds until a page has to have run."""
MEDIA_PATH = re.compile(rb"/media/[\w.-]+")


@dataclass
class PageRun:
    """What a page's first whole run sent: the frames of the websocket, and the files that they name."""

    frames: list[bytes] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)

    def sent_bytes(self) -> bytes:
        """All of it, end to end."""
        return b"\n".join([*self.frames, *self.files])

    def element_types(self) -> list[str]:
        """The type of each element that was drawn, as Streamlit's protocol names it, such as `metric`."""
        return [str(element.WhichOneof("type")) for element in self.elements()]

    def elements(self) -> list[Element]:
        """Each element that was drawn, in the order in which they were sent."""
        messages = [_parse(frame) for frame in self.frames]
        return [
            message.delta.new_element
            for message in messages
            if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element"
        ]


def open_page(base_url: str, path: str, query_string: str = "", cookies: Iterable[Cookie] = ()) -> PageRun:
    """Run a page once, as a browser with these cookies would on opening its address.

    Raises TimeoutError if the run doesn't end in time.
    """
    values = {cookie["name"]: cookie["value"] for cookie in cookies}
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in values.items())} if values else {}
    # The page proves by the second protocol that it can read the cookies, see Streamlit's server.
    protocols = [Subprotocol(name) for name in ("streamlit", values.get("_streamlit_xsrf", "")) if name]
    host = urlsplit(base_url).netloc
    run = PageRun()
    with connect(
        f"ws://{host}/_stcore/stream",
        origin=Origin(base_url),
        subprotocols=protocols,
        additional_headers=headers,
        open_timeout=TIMEOUT,
        max_size=None,
    ) as socket:
        socket.send(_rerun_message(base_url, path, query_string).SerializeToString())
        while not run.frames or not _ends_run(run.frames[-1]):
            frame = socket.recv(timeout=TIMEOUT)
            run.frames.append(frame if isinstance(frame, bytes) else frame.encode())
        for media_path in sorted(set(MEDIA_PATH.findall(b"\n".join(run.frames)))):
            request = Request(base_url + media_path.decode(), headers=headers)  # noqa: S310 -- our own server
            with urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310 -- our own server
                run.files.append(response.read())
    return run


def _rerun_message(base_url: str, path: str, query_string: str) -> BackMsg:
    message = BackMsg()
    message.rerun_script.query_string = query_string
    message.rerun_script.page_name = path
    context = message.rerun_script.context_info
    context.timezone, context.locale, context.color_scheme = "Europe/London", "en-GB", "light"
    context.url = f"{base_url}/{path}?{query_string}"
    return message


def _ends_run(frame: bytes) -> bool:
    message = _parse(frame)
    return message.WhichOneof("type") == "script_finished" and message.script_finished == message.FINISHED_SUCCESSFULLY


def _parse(frame: bytes) -> ForwardMsg:
    message = ForwardMsg()
    message.ParseFromString(frame)
    return message
