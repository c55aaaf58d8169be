"""Which files are scored, in which order, and the reasons for the others."""

import os

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.batch.listing import FOLDER, NO_NAME, NO_SUCH, films
from core.datasets.folders.refusals import NO_FILE, NO_TARGET
from core.datasets.tables.columns import Naming
from core.errors import InputError

NONE = Naming()


@pytest.fixture
def folder(tmp_path):
    for name in ("b/2.png", "b/10.png", "a/1.png", "top.jpg", "masks/1.png"):
        (tmp_path / "set" / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.zeros((4, 4), np.uint8)).save(tmp_path / "set" / name)
    (tmp_path / "set" / "notes.txt").write_text("no film")
    return tmp_path / "set"


def test_a_folder_is_listed_by_name_each_file_with_what_tells_it_changed(folder):
    found = list(films(folder, NONE))
    usable = [film for film in found if not film.reason]
    assert [film.path for film in usable] == [str(folder / name) for name in ("top.jpg", "a/1.png", "b/10.png", "b/2.png")]
    assert all(film.n_bytes > 0 and film.changed > 0 for film in usable)
    assert {film.path: film.reason for film in found if film.reason} == {
        str(folder / "notes.txt"): "It is no image.",
        f"{folder / 'masks'}/": "1 file: Masks are no radiographs.",
    }


def test_the_answer_in_the_same_folder_is_no_part_of_the_data(folder):
    out, shards = folder / "scores.parquet", folder / "scores.parquet.shards"
    shards.mkdir()
    for path in (out, shards / "files.parquet"):
        path.write_bytes(b"PAR1")
    assert str(out) in {film.path for film in films(folder, NONE)}
    assert not {film.path for film in films(folder, NONE, (out, shards))} & {str(out), str(shards / "files.parquet")}


def test_a_table_names_files_beside_it_in_its_own_order(folder, tmp_path):
    table = tmp_path / "list.csv"
    pd.DataFrame({"path": ["set/b/2.png", "set/gone.png", None, "set/a/1.png", "set/b/2.png"], "age": 1}).to_csv(table, index=False)
    found = list(films(table, NONE))
    assert [film.path for film in found if not film.reason] == [str(folder / name) for name in ("b/2.png", "a/1.png", "b/2.png")]
    assert [(film.path, film.reason) for film in found if film.reason] == [
        (str(tmp_path / "set/gone.png"), NO_SUCH),
        ("list.csv, row 3", NO_NAME),
    ]


def test_what_a_table_names_and_is_no_file_is_listed_with_its_reason_and_not_opened(tmp_path):
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "link.png").symlink_to(tmp_path / "gone.png")
    (tmp_path / "round.png").symlink_to(tmp_path / "round.png")
    os.mkfifo(tmp_path / "pipe.png")
    pd.DataFrame({"path": ["folder.png", "link.png", "pipe.png", "round.png"]}).to_csv(tmp_path / "list.csv", index=False)
    reasons = [film.reason for film in films(tmp_path / "list.csv", NONE)]
    assert reasons[:3] == [FOLDER, NO_TARGET, NO_FILE] and "its links lead in a circle" in reasons[3]


def test_the_column_of_paths_may_have_any_name(folder, tmp_path):
    pd.DataFrame({"where": ["set/top.jpg"]}).to_csv(tmp_path / "list.csv", index=False)
    with pytest.raises(InputError, match=r"no column of files; it has where\. Say which"):
        films(tmp_path / "list.csv", NONE)
    assert [film.path for film in films(tmp_path / "list.csv", Naming({"path": "where"}))] == [str(folder / "top.jpg")]


@pytest.mark.parametrize(
    ("data", "naming", "words"),
    [
        ("nowhere", NONE, "There is nothing at"),
        ("set", Naming({"path": "x"}), "leave --column"),
        ("set/top.jpg", NONE, "is a picture"),
        ("list.csv", Naming({"class_name": "label"}), "column path alone"),
    ],
)
def test_what_is_no_list_of_films_is_refused(folder, tmp_path, data, naming, words):
    (tmp_path / "list.csv").write_text("path\nset/top.jpg\n")
    with pytest.raises(InputError, match=words):
        list(films(tmp_path / data, naming))
