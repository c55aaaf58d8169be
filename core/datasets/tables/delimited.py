"""Text with separators to a table of text: the encoding, the separator and the header are found, not asked for."""

from __future__ import annotations

import codecs
import csv
import io
import re

import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from core.counted import counted
from core.errors import InputError
from core.files.parquet import MAX_CELLS, MAX_COLUMNS

SEPARATORS = ",;\t|"
SAMPLE = 2**16  # bytes in which the separator is looked for
SAMPLE_ROWS = 50
MAX_LOOSE_CELLS = 4_000_000  # of rows of different lengths, which are taken apart cell by cell
BLOCK = 2**25  # bytes that Arrow parses at a time; a row must fit
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
CONTROL = bytes(range(9)) + bytes(range(14, 32))
DATA_CELL = re.compile(r"(?i)^-?\d*[.,]\d+(e[+-]?\d+)?$|\.(jpe?g|jfif|png|tiff?|bmp|webp|gif|dcm|dicom)$")
SEPARATOR_LINE = re.compile(rb"^sep=(.)\r?\n", re.IGNORECASE)


def read_delimited(content: bytes, name: str) -> pd.DataFrame:
    """Read text with one row a line.

    Parameters
    ----------
    content : bytes
        UTF-8, UTF-16, UTF-32 or Windows-1252; separated by commas, semicolons, tabs, bars or blanks.
    name : str
        What errors call the file.

    Returns
    -------
    DataFrame
        Columns of text as they are written; an empty cell is missing. Column names may be empty or stand twice.

    Raises
    ------
    InputError
        If it is no text, its rows have different lengths, or the first line holds data and no names.
    """
    text = _utf8(content, name)
    given = SEPARATOR_LINE.match(text)  # a line that Excel writes
    text = text[given.end() :] if given else text
    separator = given[1].decode() if given else _separator(text)
    rows = _parsed(text, separator, name)
    header = ["" if pd.isna(cell) else str(cell).strip() for cell in rows.iloc[0]]
    data = [cell for cell in header if DATA_CELL.search(cell)]
    if data:
        raise InputError(
            f"{name!r} has no line of column names: its first line holds {data[0][:60]!r}. Write the names above it, such as "
            "path,class_name for images or sample_id,p_PNEUMONIA for predictions."
        )
    return rows.iloc[1:].set_axis(header, axis=1).reset_index(drop=True)


def _utf8(content: bytes, name: str) -> bytes:
    """The content as UTF-8 with line feeds, without a byte order mark."""
    encoding, start = next(((known, len(mark)) for mark, known in BYTE_ORDER_MARKS if content.startswith(mark)), (None, 0))
    encoding = encoding or _without_mark(content)
    try:
        text = content[start:].decode(encoding)
        found = content[start:] if encoding == "utf-8" else text.encode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        raise InputError(f"{name!r} is no text in {encoding.upper()}, as its first bytes say; save it as CSV in UTF-8.") from None
    if len(found.translate(None, CONTROL)) < len(found):
        raise InputError(f"{name!r} is not a readable table: it holds bytes that are no text; give CSV (or text with ; tab |) or Parquet.")
    found = found if b"\n" in found else found.replace(b"\r", b"\n")
    if not found.strip():
        raise InputError(
            f"{name!r} is not a readable table: it is empty; give CSV or Parquet with a line of column names and a row for each image."
        )
    return found


def _without_mark(content: bytes) -> str:
    """UTF-16 where every other byte is mostly zero; else UTF-8, or Windows-1252 where it is not valid."""
    head = content[:SAMPLE]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) / 4:
        return "utf-16-le" if odd > even else "utf-16-be"
    for encoding in ("utf-8", "cp1252"):
        try:
            content.decode(encoding)
            return encoding
        except UnicodeDecodeError:
            continue
    return "latin-1"


def _separator(text: bytes) -> str:
    """The sign that cuts the first rows into most columns of one number; a blank where no other does."""
    head = text[:SAMPLE].decode("utf-8", errors="ignore")
    head = head if len(text) <= SAMPLE else head.rpartition("\n")[0] or head
    shapes = {sign: _shape(head, sign) for sign in SEPARATORS}
    best = max(SEPARATORS, key=lambda sign: shapes[sign])
    if shapes[best][1] > 1:
        return best
    agreeing, n_columns = _shape(head, " ")
    return " " if agreeing == 1 and n_columns > 1 else ","


def _shape(head: str, separator: str) -> tuple[float, int]:
    """Share of the rows that are as long as the first, 0 if that is a single column, and its length."""
    try:
        rows = (row for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator, skipinitialspace=True) if row)
        lengths = [len(row) for _, row in zip(range(SAMPLE_ROWS), rows, strict=False)]
    except csv.Error:
        return 0, 1
    n_columns = lengths[0] if lengths else 1
    return (lengths.count(n_columns) / len(lengths) if n_columns > 1 else 0), n_columns


def _parsed(text: bytes, separator: str, name: str) -> pd.DataFrame:
    """All rows as text, the first too; by Arrow where the rows are regular, else cell by cell."""
    if separator == " " or b' "' in text:  # blanks before quotes, which Arrow takes for a part of the value
        return _row_by_row(text, separator, name)
    _check_cells(text, separator, name)
    header = next(csv.reader(io.StringIO(text[:SAMPLE].decode("utf-8", errors="ignore").lstrip("\r\n"), newline=""), delimiter=separator))
    names = [str(place) for place in range(len(header))]
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(text),
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=BLOCK),
            parse_options=arrow_csv.ParseOptions(delimiter=separator, newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
            ),
        )
    except pa.ArrowInvalid:  # a row of another length, which may be the fault of empty cells alone
        return _row_by_row(text, separator, name)
    return table.to_pandas()


def _check_cells(text: bytes, separator: str, name: str, most: int = MAX_CELLS) -> None:
    """Before they become as many objects."""
    n_cells, in_first = text.count(separator.encode()) + text.count(b"\n"), text.partition(b"\n")[0].count(separator.encode()) + 1
    if n_cells > most or in_first > MAX_COLUMNS:
        what = f"{in_first:,} columns" if in_first > MAX_COLUMNS else f"more than {most:,} cells"
        raise InputError(f"{name!r} is a table of {what}; leave out columns or rows, or save it as Parquet.")


def _row_by_row(text: bytes, separator: str, name: str) -> pd.DataFrame:
    """Rows may lack cells at their end, or have more that are empty."""
    _check_cells(text, separator, name, MAX_LOOSE_CELLS)
    try:
        reader = csv.reader(io.StringIO(text.decode("utf-8"), newline=""), delimiter=separator, skipinitialspace=True, strict=True)
        rows = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise InputError(f"{name!r} cannot be read as a table ({error}), as where a quote is not closed; save it again as CSV.") from None
    n_columns = len(rows[0][1])
    for line, row in rows:
        if any(cell.strip() for cell in row[n_columns:]):
            comma = " If commas are decimal signs, separate the columns by semicolons." if separator == "," else ""
            raise InputError(f"{name!r} has {counted(n_columns, 'column')}, but {counted(len(row), 'cell')} in line {line}; "
                             f"put cells that hold {separator!r} in quotes.{comma}")  # fmt: skip
    cells = [[cell or None for cell in row[:n_columns]] + [None] * (n_columns - len(row)) for _, row in rows]
    return pd.DataFrame(cells, dtype="str")
