"""Phantoms: what the truth mask promises, and what the folder of them must be."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import label
from sklearn.metrics import roc_auc_score

from core.datasets.kermany_names import parse
from core.datasets.phantom.anatomy import draw_anatomy, grid, lungs, spots
from core.datasets.phantom.exposure import expose
from core.datasets.phantom.opacity import draw_opacity
from core.datasets.phantom.write import radiograph, write_phantoms
from core.errors import InputError


def phantoms(finding, count, size=96):
    return [radiograph(np.random.default_rng([5, k]), finding, size) for k in range(count)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    dest = tmp_path_factory.mktemp("phantoms") / "set"
    assert write_phantoms(dest, n=60, seed=3, size=64) == 60
    return dest


def images(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for split in ("train", "test") for p in (folder / split).rglob("*.jpeg"))


def digests(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): hashlib.md5(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("finding", ["normal", "bacterial", "viral"])
@pytest.mark.parametrize("size", [32, 224])
def test_image_and_mask_have_the_asked_size_and_type(finding, size):
    phantom = radiograph(np.random.default_rng(0), finding, size)
    assert phantom.image.shape == phantom.mask.shape == (size, size)
    assert phantom.image.dtype == np.uint8 and phantom.mask.dtype == bool
    assert np.ptp(phantom.image) > 100
    assert phantom.mask.any() == (finding != "normal")


def test_the_generator_state_decides_every_pixel():
    first, again, other = (radiograph(np.random.default_rng(seed), "viral", 64) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.image, again.image)
    np.testing.assert_array_equal(first.mask, again.mask)
    assert (first.image != other.image).mean() > 0.5


def test_the_mask_is_where_the_same_film_without_the_opacity_is_darker():
    rng = np.random.default_rng(8)
    chest = draw_anatomy(rng)
    opacity = draw_opacity(rng, chest, "bacterial")
    ill, well = (expose(np.random.default_rng(4), chest, rows, 128) for rows in (opacity, opacity[:0]))
    added = ill.image.astype(int) - well.image
    assert added[ill.mask].min() >= 7 and added[~ill.mask].max() <= 9  # 8, give or take the rounding to grey levels
    assert added.min() >= 0


def test_opacities_lie_in_the_lungs():
    for finding in ("bacterial", "viral"):
        for k in range(6):
            rng = np.random.default_rng(k)
            chest = draw_anatomy(rng)
            exposure = np.random.default_rng(k)
            mask = expose(exposure, chest, draw_opacity(rng, chest, finding), 96).mask
            view = np.random.default_rng(k)
            air = lungs(chest, *grid(96, tuple(view.uniform(-0.06, 0.06, 2)), view.uniform(0.92, 1.08)))
            assert air[mask].min() > 0.02


def test_a_consolidation_is_focal_and_on_one_side_and_viral_patches_are_diffuse_and_on_both():
    centre_to_side = 0.1 * 96
    for phantom in phantoms("bacterial", 12):
        parts, n_parts = label(phantom.mask)
        assert np.bincount(parts.ravel())[1:].max() > 0.6 * phantom.mask.sum(), n_parts
        columns = np.flatnonzero(phantom.mask.any(axis=0)) - 48
        assert (columns > -centre_to_side).all() or (columns < centre_to_side).all()
    viral = phantoms("viral", 12)
    assert np.median([label(phantom.mask)[1] for phantom in viral]) >= 5
    for phantom in viral:
        left, right = phantom.mask[:, :48].sum(), phantom.mask[:, 48:].sum()
        assert min(left, right) > 0.1 * phantom.mask.sum()


def test_the_heart_is_on_the_right_of_the_film():
    """Averaged over patients, more of the lower lung field is covered on the patient's left."""
    mean = np.mean([p.image for p in phantoms("normal", 20)], axis=0)
    lower = mean[55:64]
    assert lower[:, 52:66].mean() > lower[:, 30:44].mean() + 20


def test_mean_brightness_alone_does_not_give_the_finding_away():
    normal, ill = phantoms("normal", 80, 48), phantoms("bacterial", 40, 48) + phantoms("viral", 40, 48)
    brightness = [p.image.mean() for p in normal + ill]
    assert roc_auc_score([0] * 80 + [1] * 80, brightness) < 0.7


def test_spots_are_sums_of_round_gaussians():
    x, y = grid(8)
    rows = np.array([[0.1, -0.2, 0.3, 2.0], [-0.5, 0.4, 0.2, -1.0]])
    golden = sum(w * np.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * r**2)) for a, b, r, w in rows)
    np.testing.assert_allclose(spots(x, y, rows), golden, atol=1e-6)


