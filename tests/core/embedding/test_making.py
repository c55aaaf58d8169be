import numpy as np
import pandas as pd
import pytest

from core.datasets.dataset import Dataset
from core.datasets.sources.shipped import open_shipped
from core.embedding import embed, embedding_at_hand
from core.embedding.kept import Embedding, keys_kept
from core.embedding.shipped import FILE
from core.errors import InputError
from core.files import cache_dir
from core.groups import groups_at_hand
from core.groups.by_appearance.kept import TABLE

MODULE = "core.embedding.making.lay_out"


@pytest.fixture
def brightness():
    return np.repeat([60.0, 200.0], 15) + np.random.default_rng(1).normal(0, 3, 30)


def test_a_map_is_made_once_for_the_content_whatever_the_labels(tabled, brightness, monkeypatch):
    dataset = tabled(brightness)
    assert embedding_at_hand(dataset) is None
    first = embed(dataset)
    dark, bright = first.places[:15].astype(float), first.places[15:].astype(float)
    between = np.linalg.norm(dark.mean(axis=0) - bright.mean(axis=0))
    assert first.look == TABLE and between > max(np.linalg.norm(part.std(axis=0)) for part in (dark, bright)) * 2
    monkeypatch.setattr(MODULE, lambda *arguments: pytest.fail("made again"))
    relabelled = tabled(brightness, class_name="NORMAL")
    for again in (embed(relabelled), embedding_at_hand(relabelled)):
        assert np.array_equal(again.places, first.places) and again.key == first.key


def test_a_broken_file_is_no_map(tabled, brightness):
    dataset = tabled(brightness)
    first = embed(dataset)
    (file,) = cache_dir("embedding").glob("*.npz")
    file.write_bytes(b"PK broken")
    assert keys_kept(dataset.fingerprint) == [TABLE] and embedding_at_hand(dataset) is None
    assert np.array_equal(embed(dataset).places, first.places)


def test_what_nothing_is_known_of_is_refused(tabled):
    unmeasured = tabled([pd.NA] * 4, std_intensity=pd.NA, rim_mean=pd.NA, rim_black=pd.NA, letters=pd.NA)
    with pytest.raises(InputError, match="neither pixels nor measured facts"):
        embed(unmeasured)
    nothing = Dataset("none", None, unmeasured.samples.iloc[:0], unmeasured.unreadable, None)
    with pytest.raises(InputError, match="no images"):
        embed(nothing)


def test_the_shipped_map_is_small_and_tells_the_appearance_groups_apart():
    """Groups by k-means of the same features, made without the map: films near each other on it are mostly of one group."""
    from sklearn.neighbors import NearestNeighbors

    dataset = open_shipped()
    embedding = embedding_at_hand(dataset)
    assert FILE.stat().st_size < 80_000 and embedding.places.shape == (5840, 2) and embedding.look == "backbone"
    near = NearestNeighbors(n_neighbors=10).fit(embedding.places).kneighbors(return_distance=False)
    codes = groups_at_hand(dataset).codes
    assert (codes[near] == codes[:, None]).mean() > 0.7
    assert embed(dataset).key == embedding.key
    fewer = Dataset("fewer", None, dataset.samples.iloc[1:], dataset.unreadable, None)
    assert embedding_at_hand(fewer) is None


def test_the_sentence_says_of_how_many_it_was_made():
    few, many = (Embedding(np.zeros((n, 2), np.uint16), TABLE).made_from for n in (100, 20_000))
    assert few.startswith("t-SNE by the brightness") and "6,000 of the 20,000 images" in many
