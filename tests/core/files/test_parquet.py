"""Parquet files that are small and unpack to very much: refused by their description, before anything is read."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.datasets.tables.tabular import read_tabular
from core.errors import InputError
from core.files import parquet as parquet_files
from core.files.archives import load_arrays
from core.files.parquet import read_table, schema_of, written_out


def parquet(table: pa.Table, **options) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **options)
    return buffer.getvalue()


def words(n_rows: int, word: str) -> pa.Table:
    return pa.table({"sample_id": pa.DictionaryArray.from_arrays(pa.array(np.zeros(n_rows, np.int8)), [word])})


BOMBS = {
    "rows": (lambda: parquet(words(10**7, "a")), "a table of 10,000,000 rows and 1 columns"),
    "columns": (lambda: parquet(pa.table({f"c{i}": [1] for i in range(6_000)})), "a table of 1 rows and 6,000 columns"),
    "one long word": (lambda: parquet(words(10**6, "w" * 10**5)), "unpacks to more than 256 MB"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused(name):
    make, words_said = BOMBS[name]
    content = make()
    before = pa.total_allocated_bytes()
    with pytest.raises(InputError, match=words_said):
        read_tabular(content, "x.parquet")
    assert pa.total_allocated_bytes() - before < 2**26


def test_a_page_that_unpacks_to_much_is_refused(monkeypatch):
    monkeypatch.setattr(parquet_files, "MAX_TEXT", 2**20)
    monkeypatch.setattr(parquet_files, "MAX_CELLS", 2**10)
    with pytest.raises(InputError, match="unpacks to more than 1 MB"):
        read_tabular(
            parquet(pa.table({"a": ["\0" * 10**7]}), compression="zstd", use_dictionary=False, write_statistics=False), "x.parquet"
        )


def test_words_that_repeat_come_out_as_they_are(tmp_path):
    table = pd.DataFrame({"a": ["x", None, "x", "é"], "b": [1.5, 2, 3, 4], "c": pd.Categorical(list("uvuv"))})
    table.to_parquet(tmp_path / "a.parquet", index=False)
    found = written_out(read_table(tmp_path / "a.parquet")).to_pandas()
    assert found["a"].tolist()[::2] == ["x", "x"] and found["a"].isna().tolist() == [False, True, False, False]
    assert (
        found["b"].tolist() == [1.5, 2, 3, 4]
        and found["c"].tolist() == list("uvuv")
        and schema_of(tmp_path / "a.parquet").names == list("abc")
    )


def test_words_that_do_not_repeat_are_held_once(monkeypatch):
    """With each batch Arrow gives all words of the row group so far: a million hashes were counted, and held, four times over."""
    monkeypatch.setattr(parquet_files, "ROWS_AT_ONCE", 100)
    ids = [f"{number:064x}" for number in range(2000)]
    buffer = io.BytesIO()
    pq.write_table(pa.table({"id": [*ids[:-1], None], "split": ["train", "test"] * 1000}), buffer)
    found = read_table(buffer.getvalue())
    assert found.nbytes < 2 * 64 * 2000
    assert pa.types.is_string(found.schema.field("id").type) and pa.types.is_dictionary(found.schema.field("split").type)
    assert written_out(found).to_pydict() == {"id": [*ids[:-1], None], "split": ["train", "test"] * 1000}
    monkeypatch.setattr(parquet_files, "MAX_TEXT", 64 * 1000)
    monkeypatch.setattr(parquet_files, "MAX_CELLS", 4000)
    with pytest.raises(parquet_files.TooLarge, match="unpacks to more than"):
        read_table(buffer.getvalue())


def test_a_table_of_no_rows():
    found = written_out(read_table(parquet(pa.table({"a": pa.array([], pa.string())}))))
    assert found.column_names == ["a"] and found.num_rows == 0


def test_text_of_many_columns_or_cells_is_refused():
    with pytest.raises(InputError, match="a table of 6,000 columns"):
        read_tabular(",".join(f"c{i}" for i in range(6_000)).encode() + b"\n" + b"," * 5_999, "x.csv")


def test_arrays_of_objects_and_of_too_many_bytes_are_refused():
    for array, limit in ((np.array([{}], dtype=object), 10**6), (np.zeros(10**6), 10**6)):
        buffer = io.BytesIO()
        np.savez_compressed(buffer, x=array)
        with pytest.raises(ValueError, match=r"more than 1 MB|objects"):
            load_arrays(buffer.getvalue(), limit)
