"""A viewer of a page does what a browser does by itself: it reruns fragments that ask for it, and those alone."""

import asyncio

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from otklik.load.connections import Site
from otklik.load.streamlit_page import PageAddress, PageState, rerun_every
from tests.support.servers.asgi import run_in_event_loop
from tests.support.waiting import PATIENCE_SECONDS

ADDRESS = PageAddress(Site("http://127.0.0.1:8501"), "overview", "lang=en")


class Stream:
    """The sending end of a page's websocket."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[BackMsg] = asyncio.Queue()

    async def send(self, data: bytes) -> None:
        await self.messages.put(BackMsg.FromString(data))


def test_a_fragment_that_asks_for_it_is_run_again_without_any_press() -> None:
    state = PageState(component_id="pulse", fragment_id="pulse fragment")
    message = ForwardMsg()
    message.auto_rerun.fragment_id, message.auto_rerun.interval = "bell", 0.001
    assert state.take(message.SerializeToString()) is None
    assert set(state.rerun_intervals) == {"bell"}

    async def steps() -> None:
        stream = Stream()
        seconds = state.rerun_intervals["bell"]
        rerunning = asyncio.create_task(rerun_every(seconds, "bell", stream, ADDRESS, state))  # type: ignore[arg-type]
        for _ in range(3):
            rerun = (await asyncio.wait_for(stream.messages.get(), PATIENCE_SECONDS)).rerun_script
            assert rerun.fragment_id == "bell"
            assert not rerun.widget_states.widgets
        rerunning.cancel()

    run_in_event_loop(steps)
