"""One fixed colour for each class and each run, told apart by colour-blind eyes, on light and on dark."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import plotly.graph_objects as go

# After Okabe & Ito 2008; orange and purple darkened to 3:1 against white (WCAG 1.4.11), all at least 3:1 against near-black.
CLASS_COLOURS = {"NORMAL": "#2f86c9", "PNEUMONIA": "#d55e00", "BACTERIAL": "#b98300", "VIRAL": "#b565a7"}
RUN_COLOURS = ("#2f86c9", "#d55e00", "#009e73", "#b565a7", "#b98300", "#7f7f7f", "#17a2b8", "#a05a3c")
NEUTRAL, PALE_NEUTRAL = "#8a96a3", "#a9b3bd"
INK = "#0b1014"  # for words on any of these colours: at least 4.5:1 (WCAG 1.4.3), which white is not
TRANSPARENT = "rgba(0,0,0,0)"


def class_colour(class_name: str) -> str:
    """The colour of a class; one of another data set gets one by its name.

    Parameters
    ----------
    class_name : str

    Returns
    -------
    str
        ``#rrggbb``.
    """
    return CLASS_COLOURS.get(class_name.upper()) or RUN_COLOURS[_slot(class_name)]


def class_colours(names: Sequence[str]) -> dict[str, str]:
    """A colour for each class: its own where it is known, else by its name, the next free one where that is taken.

    Parameters
    ----------
    names : sequence of str

    Returns
    -------
    dict of str to str
        ``#rrggbb`` by class.
    """
    known = {name: CLASS_COLOURS[name.upper()] for name in names if name.upper() in CLASS_COLOURS}
    return known | _free_colours([name for name in names if name not in known], known)


def run_colours(names: Sequence[str]) -> dict[str, str]:
    """A colour for each run, the same on every page and whichever others are chosen.

    The name decides. Of two runs with the same colour the later one takes the next free; past eight runs colours repeat.

    Parameters
    ----------
    names : sequence of str

    Returns
    -------
    dict of str to str
        Run name to ``#rrggbb``, in the order of `names`.
    """
    return _free_colours(names, {})


def translucent(colour: str, alpha: float) -> str:
    """A colour that lets shine through what lies behind it.

    Parameters
    ----------
    colour : str
        ``#rrggbb``.
    alpha : float
        Its opacity, in [0, 1].

    Returns
    -------
    str
        ``rgba(…)``.
    """
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"


def look(height: int = 320) -> dict:
    """A layout with transparent ground, tight margins and the legend above: readable on both themes and on a phone.

    To give it to a new figure is several times quicker than to update one.

    Parameters
    ----------
    height : int
        In pixels.

    Returns
    -------
    dict
        As `plotly.graph_objects.Layout` takes it.
    """
    return {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 36, "b": 8},
        "paper_bgcolor": TRANSPARENT,
        "plot_bgcolor": TRANSPARENT,
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "title": None},
        "hoverlabel": {"align": "left"},
    }


def style(figure: go.Figure, height: int = 320) -> go.Figure:
    """Give a figure the layout of `look`.

    Parameters
    ----------
    figure : plotly Figure
        It is changed in place.
    height : int
        In pixels.

    Returns
    -------
    plotly Figure
        `figure` itself.
    """
    return figure.update_layout(look(height))


def _free_colours(names: Sequence[str], taken: dict[str, str]) -> dict[str, str]:
    colours: dict[str, str] = {}
    for name in names:
        wanted = RUN_COLOURS[_slot(name) :] + RUN_COLOURS[: _slot(name)]
        colours[name] = next((colour for colour in wanted if colour not in {*taken.values(), *colours.values()}), wanted[0])
    return colours


def _slot(name: str) -> int:
    return crc32(name.encode()) % len(RUN_COLOURS)
