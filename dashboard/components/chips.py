"""A run's letter as a chip in the run's colour, the same on every page; where there is only plain text, its label says ``[A]``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from core.figures.palette import INK, run_colours
from core.runs.identity.letters import letter_of, lettered_names, without_letter
from core.runs.run import Run
from core.text import html as escape
from core.text import option
from dashboard import state
from dashboard.components.markdown import plain

WORD = re.compile(r"\w+")
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


def letters_as_chips(text: str, colours: Mapping[str, str]) -> str:
    """``A wrong, B right`` as Markdown, each letter a chip in its run's colour."""
    return with_chips(f"{option(bracketed(text, colours))} ", colours).strip()


def bracketed(text: str, labels: Iterable[str]) -> str:
    """``[A] wrong, [B] right`` of ``A wrong, B right``, where no chip can stand: the letters of these labels."""
    known = {letter_of(label) for label in labels}
    return WORD.sub(lambda word: f"[{word[0]}]" if word[0] in known else word[0], text)


def tag_style(key: str, runs: Sequence[str]) -> str:
    """A style by which the tags of a multiple choice of runs are chips: each in its run's colour, with its letter where there are several.

    Parameters
    ----------
    key : str
        Of the choice.
    runs : sequence of str
        The ids chosen, in their order.
    """
    rules = []
    for number, (colour, label) in enumerate(zip(run_colours(runs).values(), lettered_names(runs), strict=True)):
        tag = f'.st-key-{key} [data-tag-index="{number}"]'
        rules.append(f"{tag} {{ background: {colour}; color: {INK}; }} {tag} * {{ color: {INK}; }}")
        if len(runs) > 1:
            rules.append(f'{tag}::before {{ content: "{letter_of(label)}"; font-weight: 700; margin-right: .4em; }}')
    return f"<style>{' '.join(rules)}</style>"


def chip_html(label: str, colour: str) -> str:
    """The letter of a label as HTML; empty for a label without one."""
    letter = letter_of(label)
    return f'<b style="{CHIP};background:{colour}">{letter}</b>' if letter else ""


def label_html(label: str, colour: str) -> str:
    """A label as HTML: the chip, then the name."""
    return f"{chip_html(label, colour)} {escape(without_letter(label))}".strip()
