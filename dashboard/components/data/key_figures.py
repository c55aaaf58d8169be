"""A few numbers in a row, each with its name and what it means, as one piece of HTML."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.text import html as escape

STYLE = Path(__file__).with_suffix(".css").read_text("utf-8")


def show_facts(facts: list[tuple[str, str, str]]) -> None:
    """Draw facts; each is a name, a value, and in a few words what it means or where it comes from.

    One element instead of a widget for each: the browser draws a page of few elements sooner.
    """
    st.html(f"<style>{STYLE}</style>{facts_html(facts)}")


def facts_html(facts: list[tuple[str, str, str]]) -> str:
    """A description list, which screen readers read in pairs."""
    rows = (
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd>{f'<dd>{escape(note)}</dd>' if note else ''}</div>"
        for name, value, note in facts
    )
    return f'<dl class="facts">{"".join(rows)}</dl>'
