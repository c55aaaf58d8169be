"""The process that does long work for a server: it tells how far it is, and goes on, or lets go, as it is told."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection

DONE, FAILED, STEP = "done", "failed", "step"
GO_ON, LET_GO = b"go on", b"let go"


class LetGo(BaseException):
    """Nobody waits for this work any more; no error of the work itself, so that nothing on the way takes it for one."""


def main() -> None:
    """Arguments of the command line: the connection's file descriptor, and the niceness to work at."""
    connection = Connection(int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked ends this process, by ending the connection
    with contextlib.suppress(OSError):
        os.nice(int(sys.argv[2]))  # before any library starts threads, which inherit it
    with contextlib.suppress(EOFError, OSError):  # whoever asked is gone
        while True:
            connection.send_bytes(_answer(connection.recv_bytes(), _progress(connection)))


def _progress(connection: Connection) -> Callable[[int, int], None]:
    """Says that a step is done, and waits for what to do next."""

    def tell(done: int, total: int) -> None:
        connection.send_bytes(pickle.dumps((STEP, (int(done), int(total)))))
        if connection.recv_bytes() != GO_ON:
            raise LetGo

    return tell


def _answer(task: bytes, progress: Callable[[int, int], None]) -> bytes:
    try:
        function, args = pickle.loads(task)
        return pickle.dumps((DONE, function(*args, progress)), protocol=pickle.HIGHEST_PROTOCOL)
    except LetGo:
        return pickle.dumps((DONE, None))
    except (EOFError, ConnectionError):  # whoever asked is gone
        raise
    except Exception as error:  # bad input mostly; whatever it is, it is for whoever asked
        return pickle.dumps((FAILED, error))


if __name__ == "__main__":
    main()
