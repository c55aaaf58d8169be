"""The group that a training film is in, by the name that a user gave it."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from core.groups import Grouping
from dashboard.components.inspect import nearest_training_images as nearest


def test_a_group_is_told_with_the_name_that_a_user_gave_it(monkeypatch):
    films = pd.DataFrame({"sample_id": ["train/a.jpeg", "train/b.jpeg"]})
    grouping = Grouping("appearance", "Appearance", ("Group 1", "Group 2", "Group 3"), np.array([2, 0]), np.array([1, 1]), "by hand")
    monkeypatch.setattr(nearest.state, "dataset", lambda wait: SimpleNamespace(samples=films, digest="two films by hand"))
    monkeypatch.setattr(nearest, "groups_at_hand", lambda dataset: grouping)
    monkeypatch.setattr(nearest, "names_of", lambda dataset, grouping: {2: "portable"})
    told = [nearest.group_of(sample_id) for sample_id in (*films["sample_id"], "train/elsewhere.jpeg")]
    assert told == ["group 3 of 3 by appearance (portable)", "group 1 of 3 by appearance", ""]


def test_without_groups_no_group_is_told(monkeypatch):
    films = pd.DataFrame({"sample_id": ["train/a.jpeg"]})
    unknown = SimpleNamespace(samples=films, digest="a film in no group")
    monkeypatch.setattr(nearest.state, "dataset", lambda wait: unknown)
    monkeypatch.setattr(nearest, "open_shipped", lambda: unknown)
    monkeypatch.setattr(nearest, "groups_at_hand", lambda dataset: None)
    assert nearest.group_of("train/a.jpeg") == ""
