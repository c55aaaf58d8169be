import pandas as pd
import pytest

from dashboard.components.balance import class_counts, counts_text, tree_counts
from dashboard.components.gallery import thumbnails


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


def dataset_of(root):
    from core.datasets import open_dataset

    return open_dataset(root)


def test_counts_by_images_and_by_patients(folder):
    dataset = dataset_of(folder)
    counts, class_names = class_counts(dataset, dataset.samples["split"], 3)
    assert class_names == ("NORMAL", "BACTERIAL", "VIRAL")
    train = counts[counts["split"] == "train"].set_index("label")
    assert train["images"].to_dict() == {"NORMAL": 2, "BACTERIAL": 1, "VIRAL": 2}
    assert train["patients"].to_dict() == {"NORMAL": 1, "BACTERIAL": 1, "VIRAL": 1}
    assert set(counts["split"]) == {"train", "test"}


def test_the_table_says_shares_and_imbalance(folder):
    dataset = dataset_of(folder)
    table = counts_text(*class_counts(dataset, dataset.samples["split"], 2))
    row = table[(table["Split"] == "train") & (table["Unit"] == "images")].iloc[0]
    assert row["PNEUMONIA"] == "3 (60.0\u00a0%)"
    assert row["Imbalance"] == "1.5 : 1"


def test_the_tree_has_subtypes_only_with_three_classes(folder):
    samples = dataset_of(folder).samples
    assert list(tree_counts(samples, samples["split"], 2).columns) == ["split", "class_name", "n"]
    tree = tree_counts(samples, samples["split"], 3).set_index(["split", "subtype"])["n"]
    assert tree["train", "VIRAL"] == 2
    assert tree.sum() == len(samples)


def test_thumbnails_are_jpeg_and_a_vanished_file_says_so(folder):
    dataset = dataset_of(folder)
    ids = tuple(dataset.samples["sample_id"])
    (folder / ids[0]).unlink()
    first, *rest = thumbnails(dataset.fingerprint, ids, dataset)
    assert isinstance(first, str)
    assert all(picture.startswith(b"\xff\xd8") for picture in rest)


def test_the_page_shows_images_counts_and_what_could_not_be_read(folder, open_page):
    app = open_page("data")
    assert not app.exception
    numbers = {metric.label: metric.value for metric in app.metric}
    assert numbers["Images"] == "7"
    assert numbers["Unreadable files"] == "1"
    assert any("IM-0009-0001" in frame.value.to_string() for frame in app.dataframe)
    assert sum(button.key.startswith("look_") for button in app.button) == 7


def test_filters_narrow_the_gallery(folder, open_page):
    app = open_page("data", gallery_class="VIRAL")
    assert {button.label for button in app.button if button.key.startswith("look_")} == {"Viral, train"}
    app.text_input(key="gallery_name").set_value("IM-0001").run()
    assert any("No image passes" in box.value for box in app.info)


def test_looking_at_an_image_shows_its_facts(folder, open_page):
    app = open_page("data", gallery_name="person1_")
    app.button(key="look_train/PNEUMONIA/person1_bacteria_1.jpeg").click().run()
    assert not app.exception
    facts = "\n".join(element.value for element in app.markdown)
    assert "Patient: person1" in facts
    assert "32 × 32 px" in facts


def test_a_path_with_no_data_is_one_sentence_and_the_page_stands(empty_models, open_page):
    app = open_page("data", data_source="/nowhere/at/all")
    assert not app.exception
    assert "There is no data set at" in app.error[0].value


def test_the_shipped_index_has_counts_and_names_but_no_pictures(empty_models, open_page):
    app = open_page("data")
    assert not app.exception
    assert {metric.label: metric.value for metric in app.metric}["Images"] == "5,840"
    assert "python -m core fetch kaggle" in app.code[0].value
    assert not any(button.key.startswith("look_") for button in app.button)


def test_labels_in_the_link_are_used(empty_models, open_page):
    app = open_page("data", data_labels="3")
    table = next(frame.value for frame in app.dataframe if "Imbalance" in frame.value)
    assert isinstance(table, pd.DataFrame)
    assert {"NORMAL", "BACTERIAL", "VIRAL"} <= set(table.columns)
    assert set(table["Split"]) == {"train", "val", "test"}


def test_names_without_a_subtype_fall_back_to_two_classes(lay, empty_models, monkeypatch, open_page):
    root = lay("train/NORMAL/a.jpeg", "train/PNEUMONIA/b.jpeg", "test/NORMAL/c.jpeg")
    monkeypatch.setenv("PNEUMOLENS_DATA", str(root))
    app = open_page("data", data_labels="3")
    assert not app.exception
    assert "do not tell bacterial from viral" in app.warning[0].value
