"""A worker of this machine: ``python -m core.workers.process FD`` takes items from a connection and sends answers back, until it ends."""

from __future__ import annotations

import pickle
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection

STARTED, DONE, FAILED = "started", "done", "failed"


def main() -> None:
    """Argument of the command line: the connection's file descriptor."""
    connection = Connection(int(sys.argv[1]))
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what works may tidy up
    try:
        function, start = connection.recv()
        state = (start(),) if start else ()
    except EOFError:  # whoever asked is gone
        return
    except Exception as error:
        return _send(connection, FAILED, error)
    _send(connection, STARTED, None)
    while True:
        try:
            item = connection.recv_bytes()
        except (EOFError, OSError):
            return
        _send(connection, *_answer(function, state, item))


def _answer(function: Callable, state: tuple, item: bytes) -> tuple[str, object]:
    try:
        return DONE, function(*state, pickle.loads(item))
    except Exception as error:  # for whoever asked
        return FAILED, error


def _send(connection: Connection, how: str, what: object) -> None:
    try:
        answer = pickle.dumps((how, what), protocol=pickle.HIGHEST_PROTOCOL)
        pickle.loads(answer) if how == FAILED else None  # some errors can be pickled and not read again
    except Exception as error:
        about = what if how == FAILED else error
        answer = pickle.dumps((FAILED, RuntimeError(f"{type(about).__name__}: {about}")))
    connection.send_bytes(answer)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
