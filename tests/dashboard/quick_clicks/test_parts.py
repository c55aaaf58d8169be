"""Of the parts of a page a browser is sent what belongs together, whichever is drawn next."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from dashboard.quick_clicks.parts import send_parts_whole

DRAWN, BROKEN_OFF, WHOLE = (
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN, ForwardMsg.FINISHED_SUCCESSFULLY,
)  # fmt: skip


@pytest.fixture(autouse=True)
def mended(monkeypatch):
    monkeypatch.setattr(ForwardMsgQueue, "clear", ForwardMsgQueue.clear)
    send_parts_whole()


def ended(state, *parts) -> ForwardMsg:
    message = ForwardMsg()
    message.script_finished = state
    message.metadata.run.fragment_ids.extend(parts)
    return message


def shown(part: str, *path: int) -> ForwardMsg:
    message = ForwardMsg()
    message.delta.fragment_id = part
    message.delta.new_element.text.body = part
    message.metadata.delta_path[:] = path or [0, len(part)]
    return message


def place(part: str, *path: int) -> ForwardMsg:
    message = ForwardMsg()
    message.delta.fragment_id = part
    message.delta.add_block.allow_empty = True
    message.metadata.delta_path[:] = path
    return message


def kept(queue: ForwardMsgQueue, *begun: str) -> list:
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=list(begun))
    return [list(message.metadata.delta_path) or list(message.metadata.run.fragment_ids) for message in queue.flush()]


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


def test_what_stands_in_a_part_that_begins_anew_is_not_sent_before_its_place():
    queue = ForwardMsgQueue()
    whole_page = (
        place("", 0, 1),
        shown("", 0, 1, 0),
        place("filter", 0, 2),
        place("inner", 0, 2, 0),
        shown("inner", 0, 2, 0, 0),
        place("remedy", 0, 3),
    )
    for message in whole_page:
        queue.enqueue(message)
    assert kept(queue, "filter") == [[0, 1], [0, 1, 0], [0, 3]]
    for message in whole_page:
        queue.enqueue(message)
    assert kept(queue, "inner") == [[0, 1], [0, 1, 0], [0, 2], [0, 3]], "the part around it is not drawn again"


def test_an_inner_part_that_is_drawn_with_the_one_around_it_is_not_said_to_be_drawn_before():
    queue = ForwardMsgQueue()
    for message in (place("filter", 0, 2), shown("inner", 0, 2, 0), shown("remedy", 0, 3), ended(DRAWN, "filter", "inner", "remedy")):
        queue.enqueue(message)
    assert kept(queue, "filter") == [[0, 3], ["remedy"]]
