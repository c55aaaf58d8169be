"""The process that does bounded work: it takes tasks from a connection and sends answers back, until the connection ends."""

from __future__ import annotations

import pickle
import resource
import signal
import sys
from multiprocessing.connection import Connection

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
        connection.send_bytes(_answer(task, seconds))


def _answer(task: bytes, seconds: float) -> bytes:
    """Pickled: how it ended, and the result or the error."""
    signal.setitimer(signal.ITIMER_PROF, seconds)  # its signal ends this process, in whatever library it is
    try:
        function, args = pickle.loads(task)
        return pickle.dumps((DONE, function(*args)), protocol=pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps((NO_MEMORY, None))
    except Exception as error:  # bad input mostly; whatever it is, it is for whoever asked
        return pickle.dumps((FAILED, error))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


if __name__ == "__main__":
    main()
