"""Small pictures in HTML: stacked bars and the squares of a batch. A chart library would take a second to load for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.figures.palette import INK, class_colours
from core.text import html as escape

SQUARE = "display:inline-block;width:1.1rem;height:1.1rem;margin:0 .25rem .25rem 0;border-radius:3px"
BAR = "display:flex;height:2rem;border-radius:4px;overflow:hidden;margin-bottom:.6rem"
PART = f"color:{INK};font-size:.8rem;display:flex;align-items:center;justify-content:center;overflow:hidden;white-space:nowrap"
MIN_LABEL = 8  # percent of the bar that its label needs


def bars(stages: Mapping[str, Sequence[float]], class_names: Sequence[str]) -> str:
    """What each class is given at each stage, in percent of a bar.

    Parameters
    ----------
    stages : dict of str to sequence of float
        Such as ``{"Training images": [1073, 3100], …}``, one number a class.
    class_names : sequence of str

    Returns
    -------
    str
        HTML.
    """
    colours, rows = class_colours(class_names), []
    for stage, values in stages.items():
        shares = 100 * np.asarray(values, dtype=float) / max(sum(values), 1e-12)
        said = ", ".join(f"{name} {share:.0f} %" for name, share in zip(class_names, shares, strict=True))
        parts = "".join(_part(name, share, colours[name]) for name, share in zip(class_names, shares, strict=True))
        rows.append(f'<div style="font-size:.8rem;opacity:.8">{escape(stage)}</div>')
        rows.append(f'<div role="img" aria-label="{escape(f"{stage}: {said}")}" style="{BAR}">{parts}</div>')
    return "".join(rows)


def legend(class_names: Sequence[str]) -> str:
    """The colours of the classes, as HTML."""
    colours = class_colours(class_names)
    return "".join(
        f'<span style="white-space:nowrap;margin-right:1rem;font-size:.85rem"><span style="{SQUARE};vertical-align:text-bottom;background:'
        f'{colours[name]}"></span>{escape(name[:40])}</span>'
        for name in class_names
    )


def squares(batch: Sequence[int], class_names: Sequence[str]) -> str:
    """One batch of class ids, a square an image in the colour of its class, as HTML."""
    square = {
        name: f'<span title="{escape(name)}" style="{SQUARE};background:{colour}"></span>'
        for name, colour in class_colours(class_names).items()
    }
    said = ", ".join(f"{int((np.asarray(batch) == i).sum())} {name}" for i, name in enumerate(class_names))
    return f'<div role="img" aria-label="{escape(said)}">{"".join(square[class_names[class_id]] for class_id in batch)}</div>'


def _part(name: str, share: float, colour: str) -> str:
    text = f"{share:.0f} %" if share >= MIN_LABEL else ""
    return f'<div title="{escape(name)}: {share:.1f} %" style="width:{share:.3f}%;background:{colour};{PART}">{text}</div>'
