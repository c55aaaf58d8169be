"""The one reader of tables: every way to write the same table gives the same table, and what is no table is named as what it is."""

from __future__ import annotations

import gzip
import io
import zipfile

import numpy as np
import pandas as pd
import pytest

from core.datasets.tables import tabular
from core.datasets.tables.tabular import as_numbers, as_text, read_tabular
from core.errors import InputError
from core.files import parquet as parquet_files

TABLE = pd.DataFrame({"path": ["00001", "None", "é/größe.png"], "class_name": ["NA", "null", "nan"], "p": ["0.5", "1", "0.25"]})


def written(separator=",", encoding="utf-8", decimal=".", table=TABLE, end="\n", **options) -> bytes:
    text = table.assign(p=table["p"].str.replace(".", decimal, regex=False)).to_csv(
        index=False, sep=separator, lineterminator=end, **options
    )
    return text.encode(encoding)


def parquet(table: pd.DataFrame, **options) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        *(written(separator) for separator in ",;\t| "),
        *(written(separator, decimal=",") for separator in ";\t|"),
        written(decimal=","),  # in quotes
        *(written(encoding=encoding) for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1")),
        written(";", "utf-16", ","),
        *(written(end=end) for end in ("\r\n", "\r")),
        gzip.compress(written(), mtime=0),
        gzip.compress(written("\t", "utf-16-le"), mtime=0),
        b"sep=;\r\n" + written(";"),
        written() + b"\n\n,,\n",
        written(quoting=1),
        written().replace(b",", b" , "),
        written(table=TABLE.assign(**{"": None})),
        TABLE.to_csv().encode(),  # with the index that pandas writes
        parquet(TABLE),
        parquet(TABLE.set_index("path")),
        parquet(TABLE.astype("category")),
        gzip.compress(parquet(TABLE), mtime=0),
    ],
)  # fmt: skip
def test_one_table_however_it_is_written(content):
    read = read_tabular(content, "any name at all")[list(TABLE.columns)]
    assert read[["path", "class_name"]].to_numpy().tolist() == TABLE[["path", "class_name"]].to_numpy().tolist()
    assert as_numbers(read["p"]).tolist() == [0.5, 1, 0.25]


def test_a_path_is_read_as_bytes_are(tmp_path):
    (tmp_path / "x.csv").write_bytes(written(";"))
    assert read_tabular(tmp_path / "x.csv", "x.csv").equals(read_tabular(written(";"), "x.csv"))


def test_only_an_empty_cell_is_missing():
    read = read_tabular(b'a,b\nNA,\n"",x\n  ,nan\n', "x.csv")
    assert read["a"].tolist()[0] == "NA" and read["a"].isna().tolist() == [False, True, True]
    assert read["b"].isna().tolist() == [True, False, False]


def test_cells_in_quotes_may_hold_lines_and_separators():
    read = read_tabular(b'a,b\n"x\ny","1,5"\n"say ""no""",2\n', "x.csv")
    assert read.to_numpy().tolist() == [["x\ny", "1,5"], ['say "no"', "2"]]


def test_columns_may_stand_twice_or_be_of_any_kind():
    assert list(read_tabular(b"a,a\n1,2\n", "x.csv").columns) == ["a", "a"]
    table = TABLE.assign(lists=[[1]] * 3, when=pd.Timestamp("2020-01-02"), flag=True, n=pd.array([2**60 + 1, None, 3], dtype="Int64"))
    read = read_tabular(parquet(table), "x.parquet")
    assert "lists" not in read and read["when"][0].startswith("2020-01-02") and read["n"][0] == str(2**60 + 1)
    assert as_text(read["flag"]).tolist() == ["True"] * 3


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (["0,5", "1"], [0.5, 1]),
        (["1,234", "12,345"], [np.nan, np.nan]),
        (["0,125", "1,000"], [0.125, 1]),
        (["1e-3", "-0"], [0.001, 0]),
        (["1.5", "1,5"], [1.5, np.nan]),
        (["32%", ""], [np.nan, np.nan]),
    ],
)
def test_text_to_numbers(values, numbers):
    assert as_numbers(pd.Series(values)).tolist() == pytest.approx(numbers, nan_ok=True)


