"""The one exception that means "the input was at fault": shown as one sentence, exit code 2."""


class InputError(ValueError):
    """Bad input from a person: a file, a folder, an option or a value.

    The message is one sentence that names what was wrong, what was received and what to do next. The command line
    prints it after ``error:`` and exits with 2; the dashboard shows it as it is.
    """
