"""Which of several sets of images a table of predictions is about."""

import pandas as pd
import pytest

from core.external import known_images
from core.external.known_images import Reference, fitting


def reference(title, ids, test=2):
    split = ["test"] * test + ["train"] * (len(ids) - test)
    return Reference(title, "f", pd.DataFrame({"sample_id": ids, "split": split, "class_name": "NORMAL", "subtype": None}))


@pytest.fixture
def asked(monkeypatch):
    """The titles of the references that were asked, in order, once for each column."""
    asked, ask = [], known_images._n_known
    monkeypatch.setattr(known_images, "_n_known", lambda reference, names: asked.append(reference.title) or ask(reference, names))
    return asked


ONE, OTHER = ["x/a.png", "x/b.png", "x/c.png"], ["x/d.png", "x/e.png", "x/f.png"]


def test_the_images_that_most_rows_name_count_and_the_first_of_equals(asked):
    table = pd.DataFrame({"file": ["d.png", "e.png"], "score": [0.1, 0.9]})
    references = [reference("one", ONE), reference("first", OTHER), reference("second", OTHER)]
    assert fitting(references, table).title == "first"
    assert asked == ["one", "one", "first", "first"], "the same images are asked once, for each of two columns"


def test_images_of_another_split_are_other_images(asked):
    table = pd.DataFrame({"file": ["a.png", "c.png"]})
    assert fitting([reference("two in test", ONE), reference("all in test", ONE, 3)], table).title == "all in test"
    assert asked == ["two in test", "all in test"]


def test_a_table_without_columns_fits_the_first():
    assert fitting([reference("one", ONE), reference("other", OTHER)], pd.DataFrame()).title == "one"
