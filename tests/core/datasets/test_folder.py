"""A folder of class folders however it was unpacked, with whatever lies between the images."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from PIL import Image

from core.datasets import open_dataset
from core.errors import InputError

PLAIN = (
    "train/NORMAL/IM-0115-0001.jpeg",
    "train/PNEUMONIA/person1_bacteria_1.jpeg",
    "train/PNEUMONIA/person2_virus_3.jpeg",
    "test/NORMAL/IM-0001-0001.jpeg",
    "test/PNEUMONIA/person1_virus_6.jpeg",
)


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
    assert dataset.samples["sample_id"].tolist() == sorted(PLAIN) and dataset.unreadable.empty


def test_upper_and_lower_case(lay):
    root = lay("Train/Normal/IM-1-1.JPEG", "TRAIN/pneumonia/person1_bacteria_1.Jpg", "Test/normal/IM-2-1.PNG")
    assert ids(root) == ["test/NORMAL/IM-2-1.PNG", "train/NORMAL/IM-1-1.JPEG", "train/PNEUMONIA/person1_bacteria_1.Jpg"]


@pytest.mark.parametrize("folder", ["val", "valid", "Validation"])
def test_val_is_folded_into_train(lay, folder):
    samples = open_dataset(lay(*PLAIN, f"{folder}/NORMAL/IM-0115-0002.jpeg")).samples.set_index("sample_id")
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
    assert dataset.unreadable["path"].tolist() == [str(root / "test" / "PNEUMONIA")]
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
    with pytest.raises(InputError, match=r"No image .*Permission denied"):
        open_dataset(root)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), "holds no data set: expected train/ and test/ folders"),
        (("a.jpeg", "b.jpeg"), "holds no data set"),
        (("deep/deeper/deepest/too/train/NORMAL/a.jpeg",), "holds no data set"),
        (("__MACOSX/train/NORMAL/a.jpeg",), "holds no data set"),
    ],
)
def test_nothing_there(lay, tmp_path, names, expected):
    (tmp_path / "set").mkdir()
    with pytest.raises(InputError, match=expected):
        open_dataset(lay(*names))


def test_class_folders_without_images(tmp_path):
    (tmp_path / "set" / "train" / "NORMAL").mkdir(parents=True)
    with pytest.raises(InputError, match="No image is in the class folders of 'set'"):
        open_dataset(tmp_path / "set")


def test_no_usable_image(tmp_path):
    folder = tmp_path / "set" / "train" / "NORMAL"
    folder.mkdir(parents=True)
    for name in ("a.jpeg", "b.jpeg"):
        (folder / name).write_text("hello")
    with pytest.raises(InputError, match="None of the 2 files in 'set' is a usable image; the first: The content is not a JPEG"):
        open_dataset(tmp_path / "set")
