"""A run's letter as a chip in the run's colour, the same on every page; where there is only plain text, its label says ``[A]``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.runs.identity.letters import letter_of, lettered_names, without_letter
from core.runs.run import Run
from core.text import html as escape
from dashboard import state
from dashboard.components.markdown import plain
from dashboard.figures.palette import INK, run_colours

CHIP = f"display:inline-block;flex:none;min-width:1.4em;padding:0 .3em;border-radius:.35em;color:{INK};text-align:center;line-height:1.4"


def lettered(runs: Sequence[Run]) -> dict[str, Run]:
    """``[A] CNN_1 · seed 0`` and so on to each run, in the order chosen."""
    return dict(zip(lettered_names(map(state.name_of, runs)), runs, strict=True))


def told_apart(runs: Sequence[Run]) -> dict[str, Run]:
    """The same; a run that stands alone needs no letter and goes by its name."""
    return lettered(runs) if len(runs) > 1 else {state.name_of(run): run for run in runs}


def colours_of(labelled: Mapping[str, Run]) -> dict[str, str]:
    """The colour of each run by its label, as ``#rrggbb``."""
    return dict(zip(labelled, run_colours([run.name for run in labelled.values()]).values(), strict=True))


def colour_of(title: str, colours: Mapping[str, str]) -> str:
    """The colour of the run whose letter a title begins with, such as a map's; empty where it has none."""
    letter = letter_of(title)
    return next((colour for label, colour in colours.items() if letter and letter_of(label) == letter), "")


def with_chips(text: str, colours: Mapping[str, str]) -> str:
    """Markdown, in which labels stand as `plain` gives them, with their letters as chips in the colours of `colours_of`."""
    for label, colour in colours.items():
        if letter := letter_of(label):
            chip = f':color[\u00a0{letter}\u00a0]{{foreground="{INK}" background="{colour}"}}\u00a0'
            text = text.replace(f"{plain(f'[{letter}]')} ", chip)
    return text


def chip_html(label: str, colour: str) -> str:
    """The letter of a label as HTML; empty for a label without one."""
    letter = letter_of(label)
    return f'<b style="{CHIP};background:{colour}">{letter}</b>' if letter else ""


def label_html(label: str, colour: str) -> str:
    """A label as HTML: the chip, then the name."""
    return f"{chip_html(label, colour)} {escape(without_letter(label))}".strip()
