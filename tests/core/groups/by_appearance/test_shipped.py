"""The groups that come with the index: of just its images, of every number, without pixels and without heavy libraries."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.audit.look import look_gives_class
from core.datasets.sources.shipped import open_shipped
from core.groups import groups_at_hand, open_groups, summarise
from core.groups.by_appearance import backbone, shipped
from core.groups.by_appearance.at_hand import content_of
from core.groups.by_appearance.kept import MEASURED, Kept, keep, made_from


@pytest.fixture(scope="module")
def index():
    return open_shipped()


def test_they_are_of_just_the_images_of_the_index(index):
    table, best, stability = shipped._shipped()
    assert sorted(table["sample_id"]) == sorted(index.samples["sample_id"])
    assert 4 <= best <= 12 and 0.5 < stability < 1 and table["sharpness"].notna().all()
    content = shipped.FILE.read_bytes()
    assert len(content) < 200_000 and not any(word in content for word in (b"/home", b"/work", b"/root", b"/Users"))


@pytest.mark.parametrize("k", [2, 8, 20])
def test_every_number_is_there_with_its_medoids(index, k):
    grouping = open_groups(index, k=k)
    train = (index.samples["split"] == "train").to_numpy()
    sizes = np.bincount(grouping.codes[train], minlength=k)
    assert grouping.k == k and (sizes > 0).all() and (np.diff(sizes) <= 0).all()
    medoids = grouping.medoids(index.samples["sample_id"].to_numpy())
    assert all(len(names) == 6 and all(name.startswith("train/") for name in names) for names in medoids)


def test_what_they_show(index):
    """Groups of hardly any normal films beside groups of hardly anything else: known of this set, whatever the number of groups."""
    grouping = open_groups(index)
    summary = summarise(index, grouping)
    assert summary.cramers_v.low > 0.6 and summary.auc.value > 0.88 and summary.shift.by_chance < 0.08 < summary.shift.distance
    train = summary.counts[summary.counts["split"] == "train"].pivot(index="group", columns="class_name", values="n")
    normal = train["NORMAL"] / train.sum(axis=1)
    assert normal.min() < 0.02 and normal.max() > 0.8 and train.to_numpy().sum() == 5216
    assert look_gives_class(index).severity == "high"


def test_a_copy_of_the_set_has_them_where_no_weights_are_at_hand(index, tmp_path, monkeypatch):
    """The command once measured other groups there, and the page showed those from then on."""
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path))
    monkeypatch.setattr(backbone, "weights_key", lambda: None)
    copy = dataclasses.replace(index, root=tmp_path, read_path=lambda path: np.zeros((8, 8), np.uint8))
    assert copy.has_pixels and shipped.is_known(copy)
    ours = np.zeros(len(index.samples), dtype=int)
    keep(Kept(ours, ours, 4, 0.9, made_from(content_of(copy), MEASURED, MEASURED, None)))
    for found in (open_groups(copy), groups_at_hand(copy)):
        np.testing.assert_array_equal(found.codes, open_groups(index).codes)


def test_other_data_without_pixels_are_not_taken_for_the_index(index, tabled):
    assert shipped.is_shipped(index) and not shipped.is_shipped(tabled())
    part = dataclasses.replace(index, samples=index.samples.iloc[:50])
    assert open_groups(part).k == open_groups(index).k
    np.testing.assert_array_equal(open_groups(part).codes, open_groups(index).codes[:50])
    assert shipped.shipped_sharpness(tabled()).isna().all()
