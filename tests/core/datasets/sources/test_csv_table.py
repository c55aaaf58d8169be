"""Tables of images: with files and without, other names of columns, and what is refused."""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.datasets import open_dataset
from core.datasets.notes import NO_PATIENT
from core.datasets.tables.columns import Naming
from core.errors import InputError


def test_files_named_by_a_table_are_measured(lay, tmp_path):
    lay("a/1.png", "b/2.png", root=tmp_path / "files")
    pd.DataFrame({"File": ["files/a/1.png", "files/b/2.png", "files/gone.png"], "Label": ["heart", "Lung/left", "heart"]}).to_csv(
        tmp_path / "list.csv", index=False
    )
    dataset = open_dataset(tmp_path / "list.csv")
    assert dataset.samples["sample_id"].tolist() == ["train/Lung∕left/2.png", "train/heart/1.png"]
    assert dataset.samples["width"].tolist() == [32, 32] and dataset.read("train/heart/1.png").shape == (32, 32)
    assert dataset.unreadable["reason"].str.contains("no such file").tolist() == [True]


def test_a_table_without_files_brings_its_own_facts(tmp_path):
    names = {"sample_id": ["x.png", "y.png"], "class_name": ["normal", "pneumonia"], "split": ["train", "Test"]}
    rows = pd.DataFrame(names | {"patient_id": [7, 7], "width": [10, 20]})
    rows.to_parquet(tmp_path / "list.parquet")
    dataset = open_dataset(tmp_path / "list.parquet")
    assert not dataset.has_pixels
    assert dataset.samples["sample_id"].tolist() == ["test/PNEUMONIA/y.png", "train/NORMAL/x.png"]
    assert dataset.samples["patient_id"].tolist() == ["7", "7"] and dataset.samples["width"].tolist() == [20, 10]
    assert dataset.samples["content_hash"].isna().all()


def test_a_table_none_of_whose_files_is_there_is_taken_as_it_stands_and_says_so(lay, tmp_path):
    rows = pd.DataFrame({"path": ["f/1.png", "f/2.png"], "class_name": ["NORMAL", "PNEUMONIA"], "hospital": ["A", "B"]})
    rows.to_csv(tmp_path / "list.csv", index=False)
    dataset = open_dataset(tmp_path / "list.csv")
    assert not dataset.has_pixels and dataset.extra["hospital"].tolist() == ["A", "B"]
    assert dataset.notes[0].startswith("None of the 2 files that the table names is there") and "f/1.png" in dataset.notes[0]
    with pytest.raises(InputError, match=r"no pixels; none of its files is there, such as .*1\.png"):
        dataset.read(dataset.samples["sample_id"].iloc[0])
    lay("1.png", root=tmp_path / "f")
    assert open_dataset(tmp_path / "list.csv").has_pixels, "once a file is there"


def test_files_that_are_there_and_no_images_are_refused(tmp_path):
    (tmp_path / "a.png").write_bytes(b"no image")
    pd.DataFrame({"path": ["a.png"], "class_name": ["x"]}).to_csv(tmp_path / "list.csv", index=False)
    with pytest.raises(InputError, match="None of the 1 file that"):
        open_dataset(tmp_path / "list.csv")


def test_patients_are_read_from_names_where_no_column_names_them(tmp_path):
    pd.DataFrame({"sample_id": ["person3_virus_1.jpeg"], "class_name": ["PNEUMONIA"]}).to_csv(tmp_path / "list.csv", index=False)
    sample = open_dataset(tmp_path / "list.csv").samples.iloc[0]
    assert (sample["patient_id"], sample["subtype"]) == ("train/person3", "VIRAL")


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"name": ["a"]}, "expected the columns class_name"),
        ({"class_name": ["a"]}, "expected the columns class_name and path or sample_id"),
        ({"sample_id": ["a", "b"], "class_name": [None, ""]}, "None of the 2 rows of 'list.csv' has a class"),
        ({"sample_id": ["a", "a"], "class_name": ["x", "x"]}, "more than once"),
        ({"sample_id": ["a"], "class_name": ["x"], "split": ["spare"]}, "'spare'"),
        ({"sample_id": ["a"], "class_name": ["x"], "width": ["wide"]}, "does not hold what its name says"),
    ],
)
def test_what_is_refused_says_what_is_wrong(tmp_path, columns, words):
    pd.DataFrame(columns).to_csv(tmp_path / "list.csv", index=False)
    with pytest.raises(InputError, match=words):
        open_dataset(tmp_path / "list.csv")


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_a_broken_file_is_one_sentence(tmp_path, name):
    (tmp_path / name).write_bytes(b"\x00\xff\x00 no table" if name.endswith("parquet") else b"")
    with pytest.raises(InputError, match="not a readable table"):
        open_dataset(tmp_path / name)


def pictures(folder, *names):
    """Small pictures of random noise, whatever they are called."""
    for number, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.random.default_rng(number).integers(0, 256, (16, 16), dtype=np.uint8)).save(folder / name, "PNG")
    return list(names)


