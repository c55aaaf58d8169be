"""The command line: ``python -m core COMMAND``. Commands live in `core.cli`; this is the door and the exit codes."""

from __future__ import annotations

import os
import sys

import click

from core.cli import COMMANDS
from core.cli.output import exit_code
from core.errors import MOST, InputError
from core.files import REASONS, reason_of
from core.machine.quiet import load_tensorflow_quietly
from core.text import one_line

load_tensorflow_quietly()


@click.group(commands={command.name: command for command in COMMANDS})
def cli() -> None:
    """PneumoLens: train, judge and explain chest X-ray pneumonia classifiers. Research and education only."""


def main() -> int:
    """Run one command; 0: done, 2: wrong usage or bad input, 1: it failed, 130: Ctrl-C, 143: SIGTERM.

    Errors are one line that starts ``error:``.
    """
    try:
        return cli(standalone_mode=False) or 0
    except click.exceptions.NoArgsIsHelpError as help_text:
        print(help_text.format_message(), file=sys.stderr)
        return 2
    except click.ClickException as error:
        return _fail(2, error.format_message())
    except InputError as error:
        return _fail(2, str(error))
    except OSError as error:
        if error.errno not in REASONS:
            return _unforeseen(error)
        return _fail(2, f"{os.fspath(error.filename) if error.filename else 'A file'!r} cannot be used ({reason_of(error)}).")
    except (click.Abort, KeyboardInterrupt) as error:
        return _fail(exit_code(error.__cause__ or error), "interrupted")  # click raises its own in place of Ctrl-C
    except Exception as error:
        return _unforeseen(error)


def _unforeseen(error: Exception) -> int:
    if os.environ.get("PNEUMOLENS_DEBUG"):
        raise error
    return _fail(1, f"{type(error).__name__}: {error} (set PNEUMOLENS_DEBUG=1 for the whole trace)")


def _fail(code: int, message: str) -> int:
    print("error: " + one_line(message, MOST), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
