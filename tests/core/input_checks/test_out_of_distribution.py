"""How far a picture is from the training images: films pass, turned, negative and strange pictures do not."""

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.datasets.split_images import SplitImages
from core.errors import InputError
from core.input_checks import build_reference, is_refused, open_reference, save_reference
from core.input_checks.feature_distance import features
from core.input_checks.unlikeness import unlikeness_of
from core.runs.run import Run


@pytest.fixture(scope="module")
def films(run, dataset):
    """Patients of the test split, as the model takes them."""
    ids = dataset.samples.loc[dataset.samples["split"] == "test", "sample_id"]
    return np.stack([dataset.read(sample_id, run.config.image_size) for sample_id in ids])


def findings(reference, model, pictures):
    values = features(model, pictures)[1]
    return [reference.check(picture, value) for picture, value in zip(pictures, values, strict=True)]


def share_refused(reference, model, pictures):
    return np.mean([is_refused(found) for found in findings(reference, model, pictures)])


@pytest.mark.long
def test_most_new_films_pass(reference, model, films):
    assert share_refused(reference, model, films) <= 0.1


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_film_is_named_with_the_turns_that_undo_it(reference, model, films, turns):
    turned = np.rot90(films, turns, (1, 2)).copy()
    named = [found[0] for found in findings(reference, model, turned) if found and found[0].kind == "rotated"]
    assert len(named) >= 0.9 * len(films)
    assert {finding.turns for finding in named} == {4 - turns}


@pytest.mark.parametrize(("degrees", "side"), [(20, "left"), (-20, "right")])
def test_a_leaning_film_is_warned_of_with_its_side(reference, model, films, degrees, side):
    leaning = np.stack([np.asarray(Image.fromarray(film).rotate(degrees, Image.Resampling.BILINEAR)) for film in films])
    found = [[finding for finding in some if finding.kind == "tilted"] for some in findings(reference, model, leaning)]
    assert np.mean([bool(some) for some in found]) >= 0.8
    assert all(some[0].level == "warn" and f"to the {side}" in some[0].sentence for some in found if some)


def test_upright_films_do_not_lean_and_a_reference_of_an_earlier_version_sees_no_tilt(reference, model, films):
    assert np.mean(["tilted" in {f.kind for f in found} for found in findings(reference, model, films)]) <= 0.1
    earlier = replace(reference, limits={kind: limit for kind, limit in reference.limits.items() if kind != "tilted"})
    leaning = np.asarray(Image.fromarray(films[0]).rotate(25, Image.Resampling.BILINEAR))[np.newaxis]
    assert not any(finding.kind == "tilted" for finding in findings(earlier, model, leaning)[0])


def test_a_negative_is_named(reference, model, films):
    kinds = [[finding.kind for finding in found] for found in findings(reference, model, 255 - films)]
    assert sum(kind == ["inverted"] for kind in kinds) >= 0.8 * len(films)


