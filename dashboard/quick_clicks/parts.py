"""What a browser is sent of a page's parts, where the next click follows before it was sent the part before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

DRAWN = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY


def send_parts_whole() -> None:
    """Send of the parts of a page what belongs together; call once, before a page is drawn.

    When a run begins, Streamlit takes back what it has not sent yet of the parts (its fragments) that begin anew, and keeps the rest. Two
    things go wrong with the rest:

    - Of a part that was drawn it says that it was broken off. The browser then leaves in the page what the part no longer shows, such as a
      second copy of the part below. It is told so of parts that begin anew alone.
    - What stands in a part that begins anew, and is a part itself, is sent before its place is there again, and the page is dead. It
      is taken back too: it is drawn with the part around it.

    Streamlit offers no place for this, so what it calls is wrapped.
    """
    clear = ForwardMsgQueue.clear

    def clear_what_begins_anew(
        queue: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
    ) -> None:
        if not fragment_ids_this_run:  # the whole page begins anew, or all has been sent
            clear(queue, retain_lifecycle_msgs, fragment_ids_this_run)
            return
        inside = list(_inside(queue._queue, fragment_ids_this_run))
        drawn = _drawn(queue._queue, {*fragment_ids_this_run, *(message.delta.fragment_id for message in inside)})
        gone = set(map(id, inside))
        queue._queue = [message for message in queue._queue if id(message) not in gone]
        clear(queue, retain_lifecycle_msgs, fragment_ids_this_run)
        for message, parts in drawn:
            message.script_finished = DRAWN
            message.metadata.run.fragment_ids[:] = parts

    ForwardMsgQueue.clear = clear_what_begins_anew  # type: ignore[method-assign]


def _inside(messages: Sequence[ForwardMsg], begun: Collection[str]) -> Iterator[ForwardMsg]:
    """What stands in a place that is taken back with a part."""
    deltas = [(message, tuple(message.metadata.delta_path)) for message in messages if message.HasField("delta")]
    places = {path for message, path in deltas if message.delta.fragment_id in begun and message.delta.HasField("add_block")}
    for message, path in deltas:
        if message.delta.fragment_id not in begun and any(path[:depth] in places for depth in range(len(path))):
            yield message


def _drawn(messages: Sequence[ForwardMsg], anew: Collection[str]) -> list[tuple[ForwardMsg, list[str]]]:
    """The messages that say of some parts that they are drawn, with those parts that are not drawn anew."""
    found = []
    for message in messages:
        if message.HasField("script_finished") and message.script_finished == DRAWN:
            parts = [part for part in message.metadata.run.fragment_ids if part not in anew]
            if parts:
                found.append((message, parts))
    return found
