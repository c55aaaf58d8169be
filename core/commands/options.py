"""Options that several commands share."""

from __future__ import annotations

import click

POSITIVE = click.option("--positive", metavar="CLASS", help="Which of two classes is the ill one (default: as their names tell).")
