"""One page of HTML that holds an inspection: pictures inside, nothing to load, good to print."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from PIL import Image

from core.images.edits.erasing import erase
from core.inference.ensemble import NO_NEIGHBOURS
from core.input_checks.population import population
from core.saliency import get_method
from core.text import html as escape
from dashboard.components.inspect.erase.answers_table import points
from dashboard.components.inspect.film.picture import Picture
from dashboard.components.inspect.maps.overlay_image import outlined, paint
from dashboard.components.inspect.maps.tiles import Said, Shown, factor
from dashboard.components.inspect.maps.viewer import Look
from dashboard.components.inspect.predictions import BORDERLINE, in_words, is_borderline
from dashboard.components.inspect.remarks import LONGEST_NOTE, Remarks

LONGEST = 900  # pixels of a picture on the page
STYLE = """body{font:15px/1.45 system-ui,sans-serif;color:#16212c;max-width:1000px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:1.6rem}.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(280px,1fr));gap:1rem}
figure{margin:0;break-inside:avoid}img{width:100%}figcaption,.note{font-size:.85rem;color:#4a5865}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #d5dde5;vertical-align:top}
.bad{color:#a3260b}@media print{body{margin:0}}"""
NOTE = "For research and education only. PneumoLens is not a medical device; this page must not guide anybody's care."


def report(
    picture: Picture, grey: np.ndarray, shown: Sequence[Shown], look: Look, said: Sequence[Said], remarks: Remarks | None = None
) -> str:
    """The page; it names the picture by its digest and never by its file name.

    Parameters
    ----------
    picture : Picture
    grey : ndarray of shape (height, width), uint8
    shown : sequence of Shown
    look : Look
        The overlays are painted as the page showed them.
    said : sequence of Said
        What each run says of the picture.
    remarks : Remarks, optional
        A person's tag and note, and what was erased.

    Returns
    -------
    str
        HTML.
    """
    height, width = grey.shape
    made = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    about = f"{picture.source.capitalize()}, {width:,} × {height:,} pixels, digest {picture.digest}. Made {made}."
    mask = picture.mask
    blends = [(paint(grey, item.on_picture(height, width), look, factor(item, shown, look.scale), mask), item) for item in shown]
    original = grey if mask is None else outlined(grey, mask)
    known = "" if mask is None else "A synthetic film; its true opacity is outlined in green."
    figures = [_figure(original, "Original", known), *(_figure(blend, item.title, item.caption) for blend, item in blends)]
    parts = [
        f"<h1>Inspection of one image</h1><p>{escape(about)}</p><p><b>{NOTE}</b></p>",
        f"<h2>What the models say</h2>{_table([_row(item) for item in said], ROW)}",
        _doubts(said),
        _remarks(grey, remarks or Remarks()),
        f"<h2>Whom the models know</h2>{_table([(item.label, population(item.run).sentence) for item in said], ('model', 'knows'))}",
        f'<h2>Where they looked</h2><div class="grid">{"".join(figures)}</div>{_painted(look)}',
        _checks(shown),
        _neighbours(said),
        _methods(shown),
    ]
    head = f'<meta charset="utf-8"><title>Inspection</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>'


ROW = ("model", "run", "verdict", "probability", "calibrated", "lowest to highest over flips and shifts", "threshold")
NOT_CHECKED = "Not checked: the checks of this map were not asked for."


def _row(item: Said) -> tuple[str, ...]:
    prediction = item.prediction
    name = prediction.label if prediction.threshold is None else item.run.config.class_names[1]
    called = f"{prediction.label}, {BORDERLINE}" if is_borderline(prediction) else prediction.label
    called = called if prediction.reliable else f"{prediction.verdict} (its answer would be {called})"
    threshold = "largest probability" if prediction.threshold is None else f"{prediction.threshold:.3f}"
    steady = "{:.3f}–{:.3f} (n = {})".format(*prediction.interval[name], len(prediction.views)) if prediction.views else "–"
    score = f"p({name}) = {prediction.probabilities[name]:.3f}"
    return (item.label, item.run.name, called, score, in_words(prediction), steady, threshold)


def _table(rows: Sequence[Sequence[str]], head: Sequence[str]) -> str:
    def cells(tag: str, row: Sequence[str]) -> str:
        return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in row)}</tr>"

    return f"<table>{cells('th', head)}{''.join(cells('td', row) for row in rows)}</table>"


def _doubts(items: Sequence[Said]) -> str:
    """Each reason once and in one line, with the models that it concerns; the distances behind them in small print."""
    lines = [f'<p class="bad">⚠ {line}</p>' for line in _by_models(items, "doubts")]
    measured = [f'<p class="note">{line}</p>' for line in _by_models(items, "warnings") if f'<p class="bad">⚠ {line}</p>' not in lines]
    return f"<h2>Reasons for doubt</h2>{''.join([*lines, *measured]) or '<p>None was found.</p>'}"


def _by_models(items: Sequence[Said], kind: str) -> list[str]:
    """``A and B: …`` for each sentence of the predictions' attribute `kind`, as HTML."""
    found: dict[str, list[str]] = {}
    for item in items:
        for sentence in getattr(item.prediction, kind):
            found.setdefault(sentence, []).append(item.label)
    return [f"{escape(' and '.join(labels))}: {escape(sentence)}" for sentence, labels in found.items()]


def _remarks(grey: np.ndarray, remarks: Remarks) -> str:
    """The person's own tag and note; what was erased, and how each model answered then."""
    lines = "<br>".join(escape(line, LONGEST_NOTE) for line in remarks.note.splitlines())  # as they were written
    said = [f"<p>{text}</p>" for text in (remarks.tag and f"Tag: {escape(remarks.tag)}", lines) if text]
    note = f"<h2>Note</h2>{''.join(said)}" if said else ""
    if not remarks.boxes:
        return note
    rows = [
        (one.run.name, f"p({one.class_name})", f"{one.before:.3f} {before}", f"{one.after:.3f} {after}", points(one.change))
        for one in remarks.answers
        for before, after in [one.verdicts]
    ]
    erased = erase(grey, remarks.boxes, remarks.fill) if rows else grey
    film = _figure(erased, "The film as it was asked about", remarks.erased)
    answers = _table(rows, ("run", "of", "before", "after", "change"))
    return f'{note}<h2>A part erased, and asked again</h2>{answers}<div class="grid">{film}</div>'


def _checks(shown: Sequence[Shown]) -> str:
    """The verdict on each map; that it was not asked for is said too."""
    rows = [(item.title, item.belief.sentence if item.belief else NOT_CHECKED) for item in shown]
    return f"<h2>Can these maps be trusted?</h2>{_table(rows, ('map', 'verdict of the checks'))}" if rows else ""


def _figure(pixels: np.ndarray, title: str, caption: str) -> str:
    picture = Image.fromarray(pixels)
    picture.thumbnail((LONGEST, LONGEST))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    source = base64.b64encode(buffer.getvalue()).decode()
    image = f'<img alt="{escape(title)}" src="data:image/jpeg;base64,{source}">'
    return f"<figure>{image}<figcaption><b>{escape(title)}</b><br>{escape(caption, LONGEST_NOTE)}</figcaption></figure>"


def _painted(look: Look) -> str:
    cut = f", values below {look.cut:.2f} left clear" if look.cut else ""
    scale = "each to its own maximum, very weak ones fainter" if look.scale == "own" else "one scale for the maps of a method"
    return f'<p class="note">Colours {look.colours}, opacity {look.opacity:.2f}{cut}; {scale}.</p>'


def _neighbours(items: Sequence[Said]) -> str:
    rows = [(item.label, n.sample_id, n.class_name, f"{n.distance:.2f}") for item in items for n in item.prediction.neighbours]
    head = ("model", "training image", "label", "distance")
    none = "".join(f'<p class="note">{escape(item.label)}: {NO_NEIGHBOURS}</p>' for item in items if item.run.config.members)
    return f"<h2>Nearest training images</h2>{_table(rows, head) if rows else ''}{none}" if rows or none else ""


def _methods(shown: Sequence[Shown]) -> str:
    methods = {item.reading.explanation.method: get_method(item.reading.explanation.method) for item in shown}
    lines = "".join(f"<p class='note'>{escape(method.title)}: {escape(method.reference)}</p>" for method in methods.values())
    return f"<h2>Methods</h2>{lines}"