def opened(folder, columns, name="list.csv", **options):
    pd.DataFrame(columns).to_csv(folder / name, index=False, **options)
    return open_dataset(folder / name)


def test_semicolons_back_slashes_zeros_and_a_class_called_none(tmp_path):
    files = pictures(tmp_path, "img/00001", "img/00002", "img/00003")
    dataset = opened(tmp_path, {"path": [file.replace("/", "\\") for file in files], "class_name": ["None", "NA", "None"]}, sep=";")
    assert dataset.samples["sample_id"].tolist() == ["train/NA/00002", "train/None/00001", "train/None/00003"]
    assert dataset.has_pixels and not len(dataset.unreadable)


def test_two_columns_for_the_class_or_the_file(tmp_path):
    files = pictures(tmp_path, "img/a.png", "img/b.png")
    dataset = opened(tmp_path, {"filename": ["a.png", "b.png"], "path": files, "label": [0, 1], "class_name": ["x", "y"]})
    assert dataset.samples["class_name"].tolist() == ["x", "y"] and dataset.extra["label"].tolist() == [0, 1]
    assert dataset.notes[0] == "The classes are those of the column class_name, not of label." and dataset.notes[-1] == NO_PATIENT
    with pytest.raises(InputError, match="2 columns for class_name, which differ: class, label"):
        opened(tmp_path, {"path": files, "class": ["x", "y"], "label": [0, 1]})


def test_rows_without_a_name_are_listed(tmp_path):
    files = pictures(tmp_path, "a.png", "b.png")
    dataset = opened(tmp_path, {"path": [files[0], None, files[1]], "class_name": ["x", "y", "y"]})
    assert len(dataset.samples) == 2 and dataset.unreadable["path"].tolist() == ["list.csv, row 2"]
    pd.DataFrame({"path": [*files, "", "x" * 5000, "a\0b", "."], "class_name": "x"}).to_parquet(tmp_path / "bad.parquet")
    dataset = open_dataset(tmp_path / "bad.parquet")
    assert len(dataset.samples) == 2 and len(dataset.unreadable) == 4


def test_one_name_in_many_folders_is_told_apart_by_as_much_of_the_path_as_it_takes(tmp_path):
    files = pictures(tmp_path, *(f"train/patient{p}/study{s}/view1.png" for p in (1, 2) for s in (1, 2)), "train/patient3/other.png")
    columns = {"path": files, "class_name": ["x", "x", "x", "y", "x"], "patient_id": ["1", "1", "2", "2", "3"]}
    samples = opened(tmp_path, columns).samples
    assert samples["sample_id"].tolist() == [
        "train/x/other.png", "train/x/patient1/study1/view1.png", "train/x/patient1/study2/view1.png", "train/x/patient2/study1/view1.png",
        "train/y/view1.png",
    ]  # fmt: skip
    assert samples["path"].nunique() == 5 and samples["patient_id"].nunique() == 3


def test_one_file_in_two_classes_is_refused(tmp_path):
    files = pictures(tmp_path, "a.png", "b.png")
    with pytest.raises(InputError, match=r"'a.png' more than one class \(x, y\), and so 1 image;"):
        opened(tmp_path, {"path": [*files, ".\\a.png"], "class_name": ["x", "x", "y"]})


def test_a_name_may_be_composed_in_the_table_and_decomposed_on_the_disk(tmp_path):
    pictures(tmp_path, unicodedata.normalize("NFD", "é.png"))
    dataset = opened(tmp_path, {"path": [unicodedata.normalize("NFC", "é.png")], "class_name": ["x"]})
    assert len(dataset.samples) == 1 and dataset.read(dataset.samples["sample_id"][0]).shape == (16, 16)


@pytest.mark.parametrize("named", [["a", "a", None, None, "b"], ["a", "a", "nan", "NA", "b"], [7, 7, None, None, 8]])
def test_images_without_a_patient_are_each_their_own(tmp_path, named):
    dataset = opened(tmp_path, {"sample_id": list("abcde"), "class_name": "x", "patient_id": named})
    patients = dataset.samples["patient_id"]
    assert patients.nunique() == 4 and patients[0] == patients[1] and not patients.isna().any() and "nan" not in set(patients)
    assert dataset.notes[0] == "2 of 5 rows name no patient: each such row counts as a patient of its own."
    assert NO_PATIENT not in dataset.notes
    assert patients[4] == str(named[4])


def test_other_columns_are_kept_as_text_or_numbers(tmp_path):
    columns = {"sample_id": list("ba"), "class_name": "x", "Hospital": ["B", "A"], "age": [71.5, None], "code": ["007", "012"]}
    extra = opened(tmp_path, columns).extra
    assert extra["sample_id"].tolist() == ["train/x/a", "train/x/b"] and extra["Hospital"].tolist() == ["A", "B"]
    assert extra["age"].isna().tolist() == [True, False] and extra["age"][1] == 71.5 and extra["code"].tolist() == ["012", "007"]
    assert opened(tmp_path, {"sample_id": ["a"], "class_name": "x"}).extra is None
    assert opened(tmp_path, {"sample_id": ["a"], "class_name": "x"} | {f"c{i}": [1] for i in range(60)}).extra.shape == (1, 51)


