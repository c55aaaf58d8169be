import json
import re
import shutil

import numpy as np
import pandas as pd
import pytest

from core.audit.balance import class_imbalance
from core.datasets import open_dataset
from dashboard.components.data.balance.counts import class_counts, counts_text, effective_text, parts, stacked
from dashboard.components.data.catalogue import FILMS, catalogue
from dashboard.components.data.images.gallery import thumbnails
from dashboard.components.images.image_dialog import facts_of


@pytest.fixture
def folder(lay, empty_models, monkeypatch):
    """Three normal images of two patients, four of pneumonia of three; one more that is no image."""
    root = lay(
        "train/NORMAL/IM-0001-0001.jpeg",
        "train/NORMAL/IM-0001-0002.jpeg",
        "train/PNEUMONIA/person1_bacteria_1.jpeg",
        "train/PNEUMONIA/person2_virus_2.jpeg",
        "train/PNEUMONIA/person2_virus_3.jpeg",
        "test/NORMAL/IM-0001-0001.jpeg",
        "test/PNEUMONIA/person3_bacteria_9.jpeg",
    )
    (root / "train/NORMAL/IM-0009-0001.jpeg").write_text("no image")
    monkeypatch.setenv("PNEUMOLENS_DATA", str(root))
    return root


@pytest.fixture
def prepared(folder):
    """The data set of the folder and its catalogue."""
    dataset = open_dataset(folder)
    return dataset, catalogue(dataset.fingerprint, dataset)


def tiles_shown(app) -> list[dict]:
    drawn = [json.loads(node.proto.json or "{}") for node in app.get("bidi_component")]
    return next((data["tiles"] for data in drawn if "tiles" in data), [])