def test_whole_numbers_become_text_without_a_point():
    assert as_text(pd.Series([7.0, np.nan])).fillna("").tolist() == ["7", ""]
    assert as_text(pd.Series([7.5, 8])).tolist() == ["7.5", "8.0"]


def archive(*members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        for member in members:
            opened.writestr(member, "{}")
    return buffer.getvalue()


def array() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.zeros(3))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (archive("xl/workbook.xml", "[Content_Types].xml"), "Excel workbook .*save it in Excel as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "old Excel workbook"),
        (archive("mimetype", "content.xml"), "OpenDocument"),
        (archive("config.json", "metadata.json", "model.weights.h5"), "Keras model"),
        (archive("archive/data.pkl"), "PyTorch"),
        (archive("a.npy"), "NumPy archive"),
        (archive("scores.csv"), "zip archive .*unpack it"),
        (b"PK\x03\x04 cut off", "zip archive"),
        (array(), "NumPy array"),
        (b"\x89HDF\r\n\x1a\n" + bytes(99), "HDF5"),
        (b"\x80\x04K\x01.", "pickle .*could run code"),
        (b'{"sample_id": {"0": "a"}}', "JSON"),
        (b' \n[{"a": 1}]', "JSON"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "a picture"),
        (bytes(128) + b"DICM" + bytes(99), "DICOM"),
        (b"%PDF-1.7", "PDF"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        (b"BZh91AY", "bzip2"),
        (gzip.compress(gzip.compress(b"a,b", mtime=0), mtime=0), "compressed twice"),
        (gzip.compress(b"a,b\n1,2\n" * 999, mtime=0)[:-9], "cut off or broken"),
        (b"PAR1 half a file", "broken Parquet"),
        (b"\x00\x01\x02\xff", "bytes that are no text"),
        (b"", "it is empty"),
        (b"\xef\xbb\xbf\n \n", "it is empty"),
        (b"a,b\n", "holds no row"),
        (b"a,b\n1,2,3\n", "2 columns, but 3 cells in line 2.*decimal signs"),
        (b'a,b\n"1,2\n3,4\n', "a quote is not closed"),
        (b"img/1.png,NORMAL\nimg/2.png,PNEUMONIA\n", "no line of column names.*'img/1.png'"),
        (b"a,0.25\nb,0.75\n", "no line of column names.*'0.25'"),
        (b"\xff\xfea\x00,\x00\xd8", "no text in UTF-16"),
    ],
)
def test_what_is_no_table_is_named(content, words):
    with pytest.raises(InputError, match=f"(?s)'x.csv' .*{words}"):
        read_tabular(content, "x.csv")


def test_files_that_cannot_be_opened(tmp_path):
    with pytest.raises(InputError, match="There is no file"):
        read_tabular(tmp_path / "gone.csv", "gone.csv")
    with pytest.raises(InputError, match="is a folder"):
        read_tabular(tmp_path, "x")


def test_size_is_limited_before_and_after_unpacking(monkeypatch):
    monkeypatch.setattr(tabular, "MAX_BYTES", 1000)
    with pytest.raises(InputError, match="larger than"):
        read_tabular(b"a,b\n" + b"1,2\n" * 999, "x.csv")
    with pytest.raises(InputError, match="unpacks to more than"):
        read_tabular(gzip.compress(b"a,b\n" + b"1,2\n" * 999), "x.csv.gz")
    monkeypatch.setattr(parquet_files, "MAX_CELLS", 10)
    with pytest.raises(InputError, match="a table of 3 rows and 4 columns"):
        read_tabular(parquet(TABLE.assign(x=1)), "x.parquet")
