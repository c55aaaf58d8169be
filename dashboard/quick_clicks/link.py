"""What the link of a page says, where a click set out before the browser had the link of the click before."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.query_params import QueryParams, _coerce_value_for_query_url

from dashboard.quick_clicks import HEARD

Link = dict[str, list[str]]


@dataclass
class Told:
    """Of a session: the link that its browser came with, the one sent to it last, and what its widgets held.

    Attributes
    ----------
    came, base, sent : Link
        With this run; with the run that sent `sent`.
    at : float
        When `sent` was sent.
    unheard : bool
        Whether this run's click set out before the browser had `sent`.
    said, held : Link
        What widgets that write into the link held after the last run: as far as the link said it, and all of it.
    """

    came: Link = field(default_factory=dict)
    base: Link = field(default_factory=dict)
    sent: Link = field(default_factory=dict)
    at: float = float("-inf")
    unheard: bool = False
    said: Link = field(default_factory=dict)
    held: Link = field(default_factory=dict)

    def is_missing(self, key: str, texts: list[str]) -> bool:
        """Whether a link without this value lost it; the first values that a page gives its widgets may be left out."""
        return self.said.get(key) == texts or (key in self.held and self.held[key] != texts)


def keep_the_link_whole() -> None:
    """Let no click take out of the link what another one put in; call once, before a page is drawn.

    A browser writes what a person chooses in a widget into its link, and the server what a click on a chart sets; the server sends the
    whole link, as it was when that click set out and with what it set. Of two quick clicks one is then missing in it, for good: the page
    shows it, and the link, which is shared and loaded anew, does not. At the end of a run what is missing is put in again: values that the
    link said before and that widgets still hold, and what was sent while this click was on its way. Streamlit offers no place for this, so
    what it calls is wrapped.
    """
    populate, send, finish = QueryParams.populate_from_query_string, QueryParams._send_query_param_msg, SessionState.on_script_finished

    def populate_and_compare(params: QueryParams, query_string: str, valid_script_hashes: set[str] | None = None) -> None:
        populate(params, query_string, valid_script_hashes)
        elsewhere = valid_script_hashes is not None or getattr(get_script_run_ctx(suppress_warning=True), "is_history_navigation", False)
        told = _told(params, anew=elsewhere)
        told.came = _link(params)
        changed = [key for key in {**told.base, **told.sent} if told.base.get(key) != told.sent.get(key)]
        told.unheard = monotonic() - told.at < HEARD and any(told.came.get(key) != told.sent.get(key) for key in changed)
        if told.unheard:
            _merge(params, told, changed)

    def send_and_note(params: QueryParams) -> None:
        send(params)
        told = _told(params)
        told.base, told.sent, told.at = told.came, _link(params), monotonic()

    def finish_and_mend(state: SessionState, *given: object, **options: object) -> None:
        finish(state, *given, **options)  # type: ignore[arg-type]
        _mend(state)

    QueryParams.populate_from_query_string = populate_and_compare  # type: ignore[method-assign]
    QueryParams._send_query_param_msg = send_and_note  # type: ignore[method-assign]
    SessionState.on_script_finished = finish_and_mend  # type: ignore[method-assign]


def _told(params: QueryParams, anew: bool = False) -> Told:
    if anew or "told" not in params.__dict__:
        params.__dict__["told"] = Told()
    return params.__dict__["told"]


def _link(params: QueryParams) -> Link:
    return {key: _texts(value) for key, value in params._query_params.items()}


def _texts(value: str | list[str]) -> list[str]:
    return list(value) if isinstance(value, list) else [value]


def _put(params: QueryParams, key: str, texts: list[str]) -> None:
    params.set_with_no_forward_msg(key, texts[0] if len(texts) == 1 else texts)


def _merge(params: QueryParams, told: Told, changed: list[str]) -> None:
    """Take over what the server sent while this click was on its way, where this click changed nothing."""
    for key in changed:
        if told.came.get(key) == told.base.get(key):
            if key in told.sent:
                _put(params, key, told.sent[key])
            else:
                params.discard_param_no_forward_msg(key)


def _mend(state: SessionState) -> None:
    """Send the link again where the browser's would miss something."""
    params = state.query_params
    told, held, link = _told(params), _held(state), _link(params)
    unsaid = {key: texts for key, texts in held.items() if texts and link.get(key) != texts}
    missing = {key: texts for key, texts in unsaid.items() if told.is_missing(key, texts)}
    for key, texts in missing.items():
        _put(params, key, texts)
    if missing or (told.unheard and _link(params) != told.sent):
        params._send_query_param_msg()
    told.held, told.said = held, {key: texts for key, texts in held.items() if key not in unsaid or key in missing}
    told.unheard = False


def _held(state: SessionState) -> Link:
    """What widgets that write into the link hold, as it says it; nothing for a default, which is left out of it."""
    held: Link = {}
    for widget_id, binding in state.query_params._bindings_by_widget.items():
        known = state._get_widget_metadata(widget_id)
        if known is None or widget_id not in state:
            continue
        value = state[widget_id]
        with suppress(LookupError, TypeError, ValueError):  # no longer one of its options, and not drawn since
            default = value == known.deserializer(None)
            held[binding.param_key] = [] if default else _texts(_coerce_value_for_query_url(known.serializer(value), known.value_type))
    return held