def test_grid_holds_pixel_centres():
    x, y = grid(4, shift=(0.25, 0.0), zoom=2.0)
    np.testing.assert_allclose(x[0], [-0.5, -0.25, 0.0, 0.25])
    np.testing.assert_allclose(y[:, 0], [-0.375, -0.125, 0.125, 0.375])


def test_unknown_finding_and_tiny_size_are_named():
    with pytest.raises(InputError, match=r"'fungal'.*normal, bacterial, viral"):
        radiograph(np.random.default_rng(0), "fungal")
    with pytest.raises(InputError, match="31 pixels"):
        radiograph(np.random.default_rng(0), "normal", 31)


def test_folder_has_kaggles_layout_and_shares(folder):
    table = parse(images(folder))
    assert len(table) == 60
    assert table["subtype"].value_counts().to_dict() == {"NORMAL": 24, "BACTERIAL": 24, "VIRAL": 12}
    assert table["split_folder"].value_counts().to_dict() == {"train": 48, "test": 12}
    assert (table["class_name"] == table["subtype"].map({"NORMAL": "NORMAL"}).fillna("PNEUMONIA")).all()


def test_no_patient_is_in_both_splits_and_some_have_two_films(folder):
    table = parse(images(folder))
    table["person"] = table["patient_id"].str.split("/").str[-1]
    assert table.groupby("person")["split_folder"].nunique().max() == 1
    films = table.groupby("person").size()
    assert set(films) == {1, 2} and 3 <= (films == 2).sum() <= 20


def test_two_films_of_a_patient_differ_but_show_the_same_opacity(folder):
    table = parse(images(folder)).assign(path=images(folder))
    pairs = table[table["subtype"] != "NORMAL"].groupby("patient_id")["path"].apply(list)
    pairs = pairs[pairs.str.len() == 2]
    assert len(pairs)
    for first, second in pairs:
        films = [np.asarray(Image.open(folder / p)).astype(int) for p in (first, second)]
        masks = [np.asarray(Image.open(folder / "masks" / p.replace(".jpeg", ".png"))) > 0 for p in (first, second)]
        assert (films[0] != films[1]).mean() > 0.5
        centres = [np.argwhere(m).mean(axis=0) for m in masks]
        assert np.abs(centres[0] - centres[1]).max() < 0.12 * 64


def test_every_pneumonia_has_a_mask_of_0_and_255(folder):
    ill = [p for p in images(folder) if "PNEUMONIA" in p]
    masks = sorted(str(p.relative_to(folder / "masks")) for p in (folder / "masks").rglob("*.png"))
    assert masks == [p.replace(".jpeg", ".png") for p in ill]
    for name in masks:
        picture = Image.open(folder / "masks" / name)
        assert picture.size == (64, 64) and set(np.unique(picture)) == {0, 255}


def test_encoding_is_the_same_for_every_class(folder):
    headers = {(p.mode, p.size, str(p.quantization)) for p in (Image.open(folder / name) for name in images(folder))}
    assert len(headers) == 1


def test_same_seed_same_bytes_and_another_seed_another_set(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_phantoms(tmp_path / name, n=12, seed=seed, size=48)
    a, b, c = (digests(tmp_path / name) for name in "abc")
    assert a == b
    assert not set(a.values()) & set(c.values())


def test_the_smallest_set_has_every_finding_in_both_splits(tmp_path):
    write_phantoms(tmp_path / "set", n=12, size=32)
    table = parse(images(tmp_path / "set"))
    assert table.groupby("split_folder")["subtype"].nunique().to_dict() == {"train": 3, "test": 3}


def test_progress_counts_every_image(tmp_path):
    calls = []
    write_phantoms(tmp_path, n=12, size=32, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(k, 12) for k in range(1, 13)]
    assert {p.name for p in tmp_path.iterdir()} == {"train", "test", "masks"}, "an existing empty folder is used"


def test_bad_requests_write_nothing(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "note.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for dest, options in (("new", {"n": 11}), ("full", {}), ("file", {}), ("new", {"seed": -1}), ("new", {"size": 8})):
        with pytest.raises(InputError):
            write_phantoms(tmp_path / dest, **options)
    assert {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*")} == {"full", "full/note.txt", "file"}


def test_an_interrupted_writing_leaves_nothing(tmp_path):
    def stop(done, total):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_phantoms(tmp_path / "set", n=12, size=32, progress=stop)
    assert list(tmp_path.iterdir()) == []
