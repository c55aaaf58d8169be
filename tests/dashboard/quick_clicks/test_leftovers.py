"""A browser hears that a part of a page is drawn, also where another part is drawn next."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from dashboard.quick_clicks.leftovers import take_leftovers_away

DRAWN, BROKEN_OFF, WHOLE = (
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN, ForwardMsg.FINISHED_SUCCESSFULLY,
)  # fmt: skip


@pytest.fixture(autouse=True)
def mended(monkeypatch):
    monkeypatch.setattr(ForwardMsgQueue, "clear", ForwardMsgQueue.clear)
    take_leftovers_away()


def ended(state, *parts) -> ForwardMsg:
    message = ForwardMsg()
    message.script_finished = state
    message.metadata.run.fragment_ids.extend(parts)
    return message


def shown(part: str) -> ForwardMsg:
    message = ForwardMsg()
    message.delta.fragment_id = part
    message.delta.new_element.text.body = part
    message.metadata.delta_path[:] = [0, len(part)]
    return message


@pytest.mark.parametrize(
    ("run", "begun", "told"),
    [
        (ended(DRAWN, "filter"), ["remedy"], (DRAWN, ["filter"])),
        (ended(DRAWN, "filter"), ["filter"], (BROKEN_OFF, ["filter"])),
        (ended(DRAWN, "filter", "remedy"), ["remedy"], (DRAWN, ["filter"])),
        (ended(DRAWN, "filter"), None, (BROKEN_OFF, ["filter"])),
        (ended(BROKEN_OFF, "filter"), ["remedy"], (BROKEN_OFF, ["filter"])),
        (ended(WHOLE), ["remedy"], (WHOLE, [])),
    ],
    ids=["another part", "the same part", "one of two", "the whole page", "broken off", "after a whole page"],
)
def test_what_is_sent_is_drawn(run, begun, told):
    queue = ForwardMsgQueue()
    for message in (shown("filter"), run):
        queue.enqueue(message)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=begun)
    *parts, end = queue.flush()
    assert (end.script_finished, list(end.metadata.run.fragment_ids)) == told
    assert bool(parts) == (begun is not None and "filter" not in begun), "only of a part that does not begin anew is there anything to draw"
