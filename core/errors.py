"""The one exception that means "the input was at fault": shown as one sentence, exit code 2."""

from __future__ import annotations

from core.text import shortened

MOST = 2000  # characters of a message, which may quote a cell of megabytes


class InputError(ValueError):
    """Bad input from a person: a file, a folder, an option or a value.

    The message is one sentence that names what was wrong, what was received and what to do next. The command line
    prints it after ``error:`` and exits with 2; the dashboard shows it as it is. One that quotes too much of the input loses its middle.
    """

    def __init__(self, message: object = "") -> None:
        super().__init__(shortened(str(message), MOST))
