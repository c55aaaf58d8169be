"""A visitor without a browser: speaks to a Streamlit server as a browser does, and clicks what it was shown."""

from __future__ import annotations

import json
import time
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

MOST = 2**28  # bytes of a message
PATIENCE = 180.0  # seconds
TRIGGER = "$$STREAMLIT_INTERNAL_KEY_{}__events"


class Visitor:
    """One session with a server.

    Parameters
    ----------
    address : str
        Such as ``http://127.0.0.1:8501``.
    """

    def __init__(self, address: str):
        self.address, self.texts, self.exceptions = address, [], []
        self._states: dict[str, WidgetState] = {}
        self.widgets: dict[str, Any] = {}
        self._fragments: dict[str, str] = {}  # of a widget: the part of the page that alone is drawn again after a click on it
        self._uploaded = ""  # where the last file can be deleted
        self._query, self._page, self._session = "", "", ""
        self._arrive()

    def open(self, page: str, **query: str | list[str]) -> float:
        """Seconds until a page stands, what a browser asks for once it is painted included. A link is opened in a session of its own."""
        if query and self._session:
            self.leave()
            self._arrive()
        self._states, self._query, self._page = {}, urlencode(query, doseq=True), ""
        began = time.perf_counter()
        self._ask(page_name=page)
        heralds = [name for name in self.widgets if "page_painted_herald" in name]
        for herald in heralds:
            state = WidgetState(id=TRIGGER.format(herald), json_trigger_value=json.dumps([{"event": "painted", "value": True}]))
            self._ask(state, fragment=self._fragments[herald])
        return time.perf_counter() - began

    def choose(self, key: str, value: str | bool | list[str]) -> float:
        """Seconds until the page stands again after a widget got another value."""
        state = WidgetState(id=self._id_of(key))
        if isinstance(value, bool):
            state.bool_value = value
        elif isinstance(value, str):
            state.string_value = value
        else:
            state.string_array_value.data.extend(value)
        self._states[state.id] = state
        began = time.perf_counter()
        self._ask(fragment=self._fragments[state.id])
        return time.perf_counter() - began

    def upload(self, key: str, name: str, content: bytes) -> float:
        """Seconds until a file is there and the page shows what came of it."""
        began, uploader = time.perf_counter(), self._id_of(key)
        request = BackMsg()
        request.file_urls_request.request_id = uuid.uuid4().hex
        request.file_urls_request.file_names.append(name)
        request.file_urls_request.session_id = self._session
        self._socket.send(request.SerializeToString())
        answer = next(message for message in self._messages() if message.WhichOneof("type") == "file_urls_response")
        urls = answer.file_urls_response.file_urls[0]
        self._put(urls.upload_url, name, content)
        if self._uploaded:  # as a browser does for a file that another takes the place of
            self._send(self._uploaded, None, {}, "DELETE")
        self._uploaded = urls.delete_url
        state = WidgetState(id=uploader)
        file = state.file_uploader_state_value.uploaded_file_info.add(file_id=urls.file_id, name=name, size=len(content))
        file.file_urls.CopyFrom(urls)
        self._states[uploader] = state
        self._ask(fragment=self._fragments[uploader])
        return time.perf_counter() - began

    def _arrive(self) -> None:
        place = f"{self.address.replace('http', 'ws')}/_stcore/stream"
        self._socket = connect(place, subprotocols=["streamlit"], max_size=MOST, ping_interval=None, proxy=None)
        self.widgets, self._fragments = {}, {}

    def leave(self) -> None:
        """Close the tab."""
        self._socket.close()

    def _put(self, place: str, name: str, content: bytes) -> None:
        border = uuid.uuid4().hex
        head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n\r\n'.encode()
        body = b"".join((head, content, f"\r\n--{border}--\r\n".encode()))
        self._send(place, body, {"Content-Type": f"multipart/form-data; boundary={border}"}, "PUT")

    def _send(self, place: str, body: bytes | None, headers: dict[str, str], method: str) -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{self.address}/_stcore/health", timeout=PATIENCE) as answer:
            cookie = next(value.split(";")[0] for header, value in answer.getheaders() if header.lower() == "set-cookie")
        headers = headers | {"Cookie": cookie, "X-Xsrftoken": cookie.partition("=")[2]}
        with opener.open(urllib.request.Request(self.address + place, body, headers, method=method), timeout=PATIENCE):
            pass

    def _id_of(self, key: str) -> str:
        return next(name for name in self.widgets if name.endswith(f"-{key}"))

    def _ask(self, *once: WidgetState, page_name: str = "", fragment: str = "") -> None:
        """Let the page, or a fragment of it, run with all states and wait until it stands; those of `once` are forgotten."""
        request = BackMsg()
        script = request.rerun_script
        script.query_string, script.page_script_hash, script.page_name = self._query, self._page, page_name
        script.fragment_id = fragment
        script.widget_states.widgets.extend([*self._states.values(), *once])
        script.context_info.url, script.context_info.timezone = self.address, "UTC"
        self._socket.send(request.SerializeToString())
        self.texts, running = [], False
        for message in self._messages():
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._page, self._session, running = message.new_session.page_script_hash, message.new_session.initialize.session_id, True
            elif kind == "navigation":  # tells which of the app's pages it is; asked for by the script's own name, it would be the first
                self._page = message.navigation.page_script_hash
            elif kind == "delta":
                self._note(message.delta.new_element, message.delta.fragment_id)
            elif kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif kind == "script_finished" and running:  # an earlier one ends what this one interrupted
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    running = False
                else:
                    return

    def _note(self, element, fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind is None:
            return
        part = getattr(element, kind)
        if getattr(part, "id", ""):
            self.widgets[part.id], self._fragments[part.id] = part, fragment
        if kind in ("markdown", "alert", "html", "progress"):
            self.texts.append(getattr(part, "body", "") or getattr(part, "text", ""))
        if kind == "exception":
            self.exceptions.append(f"{part.type}: {part.message}")

    def _messages(self) -> Iterator[ForwardMsg]:
        while True:
            message = ForwardMsg()
            message.ParseFromString(self._socket.recv(timeout=PATIENCE))
            if message.WhichOneof("type") == "forward_msg_list":
                yield from message.forward_msg_list.messages
            else:
                yield message
