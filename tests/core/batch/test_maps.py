"""Mean maps from sums: the same whoever adds them up, as explaining each film alone gives, and shares by hand."""

import numpy as np
import pandas as pd
import pytest

from core.batch import Options, score_files
from core.batch.maps import MeanMaps, Sums
from core.images import read_grey
from core.inference.predict import load_model
from core.saliency import explain
from core.saliency.checks.body import body_mask
from core.saliency.checks.similarity import coarse


def test_shares_and_intervals_by_hand():
    sums = sum((Sums(1, 0, np.full((28, 28), value), value, value**2) for value in (0.2, 0.4, 0.6)), Sums())
    assert sums.n == 3 and sums.mean == pytest.approx(np.full((28, 28), 0.4))
    share, low, high = sums.outside_body()
    assert share == pytest.approx(0.4) and (high - share, share - low) == pytest.approx((0.22632, 0.22632), abs=1e-4)  # 1.96 · 0.2 / √3
    assert np.isnan(Sums().outside_body()).all() and not Sums().mean.any()


def test_sums_are_read_back_the_same():
    maps = MeanMaps()
    maps.add([(("run", "NORMAL"), Sums(2, 1, np.random.default_rng(0).random((28, 28)), 0.1 + 0.2, 1 / 3))])
    again = MeanMaps.from_json(maps.to_json())
    assert all(
        np.array_equal(mine, theirs) for mine, theirs in zip(*(vars(one["run", "NORMAL"]).values() for one in (maps, again)), strict=True)
    )


def test_mean_maps_are_those_of_the_films_alone(runs, phantoms, here, small_shards, tmp_path):
    folder = phantoms / "test" / "PNEUMONIA"
    made = score_files(runs[:1], str(folder), tmp_path / "s.parquet", Options(explain="grad_cam"))
    table, model = pd.read_parquet(made.out), load_model(runs[0])
    with np.load(made.maps, allow_pickle=False) as kept:
        assert str(kept["method"]) == "grad_cam" and kept["n"].sum() + kept["n_empty"].sum() == len(table)
        for place, name in enumerate(kept["class"]):
            maps, outside = [], []
            for path in table.loc[table["label"] == name, "path"]:
                grey = read_grey(path, 48)
                heatmap = explain(model, grey, "grad_cam", runs[0].config.class_names.index(str(name))).heatmap
                maps.append(coarse(heatmap))
                outside.append(heatmap[~body_mask(grey)].sum() / heatmap.sum())
            assert kept["mean"][place] == pytest.approx(np.mean(maps, axis=0), abs=1e-5)
            assert kept["outside_body"][place, 0] == pytest.approx(np.mean(outside), abs=1e-5)
            assert made.looks[place]["n"] == len(maps) and made.looks[place]["class"] == name
