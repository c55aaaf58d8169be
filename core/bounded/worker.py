"""The process that does bounded work: it takes tasks from a connection and sends answers back, until the connection ends."""

from __future__ import annotations

import os
import pickle
import resource
import struct
import sys
from multiprocessing.connection import Connection

from core.bounded import clock
from core.bounded.answers import read_answer

DONE, FAILED, NO_MEMORY = "done", "failed", "no memory"


def main() -> None:
    """Arguments of the command line: the connection's file descriptor, bytes of memory, seconds of processor time for a task."""
    connection, memory, seconds = Connection(int(sys.argv[1])), int(sys.argv[2]), float(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            task = connection.recv_bytes()
        except (EOFError, OSError):  # whoever asked is gone
            return
        _send(connection, *_answer(task, seconds))  # nothing of it is held here while the next task is done


def _answer(task: bytes, seconds: float) -> tuple[bytes, *tuple[memoryview, ...]]:
    """Pickled: how it ended, and the result or the error; then what its arrays hold, which is not copied for it."""
    try:
        function, args = pickle.loads(task)  # from whoever asked; it imports what the function needs, which is no fault of the file
        clock.start(seconds)
        held: list[pickle.PickleBuffer] = []
        answer = pickle.dumps((DONE, function(*args)), protocol=pickle.HIGHEST_PROTOCOL, buffer_callback=held.append)
        return answer, *(one.raw() for one in held)
    except MemoryError:
        return (pickle.dumps((NO_MEMORY, None)),)
    except Exception as error:  # bad input mostly; whatever it is, it is for whoever asked
        return (pickle.dumps((FAILED, _nameable(error))),)
    finally:
        clock.stop()


def _nameable(error: Exception) -> Exception:
    """The error, or where an answer may not name its class, as of a library, what it says."""
    try:
        read_answer(pickle.dumps(error))
        return error
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")


def _send(connection: Connection, answer: bytes, *pixels: memoryview) -> None:
    connection.send_bytes(answer)
    connection.send_bytes(struct.pack(f"<{len(pixels)}Q", *map(len, pixels)))
    for part in pixels:
        while part:
            part = part[os.write(connection.fileno(), part) :]


if __name__ == "__main__":
    main()
