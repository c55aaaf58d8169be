"""Text from outside, shown as text."""

import io
import re
from pathlib import Path

import pandas as pd
import pytest

from core.errors import InputError
from core.reporting.html import build_report
from core.text import MOST, as_csv, figure, html, latex, markdown, markdown_source, one_line, option

PROJECT = Path(__file__).parents[2]
HOSTILE = "![p](https://evil.example/p.png) <img src=x> www.evil.example a@evil.example\n| x |\u202egpj \x1b[31m"


def test_a_line_stays_one_and_short():
    assert one_line("a\nb\r\n\tc \u2028d  e") == "a b c d e"
    assert one_line("film\u202egpj.exe\u2066") == "filmgpj.exe" and one_line("\x1b[31mred") == "[31mred"
    assert len(one_line("x" * 5_000_000)) == MOST and one_line("a" * 5000 + "the end").endswith("the end")
    assert one_line("95\u00a0%") == "95\u00a0%"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a_b*c", r"a\_b\*c"),
        ("[x](y)", r"\[x\](y)"),
        ("1. first", r"1\. first"),
        ("- item", r"\- item"),
        ("https://a.b", "https\\:/\u2060/a.b"),
        ("www.a.b", "www\u2060.a.b"),
        ("me@a.b", "me@\u2060a.b"),
        ("&lt;b&gt;", r"\&lt;b\&gt;"),
        (":red[x]", r"\:red\[x\]"),
    ],
)
def test_markdown_shows_what_was_written(text, shown):
    assert markdown(text) == shown


def test_a_written_file_stays_readable():
    assert markdown_source("CNN_1, 2 classes") == "CNN_1, 2 classes"
    assert markdown_source("![p](x) | <b> _a_") == r"!\[p\](x) \| \<b\> \_a\_"


def test_a_choice_is_escaped_only_where_it_must_be():
    assert option("bacterial_pneumonia") == "bacterial_pneumonia" and option("A right, B wrong") == "A right, B wrong"
    assert option("![p](x)") == r"!\[p\](x)"


def test_html_figures_and_latex():
    assert html("<a href='x'>&\"") == "&lt;a href=&#x27;x&#x27;&gt;&amp;&quot;"
    assert figure("<a href='x'>y</a>") == "&lt;a href='x'>y&lt;/a>"
    assert latex(r"50 % \input{x}") == r"50 \% \textbackslash{}input\{x\}"


def test_a_spreadsheet_runs_no_formula():
    cells = ["=HYPERLINK(1)", "+1-1", "-2+3", "@SUM(1)", "\t=1", " =1", "\uff1d1", "-0.25", "+1.5e-3", "12 %", "ok", None]
    table = pd.DataFrame({"=head": cells, "n": [-1.5] * len(cells), "kind": pd.Categorical(["=x"] * len(cells))})
    read = pd.read_csv(io.StringIO(as_csv(table)), keep_default_na=False, dtype=str)
    assert list(read.columns) == ["'=head", "n", "kind"]
    assert list(read["'=head"]) == [*(f"'{cell}" for cell in cells[:7]), *cells[7:11], ""]
    assert set(read["n"]) == {"-1.5"} and set(read["kind"]) == {"'=x"}


def test_no_table_is_downloaded_past_the_door():
    sources = [*(PROJECT / "dashboard").rglob("*.py"), *(PROJECT / "core" / "commands").rglob("*.py")]
    assert [path.name for path in sources if re.search(r"\.to_csv\(|from html import escape", path.read_text(encoding="utf-8"))] == [
        "cells.py"
    ]


def test_a_message_is_bounded_however_much_it_quotes():
    message = str(InputError(f"The cell {'x' * 5_000_000} is no number; write one."))
    assert len(message) <= 2000 and message.startswith("The cell x") and message.endswith("is no number; write one.")


def test_a_report_shows_names_and_notes_as_text(scored_run):
    runs = [scored_run(seed=seed, title=HOSTILE, system="imported", data_title=HOSTILE) for seed in (0, 1)]
    for run in runs:
        run.write_card(run.card.to_json() | {"warnings": [HOSTILE]})
    page = build_report(runs)
    assert "evil.example" in page
    assert not re.findall(r"<(?:img|a|script|iframe)\b", page) and "\u202e" not in page and "\n| x |" not in page
