"""Text from outside is text: one function for each place where it is shown, so that nothing in it is taken for markup there.

From outside comes whatever a link, a file, a table, a model, a DICOM header or a run folder says, and what people call their runs.
"""

from __future__ import annotations

import html as _html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MOST = 1000  # characters of one text within a sentence; what is longer loses its middle
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")  # new lines forge rows, escape sequences paint a terminal
TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # turn the reading direction, so that ``gpj.exe`` reads ``exe.jpg``
BLANKS = re.compile(r" {2,}")
MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$:&])")
HARMLESS = re.compile(r"\w[\w ,;()/%×≥≤–−+-]*")
WRITTEN = re.compile(r"([\\`*\[\]<>|]|(?<!\w)_|_(?!\w))")  # what GitHub's Markdown takes for markup, so that CNN_1 stays readable as source
LINKS = re.compile(r"(https?\\?:/|(?<![\w.])www(?=\.)|(?<=\S)@(?=[\w-]+\.))", re.IGNORECASE)  # links of their own, escaped or not
BLOCK = re.compile(r"^(\d+)([.)])|^([-+=])")  # begins a list or underlines a heading
FORMULA = re.compile(r"^[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]")
NUMERIC = "biufcmM"  # kinds of columns that hold no text
NUMBER = re.compile(r"^[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?\s*%?$")
JOINER = "\u2060"  # has no width and breaks no line
COMMANDS = {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
ESCAPES = str.maketrans({character: f"\\{character}" for character in "&%$#_{}"} | COMMANDS)


def one_line(text: object, most: int = MOST) -> str:
    """Text as one line without control characters, of about `most` characters; a longer one loses its middle.

    Parameters
    ----------
    text : object
    most : int
        At most so many.

    Returns
    -------
    str
    """
    return BLANKS.sub(" ", cleaned(str(text), most)).strip()


def cleaned(text: str, most: int = MOST) -> str:
    """The same with its blanks as they are.

    Parameters
    ----------
    text : str
    most : int
        At most so many.

    Returns
    -------
    str
    """
    return TURNS.sub("", CONTROLS.sub(" ", shortened(text, most)))


def shortened(text: str, most: int = MOST) -> str:
    """Text of at most `most` characters: the first three quarters and the end of what is longer.

    Parameters
    ----------
    text : str
    most : int
        At most so many.

    Returns
    -------
    str
    """
    if len(text) <= most:
        return text
    tail = most // 4
    return f"{text[: most - tail - 3]} … {text[-tail:]}"


def markdown(text: object, most: int = MOST) -> str:
    """Text inside Markdown, shown as it is: no picture, link, list, colour, formula or icon comes of it.

    Parameters
    ----------
    text : object
    most : int
        At most so many.

    Returns
    -------
    str
    """
    escaped = BLOCK.sub(_unlisted, MARKUP.sub(r"\\\1", one_line(text, most)))
    return LINKS.sub(rf"\1{JOINER}", escaped)


def option(text: object) -> str:
    """A choice of several whose texts are Markdown and stand in links: escaped only where something would come of it.

    Parameters
    ----------
    text : object

    Returns
    -------
    str
    """
    plain = one_line(text, 200)
    return plain if HARMLESS.fullmatch(plain) else markdown(plain)


def markdown_source(text: object, most: int = MOST) -> str:
    """Text inside a Markdown file, which people read as source too: only what begins a picture, a link, a tag or an emphasis is escaped.

    Parameters
    ----------
    text : object
    most : int
        At most so many.

    Returns
    -------
    str
    """
    return LINKS.sub(rf"\1{JOINER}", WRITTEN.sub(r"\\\1", one_line(text, most)))


def html(text: object, most: int = MOST) -> str:
    """Text inside HTML, also in a quoted attribute.

    Parameters
    ----------
    text : object
    most : int
        At most so many.

    Returns
    -------
    str
    """
    return _html.escape(one_line(text, most))


def figure(text: object, most: int = MOST) -> str:
    """Text inside a chart of Plotly, which takes ``<a href=…>`` for a link.

    Parameters
    ----------
    text : object
    most : int
        In characters.

    Returns
    -------
    str
    """
    return one_line(text, most).replace("&", "&amp;").replace("<", "&lt;")


def latex(text: object, most: int = MOST) -> str:
    """Text inside LaTeX.

    Parameters
    ----------
    text : object
    most : int
        At most so many.

    Returns
    -------
    str
    """
    return one_line(text, most).translate(ESCAPES)


def as_csv(table: pd.DataFrame) -> str:
    """A table as CSV for a spreadsheet: a cell or heading of text that would be run as a formula begins with an apostrophe.

    Numbers stay as they are, also those written as text.

    Parameters
    ----------
    table : DataFrame

    Returns
    -------
    str
    """
    safe = table.rename(columns=_no_formula)
    for place, kind in enumerate(table.dtypes):
        if kind.kind not in NUMERIC:
            safe.isetitem(place, table.iloc[:, place].astype(object).map(_no_formula))
    return safe.to_csv(index=False)


def _no_formula(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) and not NUMBER.match(cell) else cell


def _unlisted(found: re.Match) -> str:
    number, ending, mark = found.groups(default="")
    return f"{number}\\{ending}{mark}"
