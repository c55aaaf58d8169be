"""Parquet files that may come from a stranger: rows, columns and bytes are asked of their description before anything is read."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.files.regular import open_regular

MAX_FILE = 2**28  # bytes
MAX_FOOTER = 2**23  # bytes of the description
MAX_COLUMNS = 5_000
MAX_ROWS = 2_000_000
MAX_CELLS = 20_000_000
MAX_TEXT = 2**28  # bytes of all cells of text, each written out
MOST_ITEMS = 100_000  # of any list in the description
ROWS_AT_ONCE = 2**17


class TooLarge(ValueError):
    """A table that is not read; the message is what it is, such as ``a table of 9 rows and 300,000 columns``."""


def read_table(source: Path | bytes, most_described: int = MAX_FOOTER) -> pa.Table:
    """Read a table. Words that repeat are kept once: `written_out` makes plain columns of them.

    Parameters
    ----------
    source : Path or bytes
    most_described : int
        Bytes that its description may have.

    Returns
    -------
    pyarrow.Table

    Raises
    ------
    TooLarge
        If it is more than can be worked with.
    OSError, pyarrow.ArrowException
        If it cannot be read.
    """
    with io.BytesIO(source) if isinstance(source, bytes) else open_regular(source) as file:
        _check_footer(file, most_described)
        described = pq.ParquetFile(file, thrift_container_size_limit=MOST_ITEMS).metadata
        _check_size(described)
        texts = [described.schema.column(i).path for i in range(described.num_columns) if _is_text(described.schema.column(i))]
        opened = pq.ParquetFile(file, read_dictionary=texts, thrift_container_size_limit=MOST_ITEMS)
        batches: list[pa.RecordBatch] = []
        different: set[int] = set()
        n_bytes = 0
        for batch in opened.iter_batches(ROWS_AT_ONCE):
            different = different if batches else _hardly_repeating(batch)
            n_bytes += sum(_n_bytes(column) if place in different else column.nbytes for place, column in enumerate(batch.columns))
            if n_bytes > MAX_TEXT + 8 * MAX_CELLS:
                raise TooLarge(f"a table that unpacks to more than {n_bytes // 2**20:,} MB")
            batches.append(_spelt(batch, different))
    table = pa.Table.from_batches(batches, batches[0].schema) if batches else described.schema.to_arrow_schema().empty_table()
    table.validate(full=True)  # text that is no UTF-8 would come out where it is first looked at
    return table


def schema_of(path: Path, most_described: int = MAX_FOOTER) -> pa.Schema:
    """The columns of a table and what else its description says; raises as `read_table` does.

    Parameters
    ----------
    path : Path
    most_described : int
        Bytes that its description may have.

    Returns
    -------
    pyarrow.Schema
    """
    with open_regular(path) as file:
        _check_footer(file, most_described)
        return pq.ParquetFile(file, thrift_container_size_limit=MOST_ITEMS).schema_arrow


def written_out(table: pa.Table) -> pa.Table:
    """The same without columns that keep each word once.

    Parameters
    ----------
    table : pyarrow.Table

    Returns
    -------
    pyarrow.Table

    Raises
    ------
    TooLarge
        If they take too much when each cell is written out.
    """
    if sum(_text_bytes(chunk) for column in table.columns for chunk in column.chunks) > MAX_TEXT:
        raise TooLarge(f"a table that unpacks to more than {MAX_TEXT // 2**20:,} MB")
    columns = [column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column for column in table.columns]
    return pa.Table.from_arrays(columns, names=table.column_names)


def _hardly_repeating(batch: pa.RecordBatch) -> set[int]:
    """Positions of columns of text whose words are mostly different, such as names and hashes.

    With each batch Arrow gives all words of the row group so far: kept so, a column of a million hashes takes five times its size.
    """
    words = ((place, column) for place, column in enumerate(batch.columns) if pa.types.is_dictionary(column.type))
    return {place for place, column in words if 2 * len(column.dictionary) > len(column)}


def _spelt(batch: pa.RecordBatch, places: set[int]) -> pa.RecordBatch:
    """A batch with some of its columns written out."""
    columns = [column.dictionary_decode() if place in places else column for place, column in enumerate(batch.columns)]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _check_footer(file: BinaryIO, most: int) -> None:
    length = file.seek(0, os.SEEK_END)
    file.seek(max(0, length - 8))
    footer, magic = int.from_bytes(file.read(4), "little"), file.read(4)
    file.seek(0)
    if length > MAX_FILE:
        raise TooLarge(f"larger than {MAX_FILE // 2**20:,} MB")
    if footer > most and magic == b"PAR1":
        raise TooLarge(f"a table with a description of {footer / 2**20:,.0f} MB")


def _check_size(described: pq.FileMetaData) -> None:
    n_rows, n_columns = described.num_rows, described.num_columns
    if n_rows > MAX_ROWS or n_columns > MAX_COLUMNS or n_rows * n_columns > MAX_CELLS:
        raise TooLarge(f"a table of {n_rows:,} rows and {n_columns:,} columns")
    groups = (described.row_group(i) for i in range(described.num_row_groups))
    if sum(max(0, group.total_byte_size) for group in groups) > MAX_TEXT + 8 * MAX_CELLS:
        raise TooLarge(f"a table that unpacks to more than {MAX_TEXT // 2**20:,} MB")


def _is_text(column: pq.ColumnSchema) -> bool:
    return column.physical_type == "BYTE_ARRAY" and column.max_repetition_level == 0


def _text_bytes(chunk: pa.Array) -> int:
    """Bytes of the cells of a column of text, each written out; 0 of numbers."""
    return _n_bytes(chunk) if pa.types.is_dictionary(chunk.type) else chunk.nbytes if pa.types.is_string(chunk.type) else 0


def _n_bytes(chunk: pa.DictionaryArray) -> int:
    """Bytes of the cells of a column, each written out."""
    if not (pa.types.is_string(chunk.dictionary.type) or pa.types.is_binary(chunk.dictionary.type)):
        return 0
    lengths = pc.fill_null(pc.binary_length(chunk.dictionary), 0)
    return pc.sum(pc.cast(pc.take(lengths, chunk.indices), pa.int64())).as_py() or 0
