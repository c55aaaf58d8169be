"""What a click brings along of the page's other widgets, where it is older than what the server knows of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from time import monotonic
from typing import Any
from urllib.parse import parse_qs

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import _has_active_trigger_value
from streamlit.runtime.state import SessionState

from dashboard.quick_clicks import HEARD

LAST = "brought_last"  # of this session: when the click before was taken, and the values that came with it
ONE, SEVERAL = ("bool_value", "double_value", "int_value", "string_value"), ("double_array_value", "int_array_value", "string_array_value")
STATE = ("json_value", "arrow_value", "bytes_value", "file_uploader_state_value")  # what is picked in a chart or a table, and files


def pass_over_outdated_values() -> None:
    """Let no click take back what another one set; call once, before a page is drawn.

    With each click a browser sends the values of all widgets of the page, and Streamlit takes them all. Two kinds of them are wrong:

    - One that a click before set on the server (a filter that it let go of), while the browser has not heard of it yet: of two quick clicks
      the second would undo the first. It is told by its being what came the last time, seconds ago, beside something else that is new: who
      changes such a widget back does nothing else with the same click.
    - One that a busy browser forgot, as it tidied up after one run when the next had already emptied a container: the widget comes back
      with its default. It is told by the link, into which a browser writes what a person chose in that moment.

    In both cases the server's own value stays, and the browser is told of it. Only widgets with a key are looked at, of values that stand
    for themselves (texts, numbers, choices). One choice is lost that Streamlit alone would keep: made anew of what a click let go of
    seconds ago, with another click after it, both while a part of the page is still drawn, or in a form. Streamlit offers no place for
    this, so what it calls is wrapped.
    """
    take = SessionState.set_widgets_from_proto

    def take_what_is_new(state: SessionState, brought: WidgetStates) -> None:
        outdated = {widget.id: held for widget, held in _outdated(state, brought)}
        take(state, WidgetStates(widgets=[widget for widget in brought.widgets if widget.id not in outdated]))
        for widget_id, held in outdated.items():
            state._new_session_state[state._key_id_mapper.get_key_from_id(widget_id)] = held
        state._old_state[LAST] = monotonic(), {widget.id: widget for widget in brought.widgets}

    SessionState.set_widgets_from_proto = take_what_is_new  # type: ignore[method-assign]


def _is_simple(widget: WidgetState) -> bool:
    """Whether its value stands for itself."""
    return widget.WhichOneof("value") in ONE + SEVERAL


def _outdated(state: SessionState, brought: WidgetStates) -> Iterator[tuple[WidgetState, Any]]:
    """The widgets whose values are to be passed over, with what the server holds."""
    then, last = state._old_state.get(LAST, (0.0, {}))
    quick = monotonic() - then < HEARD
    changed = [(widget, state._old_state[widget.id]) for widget in brought.widgets if _is_simple(widget) and _differs(state, widget)]
    picked = [widget for widget in brought.widgets if widget.WhichOneof("value") in STATE and last.get(widget.id) != widget]
    beside = len(changed) + len(picked) + sum(map(_has_active_trigger_value, brought.widgets)) > 1
    for widget, held in changed:
        if (quick and beside and last.get(widget.id) == widget) or _is_forgotten(state, widget):
            yield widget, held


def _differs(state: SessionState, widget: WidgetState) -> bool:
    """Whether a widget with a key holds another value on the server."""
    known = state._get_widget_metadata(widget.id)
    if known is None or widget.id not in state._old_state or widget.id not in state._key_id_mapper.id_key_mapping:
        return False
    return bool(known.deserializer(_value(widget)) != state._old_state[widget.id])


def _is_forgotten(state: SessionState, widget: WidgetState) -> bool:
    """Whether a widget that writes into the link comes with its default, and the link says something else."""
    context, known = get_script_run_ctx(suppress_warning=True), state._get_widget_metadata(widget.id)
    if context is None or known is None or widget.id not in state._query_param_bound_widget_ids:
        return False
    brought = _value(widget)
    linked = parse_qs(context.query_string, keep_blank_values=True).get(state._key_id_mapper.get_key_from_id(widget.id))
    if linked is None or known.deserializer(brought) != known.deserializer(None):
        return False
    said = [text for text in linked if text]  # an empty choice stands in it as an empty text
    values = [value for value in (brought if isinstance(brought, list) else [brought]) if value != ""]
    return len(said) != len(values) or not all(map(_reads_as, said, values))


def _reads_as(said: str, value: str | bool | float) -> bool:
    if isinstance(value, str | bool):
        return said == (value if isinstance(value, str) else str(value).lower())
    with suppress(ValueError):
        return float(said) == value  # a browser writes 1e-7 where Python has 1e-07
    return True


def _value(widget: WidgetState) -> Any:
    kind = widget.WhichOneof("value")
    value = getattr(widget, kind)
    return list(value.data) if kind in SEVERAL else value
