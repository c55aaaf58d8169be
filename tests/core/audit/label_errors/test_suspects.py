"""Planted label flips come first; only held-out images of fit models count."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.audit.label_errors import held_out, suspects
from core.errors import InputError


@pytest.fixture
def three(scored_run):
    """Three models of AUC about 0.99 on 150 validation and 150 test images."""
    return [scored_run(skill=3.5, seed=seed) for seed in range(3)]


def test_planted_flips_come_first(three, labelled):
    """15 of 300 labels flipped: the first 15 suspects hold at least 14 of them, and most models contradict nearly all."""
    ids = three[0].predictions["sample_id"]
    flipped = set(np.random.default_rng(0).choice(ids, 15, replace=False))
    dataset = labelled(three[0], flipped)
    found = suspects(dataset, held_out(dataset, three))
    assert (found.n_models, found.n_judged) == (3, 300)
    assert len(flipped & set(found.table["sample_id"][:15])) >= 14
    assert len(flipped & set(found.by_most["sample_id"])) >= 14 and len(found.by_most) <= 20
    first = found.table.iloc[0]
    assert (
        (first["votes"], first["n_models"]) == (3, 3)
        and first["p_label"] < 0.2
        and {first["label"], first["suggested"]} == {"NORMAL", "PNEUMONIA"}
    )
    assert dataset.samples["sample_id"].to_numpy()[found.rows].tolist() == found.table["sample_id"].tolist()


def test_few_votes_rank_behind_many(three, labelled):
    """Of an image that one model alone judged, one vote of one is 2/3 by the rule of succession; three of three are 4/5."""
    alone, everywhere = (three[0].predictions.loc[three[0].predictions["y_true"] == 1, "sample_id"].iloc[place] for place in (0, 1))
    for run in three[1:]:
        run.write_predictions(run.predictions[run.predictions["sample_id"] != alone])
    for run in three:
        table = run.predictions.copy()
        table.loc[table["sample_id"].isin([alone, everywhere]), ["p_NORMAL", "p_PNEUMONIA"]] = [0.0, 1.0]
        run.write_predictions(table)
    dataset = labelled(three[0], [alone, everywhere])
    table = suspects(dataset, held_out(dataset, three)).table.set_index("sample_id")
    assert table.loc[alone, ["votes", "n_models"]].tolist() == [1, 1] and table.loc[everywhere, ["votes", "n_models"]].tolist() == [3, 3]
    assert table.index.get_loc(everywhere) < table.index.get_loc(alone)


def test_the_label_of_now_is_judged_not_that_of_the_run(three, labelled):
    sample_id = three[0].predictions["sample_id"].iloc[0]
    for flipped, n in (((), 0), ((sample_id,), 1)):
        dataset = labelled(three[0], flipped)
        assert (suspects(dataset, held_out(dataset, three)).by_most["sample_id"] == sample_id).sum() == n


def test_who_has_no_say(scored_run, labelled):
    good, chance = scored_run(skill=3.5), scored_run(skill=0.0, seed=1)
    ensemble = scored_run(skill=3.5, seed=2, system="ensemble", members=(good.name, chance.name))
    other = scored_run(skill=3.5, seed=3, class_names=("cat", "dog"))
    held = held_out(labelled(good), [good, chance, ensemble, other])
    assert {part.run for part in held.scores} == {good.name}
    assert "hardly tells" in held.left_out[chance.name] and "ensemble" in held.left_out[ensemble.name]
    assert "cat, dog, not NORMAL, PNEUMONIA" in held.left_out[other.name]


def test_three_classes_are_added_up_for_two(scored_run, labelled):
    run = scored_run(skill=4.0, n_classes=3)
    held = held_out(labelled(run), [run])
    assert held.class_names == ("NORMAL", "PNEUMONIA")
    (first, _), table = held.scores, run.predictions
    validation = table[table["split"] == "val"].set_index("sample_id")
    expected = validation["p_BACTERIAL"] + validation["p_VIRAL"]
    assert first.values[:, 1] == pytest.approx(expected.to_numpy(), abs=1e-9)


def test_images_that_changed_since_do_not_count(scored_run, labelled):
    run = scored_run(skill=3.5, fingerprint="f" * 16)
    dataset = labelled(run)
    changed = dataset.samples["sample_id"].iloc[:40]
    facts = dataset.samples[["sample_id", "patient_id", "subtype", "content_hash"]].copy()
    facts.loc[facts["sample_id"].isin(changed), "content_hash"] = "another"
    run.write_split(run.predictions["sample_id"], run.predictions["split"], facts)
    found = suspects(dataset, held_out(dataset, [run]))
    assert found.n_judged == 300 - 40


def test_an_image_moved_to_the_folder_of_another_class_is_known_by_its_content(scored_run, labelled):
    run = scored_run(skill=3.5, fingerprint="f" * 16)
    before = labelled(run)
    run.write_split(
        run.predictions["sample_id"], run.predictions["split"], before.samples[["sample_id", "patient_id", "subtype", "content_hash"]]
    )
    moved = before.samples["sample_id"].str.replace("NORMAL/IM-0001-0003", "PNEUMONIA/IM-0001-0003")
    now = replace(before, samples=before.samples.assign(sample_id=moved).sort_values("sample_id", ignore_index=True))
    held = held_out(now, [run])
    assert suspects(now, held).n_judged == 300
    (part,) = (part for part in held.scores if part.split == "val")
    name = now.samples["sample_id"].to_numpy()[part.rows[3]]
    assert run.predictions["sample_id"][3] == "train/NORMAL/IM-0001-0003.jpeg" and name == "train/PNEUMONIA/IM-0001-0003.jpeg"


def test_what_was_brought_from_elsewhere_is_heard_on_test_alone(scored_run, labelled):
    run = scored_run(skill=3.5, system="imported")
    assert {part.split for part in held_out(labelled(run), [run]).scores} == {"test"}


def test_no_run_no_suspect_and_three_classes_need_names(three, labelled):
    dataset = labelled(three[0])
    found = suspects(dataset, held_out(dataset, []))
    assert (found.n_models, found.n_judged, len(found.table)) == (0, 0, 0)
    other = replace(dataset, samples=dataset.samples.assign(sample_id=dataset.samples["sample_id"] + ".png"))
    assert set(held_out(other, three).left_out.values()) == {"It was scored on other images."}
    with pytest.raises(InputError, match="bacterial from viral"):
        held_out(dataset, three, 3)
