"""What a part of a page no longer shows, where the next click follows before the browser was told that the part is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

DRAWN = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY


def take_leftovers_away() -> None:
    """Let a browser hear that a part of a page is drawn, also where another part is drawn next; call once, before a page is drawn.

    At the end of a part, the browser takes away what the part no longer shows. When the next run begins before that is sent, Streamlit says
    that the part was broken off instead. It is right of a part that begins anew, of which nothing is sent; of any other, all is sent, and
    its leftovers would stand in the page, such as a second copy of the part below. Streamlit offers no place for this, so what it calls is
    wrapped.
    """
    clear = ForwardMsgQueue.clear

    def clear_what_begins_anew(
        queue: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
    ) -> None:
        drawn = _drawn(queue._queue, fragment_ids_this_run or ())
        clear(queue, retain_lifecycle_msgs, fragment_ids_this_run)
        for message, parts in drawn if fragment_ids_this_run else ():
            message.script_finished = DRAWN
            message.metadata.run.fragment_ids[:] = parts

    ForwardMsgQueue.clear = clear_what_begins_anew  # type: ignore[method-assign]


def _drawn(messages: Sequence[ForwardMsg], begun: Sequence[str]) -> list[tuple[ForwardMsg, list[str]]]:
    """The messages that say of some parts that they are drawn, with those parts that do not begin anew."""
    found = []
    for message in messages:
        if message.HasField("script_finished") and message.script_finished == DRAWN:
            parts = [part for part in message.metadata.run.fragment_ids if part not in begun]
            if parts:
                found.append((message, parts))
    return found
