"""What is checked before a run directory is made."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.datasets import open_dataset
from core.datasets.dataset import Dataset
from core.datasets.labels import labels_for
from core.errors import InputError
from core.runs.store import create_run
from core.training.plan import plan, with_classes


def test_a_plan_takes_the_systems_recipe_and_the_settings():
    config = plan("cnn1", 3, {"epochs": "2", "rotation": "4"}, seed=5, limit=10)
    assert config.class_names == ("NORMAL", "BACTERIAL", "VIRAL") and config.n_classes == 3
    assert (config.recipe.epochs, config.recipe.rotation, config.seed, config.limit, config.base_run) == (2, 4.0, 5, 10, None)
    assert plan("cnn1").class_names == ("NORMAL", "PNEUMONIA")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"system": "resnet"}, "no system 'resnet'; choose from"),
        ({"system": "cnn1", "n_classes": 5}, "5"),
        ({"system": "cnn1", "settings": {"epochs": "0"}}, "epochs is not valid"),
        ({"system": "cnn1", "settings": {"base_run": "x"}}, "no setting 'base_run'"),
        ({"system": "cnn1", "seed": -1}, "seed is not valid"),
        ({"system": "cnn1", "seed": 2**40}, "seed is not valid"),
        ({"system": "cnn1", "limit": 0}, "limit is not valid"),
        ({"system": "cnn1_transfer"}, "continues a finished .*-class CNN_1, and there is none; train it first"),
        ({"system": "cnn1_transfer", "settings": {"base_run": "nothing"}}, "no run 'nothing'"),
    ],
)
def test_bad_plans_are_refused_in_one_line(arguments, expected, tmp_path):
    with pytest.raises(InputError, match=expected) as refusal:
        plan(**arguments, models=str(tmp_path))
    assert "\n" not in str(refusal.value)


def test_a_continued_system_starts_from_the_newest_finished_run(tmp_path):
    n_classes = plan_of_transfer(tmp_path)
    made = []
    for state in ("finished", "finished", "failed"):
        run = create_run(plan("cnn1", n_classes), tmp_path, tmp_path)
        run.write_config(run.config.model_copy(update={"created": f"2024-01-0{len(made) + 1}"}))
        run.model_path.write_bytes(b"model")
        run.write_status(state)
        made.append(run)
    assert plan("cnn1_transfer", n_classes, models=str(tmp_path)).base_run == made[1].name
    assert plan("cnn1_transfer", n_classes, {"base_run": made[0].name}, models=str(tmp_path)).base_run == made[0].name
    with pytest.raises(InputError, match=f"none in '{made[2].name}'"):
        plan("cnn1_transfer", n_classes, {"base_run": made[2].name}, models=str(tmp_path))


def plan_of_transfer(folder) -> int:
    """How many classes the continued system has: it says so when there is nothing to continue."""
    with pytest.raises(InputError) as refusal:
        plan("cnn1_transfer", models=str(folder))
    return int(str(refusal.value).split("-class")[0].rsplit(" ", 1)[1])


def test_labels_need_pixels_and_the_systems_classes(lay):
    with pytest.raises(InputError, match=r"nothing to train on\. .* names and facts but no pixels"):
        labels_for(plan("cnn1"), open_dataset())
    dataset = open_dataset(lay("train/cat/a.jpeg", "train/dog/b.jpeg", "train/emu/c.jpeg"))
    for ask in (labels_for, with_classes):
        with pytest.raises(InputError, match="has cat, dog, emu"):
            ask(plan("cnn1"), dataset)


def test_a_run_takes_the_classes_of_its_data_the_ill_one_last(lay):
    dataset = open_dataset(lay("train/sano/a.jpeg", "train/neumonia/b.jpeg", "test/sano/c.jpeg"))
    config = with_classes(plan("cnn1"), dataset)
    assert config.class_names == ("sano", "neumonia") and labels_for(config, dataset).tolist() == [0, 1, 0]


@pytest.mark.parametrize(("limit", "kept"), [(1, 1), (2, None), (1000, None)])
def test_a_limit_that_leaves_out_no_training_image_is_no_setting_of_the_run(lay, limit, kept):
    """A quick try of 60 films would be called one of 1,000 images."""
    dataset = open_dataset(lay("train/NORMAL/a.jpeg", "train/PNEUMONIA/b.jpeg", "test/NORMAL/c.jpeg"))
    assert with_classes(plan("cnn1", limit=limit), dataset).limit == kept


def test_classes_that_do_not_tell_are_asked_about_and_never_guessed(lay):
    folder = lay("train/0/a.jpeg", "train/1/b.jpeg")
    with pytest.raises(InputError, match="0 and 1 do not tell which class is the illness"):
        with_classes(plan("cnn1"), open_dataset(folder))
    config = with_classes(plan("cnn1"), open_dataset(folder, positive="0"))
    assert config.class_names == ("1", "0") and labels_for(config, open_dataset(folder)).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (("test/healthy/a.jpeg", "test/infected/b.jpeg"), [0, 1]),  # other words, the same meaning
        (("test/Uninfected/a.jpeg",), [0]),  # healthy people alone
        (("test/PNEUMONIA/a.jpeg",), [1]),
    ],
)
def test_other_images_are_labelled_by_what_their_classes_mean(lay, files, expected):
    assert labels_for(plan("cnn1"), open_dataset(lay(*files))).tolist() == expected


@pytest.mark.parametrize(
    "files", [("test/x/a.jpeg",), ("test/x/a.jpeg", "test/y/b.jpeg"), ("test/a/1.jpeg", "test/b/2.jpeg", "test/c/3.jpeg")]
)
def test_other_images_whose_classes_do_not_tell_are_refused(lay, files):
    with pytest.raises(InputError, match=r"do not tell which|The run knows the classes NORMAL, PNEUMONIA"):
        labels_for(plan("cnn1"), open_dataset(lay(*files)))


def test_labels_of_the_systems_classes():
    samples = pd.DataFrame({"class_name": ["PNEUMONIA", "NORMAL", "PNEUMONIA"], "subtype": ["VIRAL", "NORMAL", "BACTERIAL"]})
    dataset = Dataset("set", None, samples, pd.DataFrame(), lambda path, size, resize: np.zeros((4, 4), np.uint8))
    assert labels_for(plan("cnn1"), dataset).tolist() == [1, 0, 1]
    assert labels_for(plan("cnn1", 3), dataset).tolist() == [2, 0, 1]


@pytest.mark.parametrize(("files", "expected"), [(("test/NORMAL/a.jpeg", "test/PNEUMONIA/b.jpeg"), "has no image there"),
                                                 (("train/NORMAL/a.jpeg", "test/PNEUMONIA/b.jpeg"), "the class NORMAL alone")])  # fmt: skip
def test_a_training_that_could_not_learn_is_refused_before_a_run_is_made(lay, files, expected):
    with pytest.raises(InputError, match=expected):
        with_classes(plan("cnn1"), open_dataset(lay(*files)))