def numbers_shown(app) -> dict[str, str]:
    body = next(html.proto.body for html in app.get("html") if 'class="facts"' in html.proto.body)
    return dict(re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", body))


def labels_shown(app) -> set[str]:
    return {tile["label"] for tile in tiles_shown(app)}


def test_counts_by_images_and_by_patients(prepared):
    counts, class_names = class_counts("x", 3, *prepared)
    assert class_names == ("NORMAL", "BACTERIAL", "VIRAL")
    train = counts[counts["split"] == "train"].set_index("label")
    assert train["images"].to_dict() == {"NORMAL": 2, "BACTERIAL": 1, "VIRAL": 2}
    assert train["patients"].to_dict() == {"NORMAL": 1, "BACTERIAL": 1, "VIRAL": 1}
    assert set(counts["split"]) == {"train", "test"}


def test_the_table_says_shares_patients_and_effective_numbers(prepared):
    table = counts_text(*class_counts("x", 2, *prepared), beta=0.9).set_index("Class")
    assert table.loc["PNEUMONIA", "train: images"] == "3 (60.0\u00a0%)"
    assert table.loc["PNEUMONIA", "train: patients"] == 2
    assert table.loc["PNEUMONIA", "effective n in train"] == pytest.approx(1 + 0.9 + 0.81, abs=0.05)
    assert effective_text([100, 1000]) == "6.6 : 1"  # (1 − 0.999¹⁰⁰⁰) / (1 − 0.999¹⁰⁰) = 0.6323 / 0.0952


def test_the_header_and_the_audit_say_one_imbalance(phantoms, empty_models, monkeypatch, open_page):
    """The header counted train without the validation split off it, the audit with it: 1.5 : 1 beside 1.33."""
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    app = open_page("data")
    samples = open_dataset(phantoms).samples
    counts = samples.loc[samples["split"] != "test", "class_name"].value_counts()
    plain, effective = f"{counts.max() / counts.min():.1f} : 1", effective_text(counts.tolist())
    assert (numbers_shown(app)["Imbalance"], numbers_shown(app)["Effective imbalance"]) == (plain, effective)
    assert (
        f"in train and validation: {plain}; by effective number of samples {effective}" in class_imbalance(open_dataset(phantoms)).evidence
    )


def test_one_class_has_no_imbalance_and_a_set_of_test_images_nothing_to_train_on(lay, tmp_path, empty_models, open_page, page_text):
    one = open_page("data", data_source=str(lay("train/NORMAL/a.png", "train/NORMAL/b.png", root=tmp_path / "one")))
    assert numbers_shown(one)["Imbalance"] == "–" and numbers_shown(one)["Effective imbalance"] == "–"
    tested = open_page("data", data_source=str(lay("test/NORMAL/a.png", "test/PNEUMONIA/b.png", root=tmp_path / "two")))
    assert numbers_shown(tested)["Imbalance"] == "–" and "Only one class" not in page_text(tested)


def test_what_is_left_out_is_counted_once(folder, open_page, page_text):
    """The header counted masks and texts as lost files, the audit did not."""
    (folder / "readme.txt").write_text("hello")
    (folder / "masks").mkdir()
    (folder / "masks" / "a.png").write_bytes(b"")
    app = open_page("data")
    header = next(html.proto.body for html in app.get("html") if 'class="facts"' in html.proto.body)
    assert "<dd>3</dd><dd>1 unusable; 2 masks, texts and the like</dd>" in header
    assert "1 file cannot be used" in page_text(app) and "2 other files, such as texts and masks" in page_text(app)


def test_the_parts_nest_split_class_kind_and_films(prepared):
    nodes = parts("x", prepared[1]).set_index("id")
    assert nodes.loc["train", ["images", "patients"]].tolist() == [5, 3]
    assert nodes.loc["train/PNEUMONIA/VIRAL", ["images", "patients", "parent"]].tolist() == [2, 1, "train/PNEUMONIA"]
    assert nodes.loc[f"train/PNEUMONIA/VIRAL/{FILMS[1]}", "images"] == 2
    assert nodes.loc[f"train/NORMAL/{FILMS[1]}", "parent"] == "train/NORMAL"  # NORMAL is no kind of itself
    assert "train/NORMAL/NORMAL" not in nodes.index
    assert nodes[nodes["depth"] == 4].groupby("parent")["images"].sum().to_dict()["train/PNEUMONIA/VIRAL"] == 2


def test_a_hundred_classes_are_folded_for_the_bars_and_lose_their_deepest_level(lay):
    names = [f"train/class {i:03d}/{j}.png" for i in range(100) for j in range(1 + (i > 95))]
    dataset = open_dataset(lay(*names, side=16))
    shelf = catalogue(dataset.fingerprint, dataset)
    counts, class_names = class_counts("y", 2, dataset, shelf)
    folded, kept = stacked(counts, class_names)
    assert len(kept) == 10 and kept[-1] == "91 other classes" and folded["images"].sum() == len(names)
    assert set(kept[:4]) == {f"class {i:03d}" for i in range(96, 100)}
    assert parts("y", shelf)["depth"].max() == 2


def test_thumbnails_are_jpeg_and_a_vanished_file_says_so(folder):
    dataset = open_dataset(folder)
    ids = tuple(dataset.samples["sample_id"])
    (folder / ids[0]).unlink()
    first, *rest = thumbnails(dataset.fingerprint, ids, dataset)
    assert isinstance(first, str)
    assert all(picture.startswith(b"\xff\xd8") for picture in rest)


def test_the_page_shows_images_counts_and_what_could_not_be_read(folder, open_page):
    app = open_page("data")
    assert not app.exception
    numbers = numbers_shown(app)
    assert numbers["Images"] == "7"
    assert numbers["Files left out"] == "1"
    assert any("IM-0009-0001" in frame.value.to_string() for frame in app.dataframe)
    assert len(tiles_shown(app)) == 7 and all(tile["picture"].startswith("data:image/jpeg") for tile in tiles_shown(app))


def test_the_filter_in_the_link_narrows_the_gallery(folder, open_page):
    app = open_page("data", data_class="VIRAL")
    assert labels_shown(app) == {"Viral, train"}
    app.text_input(key="data_name").set_value("IM-0001").run()
    assert any("No image matches" in box.value for box in app.info)
    app.button(key="data_clear").click().run()
    assert len(labels_shown(app)) > 2


def test_the_filter_is_folded_away_until_it_is_asked_for_or_in_use(folder, open_page):
    assert [box.key for box in open_page("data").text_input] == ["data_source"]
    app = open_page("data", data_split="test")
    assert labels_shown(app) == {"Normal, test", "Bacterial, test"}
    app.selectbox(key="data_split").set_value("all").run()
    assert app.text_input(key="data_name") and len(tiles_shown(app)) == 7


def test_films_of_one_patient_are_a_filter(folder, open_page):
    app = open_page("data", data_films=FILMS[1])
    assert labels_shown(app) == {"Normal, train", "Viral, train"}


def test_what_a_finding_names_can_be_looked_at(phantoms, tmp_path, empty_models, monkeypatch, open_page):
    root = shutil.copytree(phantoms, tmp_path / "set")
    first = sorted((root / "train/NORMAL").iterdir())[0]
    (root / "test/PNEUMONIA/copy.jpeg").write_bytes(first.read_bytes())
    monkeypatch.setenv("PNEUMOLENS_DATA", str(root))
    app = open_page("data")
    app.button(key="show_exact_duplicates").click().run()
    assert not app.exception and "Byte-identical" in str(app.query_params["data_finding"])
    assert "The page is filtered by this finding: [see 2 images above](#images)" in [line.value for line in app.markdown]
    shown = {tile["alt"].rpartition(" ")[2] for tile in tiles_shown(app)}
    assert shown == {"test/PNEUMONIA/copy.jpeg", f"train/NORMAL/{first.name}"}


def test_the_switch_reads_the_names_three_ways(empty_models, open_page):
    titles = {}
    for reading in ("written", "number", "kind"):
        app = open_page("data", data_patients=reading)
        titles[reading] = next(box.value for box in app.markdown if "in both train and test" in box.value)
    assert "170 patient" in titles["written"] and "264 patient" in titles["number"] and "**0 patient" in titles["kind"]


def test_the_viewer_tells_the_facts_of_an_image(prepared):
    samples = prepared[0].samples.set_index("sample_id", drop=False)
    facts = facts_of(samples.loc["train/PNEUMONIA/person1_bacteria_1.jpeg"])
    assert facts[:3] == ["Label: PNEUMONIA, BACTERIAL", "Folder: train", "Patient: person1"]
    assert any(fact.startswith("Picture: 32 × 32 px") for fact in facts)


@pytest.mark.parametrize("look", ["Table", "Mean image", "Grey levels", "Sizes"])
def test_every_way_of_looking_draws(folder, open_page, look):
    app = open_page("data", data_look=look, data_labels="3")
    assert not app.exception and not app.error


@pytest.mark.parametrize("look", ["Table", "Mean image", "Grey levels", "Sizes"])
def test_every_way_of_looking_stands_without_pixels(empty_models, open_page, look):
    app = open_page("data", data_look=look)
    assert not app.exception and not app.error


def test_a_path_with_no_data_is_one_sentence_and_the_page_stands(empty_models, open_page):
    app = open_page("data", data_source="/nowhere/at/all")
    assert not app.exception
    assert "There is no data set at" in app.error[0].value


def test_the_shipped_index_has_counts_and_names_but_no_pictures(empty_models, open_page):
    app = open_page("data")
    assert not app.exception
    assert numbers_shown(app)["Images"] == "5,840"
    assert app.button(key="get_phantoms") and not app.code
    assert not tiles_shown(app)


def test_labels_in_the_link_are_used(empty_models, open_page):
    app = open_page("data", data_labels="3", data_counts="true")
    table = next(frame.value for frame in app.dataframe if "effective n in train" in frame.value)
    assert isinstance(table, pd.DataFrame)
    assert table["Class"].tolist() == ["NORMAL", "BACTERIAL", "VIRAL"]
    assert {"train: images", "val: images", "test: patients"} <= set(table.columns)


def test_names_without_a_subtype_fall_back_to_two_classes(lay, empty_models, monkeypatch, open_page):
    root = lay("train/NORMAL/a.jpeg", "train/PNEUMONIA/b.jpeg", "test/NORMAL/c.jpeg")
    monkeypatch.setenv("PNEUMOLENS_DATA", str(root))
    app = open_page("data", data_labels="3")
    assert not app.exception
    assert "do not tell bacterial from viral" in app.warning[0].value


ODD = {
    "one class": ["train/NORMAL/a.png", "train/NORMAL/b.png"],
    "no splits, other classes": ["lung/a.png", "heart/b.png", "hand/c.png"],
    "unicode": ["train/肺炎 💉/рентген.png", "train/нормал*_$x$/b.png", "test/肺炎 💉/c.png"],
    "very long": [f"train/{'a' * 200}/{'b' * 200}.png", "train/short/c.png"],
    "200 classes": [f"train/kind {i}/{j}.png" for i in range(200) for j in range(1 + i % 2)],
    "no pattern": [f"{split}/{c}/{i}.png" for split in ("train", "test") for c in ("a", "b") for i in range(30)],
}


@pytest.mark.parametrize("kind", ODD)
def test_odd_folders_get_the_same_page(lay, empty_models, monkeypatch, open_page, kind):
    names, look = ODD[kind], "Mean image" if kind in ("one class", "very long") else "Gallery"
    monkeypatch.setenv("PNEUMOLENS_DATA", str(lay(*names, side=16)))
    app = open_page("data", data_look=look)
    assert not app.exception and not app.error
    assert numbers_shown(app)["Images"] == str(len(names))
    assert not any(element.value.count("$x$") for element in app.markdown if "\\$" not in element.value)


def test_thousands_of_unreadable_files_are_counted_by_reason(lay, empty_models, monkeypatch, open_page):
    root = lay("train/NORMAL/a.png", "train/PNEUMONIA/b.png")
    for number in range(1500):
        (root / "train/NORMAL" / f"bad {number}.png").write_bytes(b"")
    monkeypatch.setenv("PNEUMOLENS_DATA", str(root))
    app = open_page("data")
    assert not app.exception
    reasons = next(frame.value for frame in app.dataframe if "Reason" in frame.value)
    assert reasons["Files"].tolist() == [1500] and "empty" in reasons["Reason"][0]
    assert max(len(frame.value) for frame in app.dataframe) <= 2000


def test_an_empty_folder_says_what_is_expected(tmp_path, empty_models, open_page):
    app = open_page("data", data_source=str(tmp_path / "cache"))
    assert not app.exception and len(app.error) == 1


def test_a_random_page_is_the_same_each_time(prepared):
    assert np.array_equal(prepared[1].order, np.random.default_rng(0).permutation(7))


def test_a_sample_of_another_folder_opens_in_inspect(lay, empty_models, open_page, tmp_path):
    root = lay("train/hand/left.png", "train/foot/right.png", root=tmp_path / "elsewhere")
    app = open_page("inspect", inspect_sample="train/foot/right.png", inspect_data=str(root))
    assert not app.exception and not app.error
    assert app.selectbox(key="inspect_sample").value == "train/foot/right.png"


def test_classes_are_not_offered_where_there_is_nothing_to_choose(lay, empty_models, monkeypatch, open_page):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(lay("train/hand/left.png", "train/foot/right.png")))
    app = open_page("data")
    assert not app.exception and not [control for control in app.get("button_group") if control.key == "data_labels"]


def test_a_table_with_two_columns_for_the_class_is_shown_or_told(lay, tmp_path, empty_models, open_page):
    files = [f"{number}.png" for number in range(4)]
    lay(*files, root=tmp_path)
    table = pd.DataFrame({"path": files, "class_name": ["a", "b"] * 2, "label": [0, 1] * 2})
    table.to_csv(tmp_path / "list.csv", index=False, sep=";")
    app = open_page("data", data_source=str(tmp_path / "list.csv"))
    assert not app.exception and not app.error and numbers_shown(app)["Images"] == "4"
    table.rename(columns={"class_name": "class"}).to_csv(tmp_path / "two.csv", index=False)
    app = open_page("data", data_source=str(tmp_path / "two.csv"))
    assert not app.exception and any("several columns that mean the same" in box.value for box in app.info)
