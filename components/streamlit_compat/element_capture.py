"""What a block of a page draws, as it goes to the browser: charts, maps and tables, for who takes them away."""

from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

KINDS = ("vega_lite_chart", "deck_gl_json_chart", "dataframe")


@contextmanager
def noting() -> Iterator[list[Element]]:
    """The elements that the block sends, in their order, also those that are replayed from a cache.

    They are what the browser gets, and no copies: noting costs nothing but the look at each message.
    """
    noted: list[Element] = []
    context = get_script_run_ctx()
    if context is None:
        yield noted
        return
    send = context.enqueue

    def note(msg: ForwardMsg) -> None:
        # Before it may become a mere reference to what the browser has already.
        element = msg.delta.new_element
        if element.WhichOneof("type") in KINDS:
            noted.append(element)
        send(msg)

    # Streamlit has no other place to listen at.
    context.enqueue = note  # type: ignore[method-assign]
    try:
        yield noted
    finally:
        context.enqueue = send  # type: ignore[method-assign]
