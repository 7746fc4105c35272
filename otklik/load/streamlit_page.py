"""A viewer of a page as its browser would be: Streamlit's websocket, and the live channel that makes it ask again."""

import asyncio
import json
import random
import re
from contextlib import suppress
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection

from components.layout.auto_refresh import REFRESH_COMPONENT
from components.layout.live_channel import AGE_SECONDS, CHANNEL_PATH, CHECK_SECONDS
from otklik.load.connections import Site, UnexpectedAnswer
from otklik.load.viewer import OnPaint

WHOLE_RUN = ForwardMsg.FINISHED_SUCCESSFULLY
BEAT = json.dumps([{"event": "beat", "value": True}])
RECEIVED_LABEL = "Received"
TRIGGER_ID = "$$STREAMLIT_INTERNAL_KEY_{component_id}__events"


@dataclass
class PageState:
    """What a page's messages have told: its tile of appeals received, and the ends that its refresh needs."""

    received: int | None = None
    component_id: str = ""
    fragment_id: str = ""
    script_hash: str = ""
    channel: dict[str, object] = field(default_factory=dict)
    """The data of the component that waits at the live channel: token and version."""
    elements: int = 0
    """How many elements have been drawn."""
    announced_version: int = 0
    """The newest version that the server announced on the live channel."""
    cached_messages: dict[str, ForwardMsg] = field(default_factory=dict)
    rerun_intervals: dict[str, float] = field(default_factory=dict)
    """By fragment, after how many seconds the browser has it run again, and again, without any change."""

    def take(self, frame: bytes) -> int | None:
        """Take in one message of the server; returns how a run of the script ended, if this is its end."""
        message = ForwardMsg.FromString(frame)
        if message.WhichOneof("type") == "ref_hash":
            message = self.cached_messages[message.ref_hash]
        elif message.metadata.cacheable:
            self.cached_messages[message.hash] = message
        match message.WhichOneof("type"):
            case "new_session":
                self.script_hash = message.new_session.page_script_hash
            case "navigation":
                # That of the page that was opened: a session begins with that of the whole app.
                self.script_hash = message.navigation.page_script_hash
            case "delta" if message.delta.WhichOneof("type") == "new_element":
                self._take_element(message)
            case "auto_rerun":
                self.rerun_intervals[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            case "auth_redirect":
                raise UnexpectedAnswer("sent to the sign-in")
            case "script_finished":
                return int(message.script_finished)
            case _:
                pass
        return None

    def _take_element(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        self.elements += 1
        if element.WhichOneof("type") == "metric" and element.metric.label == RECEIVED_LABEL:
            self.received = int(re.sub(r"\D", "", element.metric.body) or 0)
        elif element.WhichOneof("type") == "exception":
            raise UnexpectedAnswer("an exception on the page")
        elif element.WhichOneof("type") == "bidi_component":
            component = element.bidi_component
            if component.component_name == REFRESH_COMPONENT:
                self.component_id, self.fragment_id = component.id, message.delta.fragment_id
                self.channel = json.loads(component.json or component.mixed.json)


@dataclass(frozen=True)
class PageAddress:
    """A page of a site with its query; the query chooses English, by whose labels figures are recognised."""

    site: Site
    page: str
    query: str


async def watch_page(address: PageAddress, on_paint: OnPaint) -> None:
    """Open a page and keep it up to date until cancelled, calling `on_paint` after each run that drew."""
    site, index = await address.site.visit(f"/{address.page}?{address.query}")
    state = PageState()
    xsrf_cookies = [part.partition("=")[2] for part in site.cookies.split("; ") if part.startswith("_streamlit_xsrf=")]
    async with site.websocket("/_stcore/stream", "streamlit", *xsrf_cookies) as stream:
        await stream.send(_rerun_message(address, state))
        size = len(index)
        async for frame in stream:
            data = frame if isinstance(frame, bytes) else frame.encode()
            size += len(data)
            if state.take(data) == WHOLE_RUN:
                break
        on_paint(state.received, size)
        if not state.channel:
            raise UnexpectedAnswer("no live channel on the page")
        async with asyncio.TaskGroup() as tasks:
            has_changed = asyncio.Event()
            tasks.create_task(_follow_channel(site, state, has_changed))
            tasks.create_task(_ask_again(stream, address, state, has_changed))
            tasks.create_task(_age(has_changed))
            for fragment_id, seconds in state.rerun_intervals.items():
                tasks.create_task(rerun_every(seconds, fragment_id, stream, address, state))
            tasks.create_task(_draw(stream, state, on_paint))
        raise UnexpectedAnswer("the server ended the page")


async def _follow_channel(site: Site, state: PageState, has_changed: asyncio.Event) -> None:
    """Wait at the live channel, where the server announces the version of what the page shows."""
    token, version = state.channel["token"], state.channel["version"]
    async with site.websocket(f"{CHANNEL_PATH}?token={token}&version={version}") as channel:
        async for message in channel:
            state.announced_version = int(message)
            has_changed.set()


async def _ask_again(stream: ClientConnection, address: PageAddress, state: PageState, changed: asyncio.Event) -> None:
    """Have the live fragments run again after word of a change, and once more while they are older than that."""
    while True:
        await changed.wait()
        changed.clear()
        await stream.send(_rerun_message(address, state))
        with suppress(TimeoutError):
            await asyncio.wait_for(changed.wait(), CHECK_SECONDS)
        if int(str(state.channel["version"])) < state.announced_version:
            changed.set()


async def _age(has_changed: asyncio.Event) -> None:
    """Have the page look at its fragments now and then without word of a change, since ages go on."""
    while True:
        await asyncio.sleep(random.uniform(*AGE_SECONDS))  # noqa: S311 -- no secret
        has_changed.set()


async def rerun_every(
    seconds: float, fragment_id: str, stream: ClientConnection, address: PageAddress, state: PageState
) -> None:
    """Have a fragment run again and again, as browsers do where the page asks for it, until cancelled."""
    while True:
        await asyncio.sleep(seconds)
        await stream.send(_rerun_message(address, state, fragment_id))


async def _draw(stream: ClientConnection, state: PageState, on_paint: OnPaint) -> None:
    """Take in what the fragments draw. A run that the next one cuts short has drawn some elements all the same."""
    size, drawn_elements = 0, state.elements
    async for frame in stream:
        data = frame if isinstance(frame, bytes) else frame.encode()
        size += len(data)
        if state.take(data) is not None and state.elements > drawn_elements:
            on_paint(state.received, size)
            size, drawn_elements = 0, state.elements


def _rerun_message(address: PageAddress, state: PageState, fragment_id: str = "") -> bytes:
    """The message that opens the page; from its second run on has its live fragments run again, or the given one."""
    message = BackMsg()
    rerun = message.rerun_script
    rerun.query_string, rerun.page_name = address.query, address.page
    if state.component_id:
        rerun.page_name, rerun.page_script_hash = "", state.script_hash
        rerun.fragment_id = fragment_id or state.fragment_id
    if state.component_id and not fragment_id:
        trigger = rerun.widget_states.widgets.add()
        trigger.id = TRIGGER_ID.format(component_id=state.component_id)
        trigger.json_trigger_value = BEAT
    context = rerun.context_info
    context.timezone, context.locale, context.color_scheme = "Europe/Moscow", "en-GB", "light"
    context.url = f"{address.site.url}/{address.page}?{address.query}"
    serialized: bytes = message.SerializeToString()
    return serialized
