"""What the pages show after the files of a data set changed under them."""

import shutil

import numpy as np
import pandas as pd
import pytest

from core.datasets import open_dataset
from dashboard import state
from dashboard.components.data.audit.findings import finding, patients_read
from dashboard.components.data.balance.counts import class_counts
from dashboard.components.data.catalogue import catalogue

NAMES = ["train/NORMAL/a.png", "train/NORMAL/b.png", "train/PNEUMONIA/c.png", "test/NORMAL/d.png"]


@pytest.fixture
def ids(empty_models):
    def samples(path) -> list[str]:
        return state.dataset(str(path)).samples["sample_id"].tolist()

    return samples


@pytest.mark.parametrize("inner", [".", "chest_xray", "a/b/c"])
def test_files_added_replaced_and_removed_at_any_depth(lay, ids, tmp_path, inner):
    root = tmp_path / "set" / inner
    lay(*NAMES, root=root)
    top = tmp_path / "set"
    assert len(ids(top)) == 4
    assert state.dataset(str(top)) is state.dataset(str(top))
    lay("train/NORMAL/more/e.png", root=root)
    assert len(ids(top)) == 5
    before = state.dataset(str(top)).fingerprint
    file = root / "train/NORMAL/b.png"
    file.write_bytes(file.read_bytes() + b"another copy of it")
    assert len(ids(top)) == 5 and state.dataset(str(top)).fingerprint != before
    file.write_bytes(b"no image")
    assert len(ids(top)) == 4 and len(state.dataset(str(top)).unreadable) == 1
    file.unlink()
    assert len(ids(top)) == 4 and state.dataset(str(top)).unreadable.empty


def test_the_images_that_a_table_names_and_the_table_itself(lay, ids, tmp_path):
    root, table = lay(*NAMES), tmp_path / "images.csv"
    rows = pd.DataFrame({"path": [str(root / name) for name in (*NAMES, "later.png")], "class_name": ["NORMAL"] * 2 + ["PNEUMONIA"] * 3})
    rows.to_csv(table, index=False)
    assert len(ids(table)) == 4
    lay("later.png", root=root)
    assert len(ids(table)) == 5
    (root / NAMES[0]).write_bytes(b"no image")
    assert len(ids(table)) == 4
    rows[:3].to_csv(table, index=False)
    assert len(ids(table)) == 2


def test_a_file_of_arrays_that_was_replaced(empty_models, tmp_path):
    def write(grey: int) -> str:
        arrays = {f"{split}_images": np.full((2, 28, 28), grey, np.uint8) for split in ("train", "val", "test")}
        arrays |= {f"{split}_labels": np.array([[0], [1]]) for split in ("train", "val", "test")}
        np.savez(tmp_path / "x.npz", **arrays, padding=np.zeros(grey))
        return state.dataset(str(tmp_path / "x.npz")).fingerprint

    assert write(10) != write(200)


def test_other_patients_and_splits_of_the_same_images_are_counted_anew(lay, empty_models, tmp_path):
    """What is computed from a table is kept by all that it states, not by its images alone."""
    root = lay(*(f"{name}{k}.png" for name in "ab" for k in range(4)))
    rows = pd.DataFrame({"path": [str(file) for file in sorted(root.iterdir())], "class_name": ["NORMAL"] * 4 + ["PNEUMONIA"] * 4})
    found = []
    for patients in (["p"] * 8, list("abcdefgh")):
        rows.assign(patient_id=patients).to_csv(tmp_path / "t.csv", index=False)
        dataset = state.dataset(str(tmp_path / "t.csv"))
        prepared = catalogue(dataset.digest, dataset)
        counts, _ = class_counts(dataset.digest, 2, dataset, prepared)
        found.append((dataset.fingerprint, prepared.table["patient"].max() + 1, counts["patients"].tolist()))
    assert found[0][0] == found[1][0]
    assert [n for _, n, _ in found] == [1, 8] and found[0][2] != found[1][2]


def test_findings_follow_what_is_left_out_and_who_the_patients_are(lay, empty_models):
    root = lay(*NAMES)
    first = open_dataset(root)
    shutil.move(root / NAMES[0], root / "train" / "moved.png")
    second = open_dataset(root)
    assert [finding("unreadable", one.digest, "", one).value for one in (first, second)] == [0, 1]
    assert patients_read("written", first.digest, first).n_samples != patients_read("written", second.digest, second).n_samples


def test_the_page_says_how_a_folder_was_read_and_what_is_left_out(lay, empty_models, monkeypatch, open_page):
    root = lay(*NAMES, "extra/e.png", "extra/f.png", "masks/train/NORMAL/a.png")
    (root / "train" / "NORMAL" / "text.png").write_text("no image")
    monkeypatch.setenv("PNEUMOLENS_DATA", str(root))
    app = open_page("data")
    assert not app.exception
    assert any("2 files of extra/ are left out" in box.value for box in app.info)
    assert [fold.label for fold in app.expander if "left out" in fold.label] == ["4 files are left out, and why"]
    reasons = next(frame.value for frame in app.dataframe if "Reason" in frame.value)
    assert reasons["Files"].tolist() == [2, 1, 1] and "neither" not in reasons["Reason"][0]
    listed = next(frame.value for frame in app.dataframe if "path" in frame.value)
    assert listed["path"].str.removeprefix(f"{root}/").tolist() == ["train/NORMAL/text.png", "extra/", "masks/"]
    lay("train/PNEUMONIA/bacteria/g.png", root=root)
    app.run()
    assert not app.exception and any("<dt>Images</dt><dd>5</dd>" in html.proto.body for html in app.get("html"))