def test_noise_stripes_and_a_uniform_picture_are_refused(reference, model, films):
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 255, films.shape, dtype=np.uint8)
    stripes = np.broadcast_to((np.arange(films.shape[-1]) // 4 % 2 * 255).astype(np.uint8), films.shape)
    assert share_refused(reference, model, noise) == 1
    assert share_refused(reference, model, stripes) == 1


def test_limits_are_percentiles_of_validation(reference, run, model, dataset):
    split = dataset.samples["sample_id"].map(run.split.set_index("sample_id")["split"])
    ids = dataset.samples["sample_id"][split == "val"]
    pixels = np.stack([dataset.read(sample_id, run.config.image_size) for sample_id in ids])
    measured = reference.measure(pixels, features(model, pixels)[1])
    for kind, values in measured.items():
        percentile = 97 if kind == "outlines" else 99
        assert reference.limits[kind] == pytest.approx((np.percentile(values, percentile), values.max()), rel=1e-4)


def test_unlikeness_is_the_largest_distance_over_the_limit_that_it_warns_beyond(reference, model, films):
    values = features(model, films)[1]
    limits = {kind: usual if kind == "outlines" else farthest for kind, (usual, farthest) in reference.limits.items()}
    wanted = np.max([measured / limits[kind] for kind, measured in reference.measure(films, values).items()], axis=0)
    assert reference.unlikeness(films, values) == pytest.approx(wanted)
    assert reference.unlikeness(np.full_like(films, 128), values).min() > 1, "no film at all"
    without = replace(reference, outlines=None)
    assert without.unlikeness(films, values) == pytest.approx(
        np.max([measured / reference.limits[kind][0] for kind, measured in without.measure(films, values).items()], axis=0)
    )


def test_it_is_the_same_after_saving(reference, run, model, films):
    save_reference(run, reference)
    again, values = open_reference(run), features(model, films)[1]
    for kind, distances in reference.measure(films, values).items():
        assert again.measure(films, values)[kind] == pytest.approx(distances, rel=0.02)
    assert again.sample_ids.tolist() == reference.sample_ids.tolist()
    assert again.y_true.tolist() == reference.y_true.tolist()


def test_no_reference_is_none_and_a_broken_one_is_named(run, tmp_path):
    assert open_reference(Run(tmp_path)) is None
    (tmp_path / "reference.npz").write_bytes(b"PK\3\4 half")
    with pytest.raises(InputError, match=r"broken reference\.npz; make it again: python -m core reference"):
        open_reference(Run(tmp_path))


def test_another_data_set_is_refused(run, model, phantoms):
    from core.datasets import open_dataset

    with pytest.raises(InputError, match="not the data set"):
        build_reference(run, model, open_dataset(phantoms))


def test_progress_counts_training_and_validation_images(run, model, dataset):
    seen = []
    build_reference(run, model, dataset, lambda done, total: seen.append((done, total)))
    n = int(run.split["split"].isin(["train", "val"]).sum())
    assert seen[-1] == (n, n)


def images_of(run, dataset):
    return SplitImages.of(run.config, dataset, dataset.samples["sample_id"].map(run.split.set_index("sample_id")["split"]))


def test_a_run_is_measured_at_its_end_and_lives_without_it(run, model, dataset, phantoms, tmp_path, capsys):
    from core.datasets import open_dataset
    from core.training.finish import measure_training_images

    ended = Run(shutil.copytree(run.path, tmp_path / run.name, ignore=shutil.ignore_patterns("reference.npz")))
    model.save(ended.model_path)
    measure_training_images(ended, model, images_of(ended, open_dataset(phantoms)))
    assert not ended.reference_path.exists()
    assert f"not the data set that {run.name!r} was trained on" in capsys.readouterr().err
    assert unlikeness_of(ended) is None
    test = ended.split[ended.split["split"] == "test"].assign(y_true=0, p_NORMAL=0.5, p_PNEUMONIA=0.5)
    ended.write_predictions(test[["sample_id", "split", "y_true", "p_NORMAL", "p_PNEUMONIA"]])
    measure_training_images(ended, model, images_of(ended, dataset))
    assert len(open_reference(ended).sample_ids) == (run.split["split"] == "train").sum()
    assert capsys.readouterr().err == ""
    found = unlikeness_of(ended)
    assert set(found.index) == set(test["sample_id"]) and (found > 0).all()
    pd.DataFrame({"sample_id": test["sample_id"], "unlikeness": "far"}).to_parquet(ended.path / "unlikeness.parquet")
    with pytest.raises(InputError, match=r"broken unlikeness\.parquet"):
        unlikeness_of(ended)


def test_no_advice_that_would_fail_alike_is_given(run, model, dataset, tmp_path, capsys, monkeypatch):
    from core.training.finish import measure_training_images

    ended = Run(shutil.copytree(run.path, tmp_path / run.name, ignore=shutil.ignore_patterns("reference.npz")))
    model.save(ended.model_path)
    monkeypatch.setattr("core.input_checks.measure.MIN_TRAIN", 10**6)
    measure_training_images(ended, model, images_of(ended, dataset))
    told = capsys.readouterr().err
    assert "films unlike them will not be noticed" in told and "are needed to know what films are like" in told and "Later" not in told
    monkeypatch.setattr("core.input_checks.measure.features", lambda *_: 1 / 0)
    monkeypatch.setattr("core.input_checks.measure.MIN_TRAIN", 1)
    measure_training_images(ended, model, images_of(ended, dataset))
    assert f"Later: python -m core reference {ended.path} --data DATA" in capsys.readouterr().err
