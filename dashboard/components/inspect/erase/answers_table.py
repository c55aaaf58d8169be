"""What models say before and after a change of the film, as HTML."""

from __future__ import annotations

from collections.abc import Mapping

from core.text import html as escape
from dashboard.components.inspect.erase.answers import Answer

TABLE = "width:100%;font-size:.875rem;border-spacing:.4rem .2rem;font-variant-numeric:tabular-nums"


def table(answers: Mapping[str, Answer]) -> str:
    """HTML, a row for each model: its probability and the class called, before and after, and the change in percentage points."""

    def cells(tag: str, *texts: str) -> str:
        return "".join(f'<{tag} style="text-align:{"right" if place else "left"}">{text}</{tag}>' for place, text in enumerate(texts))

    def number(value: float, called: str) -> str:
        return f"<b>{value:.3f}</b><br>{escape(called)}"

    rows = [
        cells("td", escape(label), *map(number, (one.before, one.after), one.verdicts), f"<b>{points(one.change)}</b>")
        for label, one in answers.items()
    ]
    names = dict.fromkeys(one.class_name for one in answers.values())
    head = cells("th", f"p({escape(' or '.join(names))})", "Before", "After", "Change")
    return f'<table role="status" style="{TABLE}"><tr>{"</tr><tr>".join([head, *rows])}</tr></table>'


def points(change: float) -> str:
    """``−9.2 points``: a change of a probability in percentage points; ``0.0 points`` has no sign."""
    value = round(100 * change, 1)
    return f"{value:+.1f} points".replace("-", "−") if value else "0.0 points"
