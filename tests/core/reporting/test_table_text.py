"""Tables as Markdown and LaTeX: escaped, and missing figures said."""

import pandas as pd

from core.reporting.table_text import as_latex, as_markdown

TABLE = pd.DataFrame({"Run_1": ["a|b & c", "ok"], "AUC ↓": [0.91234, None], "n": [1_107_660, 7.0]})


def test_markdown_keeps_columns_apart():
    assert as_markdown(TABLE) == ("| Run_1 | AUC ↓ | n |\n| --- | --- | --- |\n| a\\|b & c | 0.9123 | 1,107,660 |\n| ok | – | 7 |\n")


def test_latex_escapes_what_it_would_take_for_commands():
    text = as_latex(TABLE)
    assert text.startswith("\\begin{tabular}{lll}\n\\toprule\nRun\\_1 & AUC $\\downarrow$ & n \\\\\n")
    assert "a|b \\& c & 0.9123 & 1,107,660 \\\\" in text
    assert "ok & -- & 7 \\\\" in text
