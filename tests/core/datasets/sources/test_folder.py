"""A folder of class folders however it was unpacked, with whatever lies between the images."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from PIL import Image

from core.audit.patients import patients_across_splits
from core.datasets import open_dataset
from core.datasets.folders.left_out import BESIDE, NO_CLASS, n_files
from core.datasets.folders.refusals import ARCHIVE, MADE_BY_A_MAC, MASKS, NO_IMAGE, OTHER_FORMAT
from core.datasets.labels import label
from core.datasets.notes import NO_PATIENT
from core.errors import InputError

PLAIN = (
    "train/NORMAL/IM-0115-0001.jpeg",
    "train/PNEUMONIA/person1_bacteria_1.jpeg",
    "train/PNEUMONIA/person2_virus_3.jpeg",
    "test/NORMAL/IM-0001-0001.jpeg",
    "test/PNEUMONIA/person1_virus_6.jpeg",
)


def left_out(dataset) -> dict[str, str]:
    """Reasons by path below the folder of the set."""
    return {path.removeprefix(f"{dataset.root}/"): reason for path, reason in dataset.unreadable.itertuples(index=False)}


def ids(data) -> list[str]:
    return open_dataset(data).samples["sample_id"].tolist()


def test_plain(lay):
    root = lay(*PLAIN)
    dataset = open_dataset(root)
    samples = dataset.samples
    assert samples["sample_id"].tolist() == sorted(PLAIN)
    assert samples["split"].tolist() == ["test", "test", "train", "train", "train"]
    assert samples["class_name"].tolist() == ["NORMAL", "PNEUMONIA", "NORMAL", "PNEUMONIA", "PNEUMONIA"]
    assert samples["subtype"].tolist() == ["NORMAL", "VIRAL", "NORMAL", "BACTERIAL", "VIRAL"]
    assert samples["path"].tolist() == [str(root / name) for name in sorted(PLAIN)]
    assert samples["n_bytes"].tolist() == [(root / name).stat().st_size for name in sorted(PLAIN)]
    assert dataset.root == root and dataset.title == "set" and dataset.has_pixels and dataset.unreadable.empty


def test_unpacked_twice_and_beside_a_copy(lay, tmp_path):
    nested = tmp_path / "download" / "chest_xray" / "chest_xray"
    lay(*PLAIN, root=nested)
    assert ids(tmp_path / "download") == sorted(PLAIN)
    lay(*PLAIN, root=nested.parent)  # Kaggle's archive holds the set twice
    dataset = open_dataset(tmp_path / "download")
    assert dataset.samples["sample_id"].tolist() == sorted(PLAIN)
    assert dataset.root == nested.parent


def test_what_macs_and_desktops_leave_behind_is_passed_over(lay):
    root = lay(*PLAIN, "__MACOSX/train/NORMAL/IM-0115-0001.jpeg", "masks/train/NORMAL/IM-0115-0001.jpeg")
    for name in ("train/NORMAL/._IM-0115-0001.jpeg", "train/.DS_Store", "train/NORMAL/.DS_Store", "train/NORMAL/Thumbs.db", "README.txt"):
        (root / name).write_bytes(b"\0\5\26\7")
    (root / "train" / "NORMAL" / "folder.jpeg").mkdir()
    dataset = open_dataset(root)
    assert dataset.samples["sample_id"].tolist() == sorted(PLAIN)
    assert left_out(dataset) == {
        "README.txt": "It is no image.",
        "__MACOSX/": f"1 file: {MADE_BY_A_MAC}",
        "masks/": "1 file: Masks are no radiographs.",
    }


def test_upper_and_lower_case(lay):
    root = lay("Train/Normal/IM-1-1.JPEG", "TRAIN/pneumonia/person1_bacteria_1.Jpg", "Test/normal/IM-2-1.PNG")
    assert ids(root) == ["test/NORMAL/IM-2-1.PNG", "train/NORMAL/IM-1-1.JPEG", "train/PNEUMONIA/person1_bacteria_1.Jpg"]


@pytest.mark.parametrize("folder", ["val", "valid", "Validation"])
def test_a_val_of_one_image_is_folded_into_train_and_said(lay, folder):
    dataset = open_dataset(lay(*PLAIN, f"{folder}/NORMAL/IM-0115-0002.jpeg"))
    samples = dataset.samples.set_index("sample_id")
    assert any("its one image counts as train" in note for note in dataset.notes)
    assert samples.loc["val/NORMAL/IM-0115-0002.jpeg", "split"] == "train"
    assert samples.loc["val/NORMAL/IM-0115-0002.jpeg", "patient_id"] == samples.loc["train/NORMAL/IM-0115-0001.jpeg", "patient_id"]


def test_classes_without_splits_are_all_train(lay):
    samples = open_dataset(lay("NORMAL/a.jpeg", "PNEUMONIA/b.jpeg", "notes/read.me.jpeg.txt.jpeg")).samples
    assert samples["split"].unique().tolist() == ["train"]
    assert samples["class_name"].tolist() == ["NORMAL", "PNEUMONIA", "notes"]


def test_the_train_folder_alone(lay):
    assert ids(lay(*PLAIN) / "train") == [name for name in sorted(PLAIN) if name.startswith("train/")]


def test_other_and_single_and_empty_classes(lay):
    root = lay("train/COVID/a.jpeg", "train/Tuberkulose/b.jpeg")
    (root / "train" / "EMPTY").mkdir()
    assert open_dataset(root).samples["class_name"].tolist() == ["COVID", "Tuberkulose"]
    shutil.rmtree(root / "train" / "COVID")
    assert open_dataset(root).samples["class_name"].tolist() == ["Tuberkulose"]


def test_unicode_and_very_long_names(lay):
    long = "x" * 240 + ".jpeg"
    names = sorted([f"train/NORMAL/{long}", "train/NORMAL/röntgen 胸部 🫁.jpeg", "train/Ünïcode/a b'c\".jpeg"])
    assert ids(lay(*names)) == names


def test_links_are_followed_and_dead_ones_listed(lay, tmp_path):
    root = lay(*PLAIN)
    elsewhere = lay("a.jpeg", root=tmp_path / "elsewhere")
    (root / "train" / "NORMAL" / "link.jpeg").symlink_to(elsewhere / "a.jpeg")
    (root / "train" / "NORMAL" / "dead.jpeg").symlink_to(tmp_path / "nothing.jpeg")
    (root / "train" / "LINKED").symlink_to(elsewhere)
    (root / "loop").symlink_to(root)
    dataset = open_dataset(root)
    assert set(dataset.samples["sample_id"]) == {*PLAIN, "train/NORMAL/link.jpeg", "train/LINKED/a.jpeg"}
    assert [Path(path).name for path in dataset.unreadable["path"]] == ["dead.jpeg"]
    assert "link that leads nowhere" in dataset.unreadable["reason"].iloc[0]


def test_one_name_in_folders_that_differ_in_case_is_used_once_and_said(lay):
    root = lay("train/NORMAL/a.jpeg", "train/normal/a.jpeg", "train/normal/b.jpeg", "train/PNEUMONIA/c.jpeg")
    dataset = open_dataset(root)
    assert dataset.samples["sample_id"].tolist() == ["train/NORMAL/a.jpeg", "train/NORMAL/b.jpeg", "train/PNEUMONIA/c.jpeg"]
    assert dataset.samples["path"].iloc[0] == str(root / "train/NORMAL/a.jpeg")
    assert dataset.unreadable["path"].tolist() == [str(root / "train/normal/a.jpeg")]
    assert "taken" in dataset.unreadable["reason"].iloc[0]


def test_bad_files_are_listed_with_reasons_and_the_good_ones_used(lay):
    root = lay(*PLAIN)
    whole = (root / PLAIN[0]).read_bytes()
    bad = {"cut.jpeg": whole[:-60], "text.jpeg": b"hello", "empty.jpeg": b"", "broken.dcm": b"\0" * 128 + b"DICM", "big.png": whole[:30]}
    for name, content in bad.items():
        (root / "train" / "NORMAL" / name).write_bytes(content)
    Image.new("L", (1, 1)).save(root / "train" / "NORMAL" / "tiny.png")
    dataset = open_dataset(root)
    assert dataset.samples["sample_id"].tolist() == sorted(PLAIN)
    reasons = {Path(path).name: reason for path, reason in dataset.unreadable.itertuples(index=False)}
    assert set(reasons) == {*bad, "tiny.png"}
    assert "cut short" in reasons["cut.jpeg"] and "not a JPEG" in reasons["text.jpeg"] and "empty" in reasons["empty.jpeg"]
    assert "DICOM" in reasons["broken.dcm"] and "1×1" in reasons["tiny.png"]


def test_a_name_that_is_no_text_is_listed(lay):
    root = lay(*PLAIN)
    name = os.fsencode(root / "train" / "NORMAL") + b"/r\xf6ntgen.jpeg"
    try:
        shutil.copy(os.fsencode(root / PLAIN[0]), name)
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    dataset = open_dataset(root)
    assert dataset.samples["sample_id"].tolist() == sorted(PLAIN)
    assert "not valid UTF-8" in dataset.unreadable["reason"].iloc[0]
    json.dumps(dataset.unreadable.to_dict("records")).encode()


def lock(monkeypatch, *locked: Path) -> None:
    """Refuse to open folders, as the system would for anyone but root."""
    real_scandir, real_iterdir = os.scandir, Path.iterdir

    def scandir(path="."):
        if not isinstance(path, int) and Path(os.fsdecode(path)) in locked:
            raise PermissionError(13, "Permission denied", str(path))
        return real_scandir(path)

    def iterdir(self):
        if self in locked:
            raise PermissionError(13, "Permission denied", str(self))
        return real_iterdir(self)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(Path, "iterdir", iterdir)


def test_a_locked_class_folder_does_not_stop_the_others(lay, monkeypatch):
    root = lay(*PLAIN)
    lock(monkeypatch, root / "test" / "PNEUMONIA")
    dataset = open_dataset(root)
    assert dataset.samples["sample_id"].tolist() == [name for name in sorted(PLAIN) if not name.startswith("test/PNEUMONIA")]
    assert dataset.unreadable["path"].tolist() == [f"{root}/test/PNEUMONIA/"]
    assert "Permission denied" in dataset.unreadable["reason"].iloc[0]


def test_a_locked_neighbour_is_passed_over(lay, monkeypatch, tmp_path):
    lay(*PLAIN, root=tmp_path / "download" / "chest_xray")
    (tmp_path / "download" / "a_locked").mkdir()
    lock(monkeypatch, tmp_path / "download" / "a_locked")
    assert ids(tmp_path / "download") == sorted(PLAIN)


@pytest.mark.parametrize("locked", [".", "train"])
def test_a_locked_root_or_split_is_an_error(lay, monkeypatch, locked):
    root = lay(*PLAIN)
    lock(monkeypatch, root / locked)
    with pytest.raises(InputError, match=r"cannot be opened.*Permission denied.*check its permissions"):
        open_dataset(root)


def test_every_class_folder_locked(lay, monkeypatch):
    root = lay("train/NORMAL/a.jpeg")
    lock(monkeypatch, root / "train" / "NORMAL")
    with pytest.raises(InputError, match=r"no image is in it.*'NORMAL': The folder cannot be opened .Permission denied"):
        open_dataset(root)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), "holds no data set: expected train/ and test/ folders"),
        (("a.jpeg", "b.jpeg"), "holds no data set"),
        (("__MACOSX/train/NORMAL/a.jpeg",), "holds no data set"),
        (("images/a.jpeg", "images/b.jpeg"), "its 2 images lie in no class folder .the first in 'set/images'"),
        (("train/images_001/a.jpeg", "test/images_002/b.jpeg"), "lie in no class folder"),
    ],
)
def test_nothing_there(lay, tmp_path, names, expected):
    (tmp_path / "set").mkdir()
    with pytest.raises(InputError, match=expected):
        open_dataset(lay(*names))


def test_class_folders_without_images(tmp_path):
    (tmp_path / "set" / "train" / "NORMAL").mkdir(parents=True)
    with pytest.raises(InputError, match="'set' holds no data set: expected train/ and test/ folders"):
        open_dataset(tmp_path / "set")


def test_no_usable_image(tmp_path):
    folder = tmp_path / "set" / "train" / "NORMAL"
    folder.mkdir(parents=True)
    for name in ("a.jpeg", "b.jpeg"):
        (folder / name).write_text("hello")
    with pytest.raises(InputError, match="None of the 2 files in 'set' is a usable image; the first: The content is not a JPEG"):
        open_dataset(tmp_path / "set")


def test_folders_below_a_class_count_and_tell_the_infection(lay):
    names = sorted([
        "test/NORMAL/IM-0001-0001.jpeg",
        "train/NORMAL/site A/IM-0115-0001.jpeg",
        "train/PNEUMONIA/Bacteria/2019/person1_bacteria_1.jpeg",
        "train/PNEUMONIA/Bacteria/film.png",
        "train/PNEUMONIA/viral/person1_virus_6.jpeg",
        "train/PNEUMONIA/virus/film.png",
    ])  # fmt: skip
    dataset = open_dataset(lay(*names))
    samples = dataset.samples
    assert samples["sample_id"].tolist() == names and dataset.unreadable.empty
    assert samples["class_name"].tolist() == ["NORMAL"] * 2 + ["PNEUMONIA"] * 4
    assert samples["subtype"].tolist() == ["NORMAL", "NORMAL", "BACTERIAL", "BACTERIAL", "VIRAL", "VIRAL"]
    assert samples["patient_id"].tolist() == [
        "test/im-0001", "train/im-0115", "train/person1", "train/PNEUMONIA/Bacteria/film", "train/person1", "train/PNEUMONIA/virus/film",
    ]  # fmt: skip


def test_three_class_folders_are_pneumonia_with_its_infections(lay):
    root = lay("train/Normal/a.png", "train/BACTERIA/a.png", "train/Viral Pneumonia/a.png", "test/Normal/b.png")
    dataset = open_dataset(root)
    assert ids(root) == [
        "test/NORMAL/b.png",
        "train/NORMAL/a.png",
        "train/PNEUMONIA/BACTERIA/a.png",
        "train/PNEUMONIA/Viral Pneumonia/a.png",
    ]
    assert label(dataset.samples, 2)[0] == ("NORMAL", "PNEUMONIA")
    assert label(dataset.samples, 3)[1].tolist() == [0, 0, 1, 2]
    assert dataset.notes == (
        "The classes BACTERIA and Viral Pneumonia are read as two kinds of PNEUMONIA: with 2 classes they are one, with 3 they are "
        "told apart.",
        NO_PATIENT,
    )


def test_a_kind_of_pneumonia_beside_pneumonia_is_no_class_of_its_own(lay):
    dataset = open_dataset(
        lay("train/NORMAL/a.png", "train/PNEUMONIA/a.png", "train/BACTERIA/a.png", "test/NORMAL/b.png", "test/Viral/b.png")
    )
    assert dataset.class_names == ("NORMAL", "PNEUMONIA") and dataset.positive_class == "PNEUMONIA"
    assert dataset.samples["subtype"].tolist()[1:4:2] == ["VIRAL", "BACTERIAL"]
    assert dataset.notes[0].startswith("The classes BACTERIA and Viral are read as two kinds of PNEUMONIA")


def test_files_are_known_by_their_content(lay, tmp_path):
    root = lay("train/NORMAL/a.jpeg", "train/PNEUMONIA/b.png")
    folder = root / "train" / "NORMAL"
    whole = (folder / "a.jpeg").read_bytes()
    for name in ("b.jfif", "c.jpe", "d", "1.2.840.113619.2", "e.JPEG_original"):
        (folder / name).write_bytes(whole)
    (folder / "text").write_text("hello")
    (folder / "text.jfif").write_text("hello")
    dataset = open_dataset(root)
    assert len(dataset.samples) == 7
    reasons = left_out(dataset)
    assert reasons.pop("train/NORMAL/text.jfif").startswith("The content is not a JPEG")
    assert reasons == {"train/NORMAL/text": "It is no image."}


def test_what_lies_beside_the_classes_is_listed_with_what_to_do(lay):
    root = lay("train/NORMAL/a.jpeg", "train/PNEUMONIA/b.jpeg", "test/NORMAL/c.jpeg", "train/d.jpeg", "e.jpeg")
    lay(*(f"more/{i}.jpeg" for i in range(3)), *(f"test/{i}.jpeg" for i in range(11)), root=root)
    for name in (
        "train/PNEUMONIA/more.zip",
        "train/PNEUMONIA/film.gif",
        "labels.csv",
        "train/NORMAL/boxes/a.txt",
        "train/NORMAL/boxes/b.txt",
    ):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("no image")
    dataset = open_dataset(root)
    assert len(dataset.samples) == 3
    assert left_out(dataset) == {
        "more/": f"3 files: {BESIDE}",
        "test/": f"11 files: {NO_CLASS}",
        "train/d.jpeg": NO_CLASS,
        "e.jpeg": NO_CLASS,
        "train/PNEUMONIA/more.zip": ARCHIVE,
        "train/PNEUMONIA/film.gif": OTHER_FORMAT,
        "labels.csv": NO_IMAGE,
        "train/NORMAL/boxes/": f"2 files: {NO_IMAGE}",
    }
    assert n_files(dataset.unreadable).sum() == 3 + 11 + 1 + 1 + 1 + 1 + 1 + 2
    assert dataset.notes == (f"3 files of more/ are left out. {BESIDE}", f"11 files of test/ are left out. {NO_CLASS}", NO_PATIENT)


def test_class_folders_beside_test_are_left_out_with_a_word(lay):
    dataset = open_dataset(lay("NORMAL/a.png", "PNEUMONIA/b.png", "test/NORMAL/c.png", "test/PNEUMONIA/d.png"))
    assert dataset.samples["split"].tolist() == ["test", "test"]
    assert left_out(dataset) == {"NORMAL/": f"1 file: {BESIDE}", "PNEUMONIA/": f"1 file: {BESIDE}"}
    assert dataset.notes[0].startswith("No image lies in a train split") and "NORMAL/, PNEUMONIA/ are left out" in dataset.notes[1]


def test_of_several_folds_the_first_is_used_and_the_others_named(lay):
    dataset = open_dataset(lay(*(f"fold{k}/{name}" for k in (1, 2, 3) for name in PLAIN)))
    assert dataset.samples["sample_id"].tolist() == sorted(PLAIN) and dataset.root.name == "fold1"
    assert [Path(path).name for path in dataset.unreadable["path"]] == ["fold2", "fold3"]
    assert dataset.unreadable["reason"].str.startswith("5 files: It belongs to another data set").all()
    assert dataset.notes == (
        "3 data sets lie in 'set' and one is used at a time, here set/fold1; for another give its folder: set/fold2, set/fold3.",
    )


def test_masks_in_the_classes_are_no_images(lay):
    root = lay(*(f"{name}/{kind}/{i}.png" for name in ("COVID", "Normal") for kind in ("images", "masks") for i in range(2)))
    dataset = open_dataset(root)
    assert dataset.samples["sample_id"].tolist() == [f"train/{name}/images/{i}.png" for name in ("COVID", "NORMAL") for i in range(2)]
    assert left_out(dataset) == {f"{name}/masks/": f"2 files: {MASKS}" for name in ("COVID", "Normal")}


def test_a_real_val_folder_is_kept(lay):
    names = [f"{split}/{name}/{i}.png" for split, n in (("train", 12), ("val", 5)) for name in ("NORMAL", "PNEUMONIA") for i in range(n)]
    dataset = open_dataset(lay(*names, "test/NORMAL/a.png"))
    assert dataset.samples["split"].value_counts().to_dict() == {"train": 24, "val": 10, "test": 1}
    assert dataset.notes == (
        "The split val is kept for validation as it is (10 images), and nothing is held out of train beside it.",
        NO_PATIENT,
    )


def test_patients_on_both_sides_of_a_val_folder_are_a_finding(lay):
    kinds = ("NORMAL/IM-{0:04}-0001.png", "PNEUMONIA/person{0}_virus_1.png")
    names = [f"{split}/{kind.format(number)}" for split in ("train", "val") for kind in kinds for number in range(6)]
    finding = patients_across_splits(open_dataset(lay(*names)))
    assert (finding.severity, finding.value) == ("high", 12) and "both train and val" in finding.title


def test_classes_alone_say_how_to_mark_test(lay, tmp_path):
    assert "to test on them move the class folders into test/" in open_dataset(lay("NORMAL/a.png", "PNEUMONIA/b.png")).notes[0]
    named_test = lay("NORMAL/a.png", "PNEUMONIA/b.png", root=tmp_path / "test")
    assert "to test on them give the folder above 'test'" in open_dataset(named_test).notes[0]


def test_a_deep_folder_is_found(lay):
    assert ids(lay("deep/deeper/deepest/too/train/NORMAL/a.jpeg")) == ["train/NORMAL/a.jpeg"]


def test_everything_is_counted_or_listed(lay):
    """Whatever lies below the folder: the samples and the list together have each file once."""
    root = lay(*PLAIN, *(f"fold2/{name}" for name in PLAIN), "train/PNEUMONIA/virus/x/y.png", "dev/NORMAL/z.png", "odd/u.png", "v.png")
    for name in ("train/a.txt", "train/NORMAL/b.zip", "masks/c.png", "odd/deep/er/d.md", "test/NORMAL/e"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("hello")
    dataset = open_dataset(root)
    n_there = sum(path.is_file() for path in root.rglob("*"))
    assert len(dataset.samples) + n_files(dataset.unreadable).sum() == n_there == 19


MIMIC = [
    f"{split}/{name}/p10/p1000{k}/s50{k}{i}/x.png"
    for split in ("train",)
    for name in ("NORMAL", "PNEUMONIA")
    for k in (1, 2)
    for i in (1, 2)
]
NUMBERED = [f"train/{name}/{k:03}/{i}.png" for name in ("NORMAL", "PNEUMONIA") for k in range(12) for i in (1, 2)]


@pytest.mark.parametrize(
    ("names", "patients"),
    [
        (MIMIC, {"train/p10001", "train/p10002"}),
        (NUMBERED, {f"train/{name} {k:03}" for name in ("normal", "pneumonia") for k in range(12)}),
    ],
    ids=["MIMIC", "numbers"],
)
def test_folders_of_patients_are_known(lay, names, patients):
    dataset = open_dataset(lay(*names))
    assert set(dataset.samples["patient_id"]) == patients and NO_PATIENT not in dataset.notes


@pytest.mark.parametrize("folders", [["2019", "2020"], [f"{k}" for k in range(5)]])
def test_a_few_numbers_are_years_or_batches_and_no_patient_is_known_then(lay, folders):
    dataset = open_dataset(
        lay(*(f"train/{name}/{folder}/{name}{i}.png" for name in ("NORMAL", "ILL") for folder in folders for i in (1, 2)))
    )
    assert dataset.n_patients == len(dataset.samples) and dataset.notes[-1] == NO_PATIENT


def test_folders_glued_to_a_word_of_a_split_are_asked_about(lay):
    names = [f"{split}trio/{name}/a.png" for split in ("train", "test") for name in ("NORMAL", "BACTERIA", "PNEUMONIA")]
    with pytest.raises(InputError, match="rename testtrio to test, traintrio to train"):
        open_dataset(lay(*names))


def test_a_folder_beside_splits_in_an_unknown_tongue_is_named(lay):
    dataset = open_dataset(lay("treino/NORMAL/a.png", "treino/PNEUMONIA/b.png", "quux/NORMAL/c.png"))
    assert any(note.startswith("1 file of quux/ is left out. The folder lies beside split folders") for note in dataset.notes)