def test_tables_of_known_data_sets(tmp_path):
    files = pictures(tmp_path, "00000001_000.png", "00000002_000.png")
    nih = {"Image Index": files, "Finding Labels": ["No Finding", "Pneumonia"], "Patient ID": [1, 2], "OriginalImage[Width": [9, 9]}
    dataset = opened(tmp_path, nih)
    assert dataset.has_pixels and dataset.samples["width"].tolist() == [16, 16] and dataset.samples["patient_id"].tolist() == ["1", "2"]
    rsna = {"patientId": ["a", "b"], "x": [None, 3], "y": [None, 3], "width": [None, 213.5], "Target": [0, 1]}
    samples = opened(tmp_path, rsna).samples
    assert samples["class_name"].tolist() == ["0", "1"] and samples["width"].isna().all() and samples["patient_id"].tolist() == ["a", "b"]


def test_splits_by_the_words_in_use(tmp_path):
    columns = {"sample_id": list("abc"), "class_name": "x", "Dataset_type": ["TRAIN", "Testing", "valid"]}
    assert opened(tmp_path, columns).samples["split"].tolist() == ["test", "train", "val"]
    assert opened(tmp_path, columns | {"Dataset_type": ["A", "B", "C"]}).samples["split"].unique().tolist() == ["train"]
    with pytest.raises(InputError, match="leaves the split of 1 image empty"):
        opened(tmp_path, {"sample_id": list("ab"), "class_name": "x", "split": ["test", None]})


def test_a_person_may_say_what_columns_and_classes_are_called(tmp_path):
    pd.DataFrame({"p": pictures(tmp_path, "a.png", "b.png"), "dx": [0, 1]}).to_csv(tmp_path / "list.csv", index=False)
    with pytest.raises(InputError, match="has the columns p, dx; expected"):
        open_dataset(tmp_path / "list.csv")
    naming = Naming({"path": "p", "class_name": "dx"}, {"1": "PNEUMONIA", "0": "healthy"})
    assert open_dataset(tmp_path / "list.csv", naming=naming).samples["class_name"].tolist() == ["PNEUMONIA", "healthy"]
    with pytest.raises(InputError, match="named for a table of images"):
        open_dataset(tmp_path, naming=naming)


def test_one_file_in_two_splits_is_refused_whatever_detour_its_path_takes(lay):
    folder = lay("i/a.jpeg", "i/b.jpeg")
    for other in ("i/a.jpeg", "./i/../i/a.jpeg"):
        table = pd.DataFrame(
            {"path": ["i/a.jpeg", "i/b.jpeg", other], "class_name": ["NORMAL", "PNEUMONIA", "NORMAL"], "split": ["train", "train", "test"]}
        )
        table.to_csv(folder / "t.csv", index=False)
        with pytest.raises(InputError, match="more than one split"):
            open_dataset(folder / "t.csv")


def test_a_row_without_a_class_is_left_out_and_counted(tmp_path):
    dataset = opened(tmp_path, {"sample_id": list("abc"), "class_name": ["x", None, "y"], "split": ["train", "train", "test"]})
    assert dataset.samples["sample_id"].tolist() == ["test/y/c", "train/x/a"]
    assert dataset.unreadable.to_dict("records") == [{"path": "b", "reason": "Its row gives no class; write it there."}]
    assert "1 of 3 rows of the table is left out. Its row gives no class; write it there." in dataset.notes


def test_a_table_says_what_a_folder_says(tmp_path):
    columns = {"sample_id": [f"{i}.png" for i in range(6)], "class_name": ["NORMAL", "PNEUMONIA"] * 3}
    notes = opened(tmp_path, columns | {"split": ["train"] * 4 + ["val"] * 2}).notes
    assert notes[0].startswith("No image lies in a test split") and "mark some images as test in a column split" in notes[0]
    assert notes[1].startswith("The split val is kept for validation as it is (2 images). It has 1 patient of the class NORMAL")
    assert notes[2] == NO_PATIENT and len(notes) == 3
    stated = opened(tmp_path, columns | {"split": ["train"] * 4 + ["test"] * 2, "patient_id": list("abcdef")})
    assert stated.notes == ()


def test_kinds_of_pneumonia_are_one_class_in_a_table_too(tmp_path):
    dataset = opened(tmp_path, {"sample_id": list("abc"), "class_name": ["NORMAL", "BACTERIA", "virus"]})
    assert dataset.class_names == ("NORMAL", "PNEUMONIA") and set(dataset.samples["subtype"]) == {"NORMAL", "BACTERIAL", "VIRAL"}
    assert dataset.notes[0].startswith("The classes BACTERIA and virus are read as two kinds of PNEUMONIA")
